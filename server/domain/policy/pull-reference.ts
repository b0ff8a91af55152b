// What a runtime is told to pull: an image as it stands in a pod or on a command line, with the defaults runtimes add.
import { AppError, quote } from '../errors.ts';
import { formatReference, isNameOnly, type Reference, readReference } from '../reference.ts';

export type PullReference = {
  /** With a tag or a digest, never with both: what policies are matched with. */
  readonly reference: Reference;
  /** What it was made from it, where that is not what was written. */
  readonly notes: readonly string[];
};

/** As it is written, without defaults. Throws REPOSITORY_INVALID. */
export function parseImageReference(untrustedText: string): Reference {
  const given = readReference(untrustedText.replace(/^docker:\/\//, ''));
  if (given !== null) return given;
  throw new AppError(
    'REPOSITORY_INVALID',
    `${quote(untrustedText)} is not an image such as quay.io/acme/app:v1 or quay.io/acme/app@sha256:<64 hex>`,
  );
}

/** Throws REPOSITORY_INVALID. */
export function parsePullReference(untrustedText: string): PullReference {
  const given = parseImageReference(untrustedText);
  if (isNameOnly(given))
    return { reference: written({ ...given, tag: 'latest' }), notes: ['without a tag it is latest'] };
  if (given.tag === null || given.digest === null) return { reference: written(given), notes: [] };
  const note = `with a tag and a digest, podman and CRI-O pull by digest and leave the tag ${quote(given.tag)} out; skopeo refuses such a name`;
  return { reference: written({ ...given, tag: null }), notes: [note] };
}

function written(reference: Omit<Reference, 'text'>): Reference {
  return { ...reference, text: formatReference(reference) };
}
