// Bytes as they were stored. SQLite notices damage to its own pages, not to what is written in them: a sector gone bad in
// the middle of a signature would be served, and stop every pull of the image with a message about a bad signature.
import { hash } from 'node:crypto';
import { AppError } from '../domain/errors.ts';

/** The hash in hex. Throws STORE_CORRUPT unless it is that of the bytes: about a microsecond for a signature. */
export function requireIntact({ bytes, sha256 }: { readonly bytes: Uint8Array; readonly sha256: Buffer }): string {
  const stored = sha256.toString('hex');
  if (hash('sha256', bytes, 'hex') !== stored)
    throw new AppError(
      'STORE_CORRUPT',
      'the database is damaged: a signature is not as it was stored; restore a backup',
    );
  return stored;
}
