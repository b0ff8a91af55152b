// Bytes as they were stored. SQLite notices damage to its own pages, not to what is written in them: a sector gone bad in
// the middle of a signature would be served, and stop every pull of the image with a message about a bad signature.
import { hash } from 'node:crypto';
import { AppError } from '../domain/errors.ts';

/** Of a SHA-256, which stands before the bytes it is of. */
export const HASH_BYTES = 32;

/** The hash in hex. Throws STORE_CORRUPT unless it is that of the bytes behind it: about a microsecond for a signature. */
export function requireIntact(hashed: Buffer): string {
  const stored = hashed.toString('hex', 0, HASH_BYTES);
  if (hash('sha256', hashed.subarray(HASH_BYTES), 'hex') !== stored)
    throw new AppError(
      'STORE_CORRUPT',
      'the database is damaged: a signature is not as it was stored; restore a backup',
    );
  return stored;
}
