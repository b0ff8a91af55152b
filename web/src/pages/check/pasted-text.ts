// Pasted text as bytes: base64 is decoded, armor stays what it is, so that the store refuses it as it would an upload.

export type Pasted = { readonly bytes: Blob } | { readonly fault: string };

export const isArmored = (text: string) => /^\s*-----BEGIN PGP /.test(text);

export function readPasted(text: string): Pasted {
  if (isArmored(text)) return { bytes: new Blob([text]) };
  const compact = text.replace(/\s+/g, '');
  if (compact === '') return { fault: 'Paste a signature first.' };
  if (/[^A-Za-z0-9+/=_-]/.test(compact)) return { fault: 'This is not base64. Make it with `base64 FILE`.' };
  const bytes = decode(compact.replaceAll('-', '+').replaceAll('_', '/'));
  return bytes === null ? { fault: 'This is base64 that was cut or damaged. Copy all of it.' } : { bytes };
}

function decode(base64: string): Blob | null {
  try {
    const binary = atob(base64);
    return new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))]);
  } catch {
    return null;
  }
}
