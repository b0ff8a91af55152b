// The bytes of one signature file.
import { readFileSync, statSync } from 'node:fs';
import { AppError } from '../../domain/errors.ts';
import { dearmor } from '../../services/dearmor.ts';

/** No client reads more (protocol.md §1.3); the limit of the store is lower still. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Throws AppError: too large, not readable, or, where armor is to be converted, damaged armor. */
export async function readSignatureFile(path: string, convertArmor: boolean): Promise<Uint8Array> {
  const content = read(path);
  return convertArmor ? dearmor(content) : content;
}

/** At once: small files, one after the other, and a detour of each through other threads takes longer than reading it. */
function read(path: string): Uint8Array {
  let size: number;
  try {
    ({ size } = statSync(path));
    if (size <= MOST_BYTES) return readFileSync(path);
  } catch (cause) {
    throw unreadable(cause);
  }
  throw new AppError('SIGNATURE_TOO_LARGE', `${size} bytes; no client reads more than ${MOST_BYTES}`);
}

/** A file or directory that is there and cannot be read; most often for want of permission. */
export function unreadable(cause: unknown): AppError {
  const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return new AppError('USAGE_INVALID', `cannot be read: ${why}`, { cause });
}
