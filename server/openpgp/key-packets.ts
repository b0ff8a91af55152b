// The packets of a key, without openpgp.js: for whoever asks no more of a stored key than what it starts with.
import { AppError } from '../domain/errors.ts';
import { type Packet, readPackets } from './packets.ts';

/** Of a file: bounded beforehand in bytes, and afterwards in keys and what each has. */
const MOST_PACKETS = 20_000;

/** Throws KEY_INVALID. */
export function keyPackets(block: Uint8Array): Packet[] {
  try {
    return readPackets(block, MOST_PACKETS);
  } catch (cause) {
    throw new AppError('KEY_INVALID', 'not an OpenPGP public key, or cut short', { cause });
  }
}
