// Fingerprint of an OpenPGP version 4 key: 40 upper-case hex digits, as GnuPG prints them.
import { AppError, quote } from './errors.ts';

export type Fingerprint = string & { readonly __brand: 'Fingerprint' };
/** The last 16 digits of a fingerprint: what one-pass and signature packets carry. */
export type KeyId = string & { readonly __brand: 'KeyId' };

export function parseFingerprint(text: string): Fingerprint {
  const compact = text.replace(/^0x/i, '').replaceAll(' ', '').toUpperCase();
  if (!/^[0-9A-F]{40}$/.test(compact))
    throw new AppError(
      'FINGERPRINT_INVALID',
      `a fingerprint is 40 hex digits (gpg --list-keys prints it), not ${quote(text)}`,
    );
  return compact as Fingerprint;
}

export function keyIdOf(fingerprint: Fingerprint): KeyId {
  return fingerprint.slice(-16) as KeyId;
}
