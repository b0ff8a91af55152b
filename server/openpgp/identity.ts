// What makes a signature the same signature in other clothes. Compression, packet headers, file name, literal date and
// the unhashed area can be changed by anybody without the key, so an uploader could fill all places of an image with
// one signature. The first number of the signature itself (RSA's s, the nonce point of ECDSA and EdDSA) cannot.
import { hash } from 'node:crypto';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { malformed } from './packets.ts';

/** 32 bytes, equal for all encodings of one signature (RFC 4880 §5.2.3, version 4). */
export function signatureIdentity(signatureBody: Uint8Array, signingKey: Fingerprint): Uint8Array {
  const body = Buffer.from(signatureBody.buffer, signatureBody.byteOffset, signatureBody.length);
  const unhashed = 6 + number(body, 4);
  const numbers = unhashed + 2 + number(body, unhashed) + 2;
  const bytes = Math.ceil(number(body, numbers) / 8);
  let first = body.subarray(numbers + 2, numbers + 2 + bytes);
  while (first[0] === 0) first = first.subarray(1);
  return hash('sha256', Buffer.concat([Buffer.from(signingKey), first]), 'buffer');
}

function number(body: Buffer, at: number): number {
  if (at + 2 > body.length) throw malformed('the signature packet ends early');
  return body.readUInt16BE(at);
}
