// The image that signatures are meant for, as people type it.

/** Null: the image is taken from the signed claim. */
export function readTarget(text: string): string | null {
  return text.trim() === '' ? null : text.trim();
}

/** A name without a digest would be a plain file name to the store, and nothing would be compared with it. */
export function findTargetFault(text: string): string | null {
  const target = readTarget(text);
  return target === null || /.@sha256[=:]/.test(target)
    ? null
    : 'This names no image: it ends in @sha256= and 64 hex digits.';
}
