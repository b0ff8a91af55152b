// OpenPGP packet framing (RFC 4880 §4.2, §4.3), nothing of what is inside. Our own, because the shape of the
// message is our rule: openpgp.js forgives what GPGME, x/crypto and we must agree to refuse.
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';

export const TAG = {
  /** Not OpenPGP's: what readPackets calls bytes after a packet that start no packet. */
  garbage: -1,
  encryptedSessionKey: 1,
  signature: 2,
  symmetricSessionKey: 3,
  onePass: 4,
  secretKey: 5,
  publicKey: 6,
  secretSubkey: 7,
  compressed: 8,
  encrypted: 9,
  literal: 11,
  userId: 13,
  publicSubkey: 14,
  userAttribute: 17,
  encryptedIntegrity: 18,
  encryptedAead: 20,
} as const;

export type Packet = {
  readonly tag: number;
  readonly body: Uint8Array;
  /** How the length was given: only data packets may be `partial` or `rest` (to the end of the input). */
  readonly length: 'definite' | 'partial' | 'rest';
};

/**
 * All packets of `untrustedBytes`; bytes that are none behind the third, or behind a compressed one, become one of
 * TAG.garbage, because then the message itself may be whole. Throws SIGNATURE_TRUNCATED or SIGNATURE_MALFORMED.
 */
export function readPackets(untrustedBytes: Uint8Array, limit: number = LIMITS.packets): Packet[] {
  const packets: Packet[] = [];
  const cursor = { bytes: untrustedBytes, at: 0 };
  while (cursor.at < untrustedBytes.length) {
    if (packets.length === limit) throw malformed(`more than ${limit} packets`);
    const start = cursor.at;
    try {
      packets.push(readPacket(cursor));
    } catch (error) {
      if (packets.length < 3 && packets[0]?.tag !== TAG.compressed) throw error;
      return [...packets, { tag: TAG.garbage, body: untrustedBytes.subarray(start), length: 'rest' }];
    }
  }
  return packets;
}

type Cursor = { readonly bytes: Uint8Array; at: number };

function readPacket(cursor: Cursor): Packet {
  const header = number(cursor, 1);
  if ((header & 0x80) === 0) throw malformed(`byte ${cursor.at - 1} starts no packet`);
  if ((header & 0x40) !== 0) return newFormat(cursor, header & 0x3f);
  const tag = (header >> 2) & 0x0f;
  const size = header & 0x03;
  if (size === 3) return { tag, body: take(cursor, cursor.bytes.length - cursor.at), length: 'rest' };
  return { tag, body: take(cursor, number(cursor, 2 ** size)), length: 'definite' };
}

function newFormat(cursor: Cursor, tag: number): Packet {
  const parts: Uint8Array[] = [];
  for (;;) {
    const first = number(cursor, 1);
    if (first >= 224 && first < 255) {
      parts.push(take(cursor, 2 ** (first & 0x1f)));
      if (parts.length > cursor.bytes.length / 64 + 64) throw malformed('a packet in absurdly many parts');
      continue;
    }
    parts.push(take(cursor, newLength(cursor, first)));
    if (parts.length === 1) return { tag, body: parts[0] as Uint8Array, length: 'definite' };
    return { tag, body: Buffer.concat(parts), length: 'partial' };
  }
}

function newLength(cursor: Cursor, first: number): number {
  if (first < 192) return first;
  if (first < 224) return ((first - 192) << 8) + number(cursor, 1) + 192;
  return number(cursor, 4);
}

function number(cursor: Cursor, octets: number): number {
  let value = 0;
  for (const octet of take(cursor, octets)) value = value * 256 + octet;
  return value;
}

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length;
  if (end > cursor.bytes.length)
    throw truncated(`a packet announces ${length} bytes and ${cursor.bytes.length - cursor.at} are left`);
  const part = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return part;
}

export function malformed(why: string): AppError {
  return new AppError('SIGNATURE_MALFORMED', `not a well-formed OpenPGP message: ${why}; sign again with gpg --sign`);
}

export function truncated(why: string): AppError {
  return new AppError('SIGNATURE_TRUNCATED', `the signature is cut short: ${why}; copy the whole file`);
}
