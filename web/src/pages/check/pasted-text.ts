// Pasted text as bytes: base64 is decoded, armor stays what it is, so that the store refuses it as it would an upload.

import { isPrivateFile, isPrivateText } from '../../parts/private-key.ts';
import { PRIVATE } from './candidates.ts';

export type Pasted = { readonly bytes: Blob } | { readonly fault: string };

export const isArmored = (text: string) => /^\s*-----BEGIN PGP /.test(text);

export function readPasted(text: string): Pasted {
  if (isPrivateText(text)) return { fault: PRIVATE };
  if (isArmored(text)) return { bytes: new Blob([text]) };
  const compact = text.replace(/\s+/g, '');
  if (compact === '') return { fault: 'Paste a signature first.' };
  if (/[^A-Za-z0-9+/=_-]/.test(compact)) return { fault: 'This is not base64. Make it with `base64 FILE`.' };
  const bytes = decode(compact.replaceAll('-', '+').replaceAll('_', '/'));
  if (bytes !== null && isPrivateFile(bytes)) return { fault: PRIVATE };
  return bytes === null
    ? { fault: 'This is base64 that was cut or damaged. Copy all of it.' }
    : { bytes: new Blob([bytes]) };
}

function decode(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
