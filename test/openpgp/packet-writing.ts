// OpenPGP packets as a test needs them: right, or wrong in one place.
import { deflateRawSync } from 'node:zlib';
import { readPackets, TAG } from '../../server/openpgp/packets.ts';
import { fixture } from '../support/server.ts';

/** New format, with the shortest length that fits. */
export function packet(tag: number, body: Uint8Array): Buffer {
  const { length } = body;
  if (length < 192) return Buffer.concat([Buffer.of(0xc0 | tag, length), body]);
  if (length < 8384)
    return Buffer.concat([Buffer.of(0xc0 | tag, 192 + ((length - 192) >> 8), (length - 192) & 255), body]);
  return Buffer.concat([Buffer.of(0xc0 | tag, 255), bigEndian(length, 4), body]);
}

/** Old format; 0 octets of length: to the end of the input. */
export function oldPacket(tag: number, body: Uint8Array, octets: 0 | 1 | 2 | 4): Buffer {
  const kind = { 1: 0, 2: 1, 4: 2, 0: 3 }[octets];
  return Buffer.concat([Buffer.of(0x80 | (tag << 2) | kind), bigEndian(body.length, octets), body]);
}

/** New format in parts of 2**power bytes. */
export function packetInParts(tag: number, body: Uint8Array, power: number): Buffer {
  const chunks: Uint8Array[] = [Buffer.of(0xc0 | tag)];
  let at = 0;
  for (; body.length - at >= 2 ** power; at += 2 ** power)
    chunks.push(Buffer.of(224 + power), body.subarray(at, at + 2 ** power));
  return Buffer.concat([...chunks, packet(0, body.subarray(at)).subarray(1)]);
}

export function compressed(content: Uint8Array, algorithm: 0 | 1 = 1): Buffer {
  const body = algorithm === 0 ? content : deflateRawSync(content);
  return oldPacket(TAG.compressed, Buffer.concat([Buffer.of(algorithm), body]), 0);
}

export function bigEndian(value: number, octets: number): Buffer {
  return Buffer.from(
    value
      .toString(16)
      .padStart(octets * 2, '0')
      .slice(0, octets * 2),
    'hex',
  );
}

/** The bodies of a real signed message: one-pass signature, literal, signature. */
export function realMessage(): { onePass: Buffer; literal: Buffer; signature: Buffer } {
  const [onePass, literal, signature] = readPackets(fixture('signatures/rsa2048-uncompressed.sig'));
  if (!onePass || !literal || !signature) throw new Error('the fixture is not a signed message');
  const [one, lit, sig] = [onePass, literal, signature].map(({ body }) => Buffer.from(body)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return { onePass: one, literal: lit, signature: sig };
}

/** `bytes` with others from `at` on. */
export function spoilt(bytes: Uint8Array, at: number, ...other: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(other, at < 0 ? copy.length + at : at);
  return copy;
}
