// The costliest key files within the limits: what an admin can be talked into registering.
import { createHash } from 'node:crypto';
import { LIMITS } from '../../server/domain/limits.ts';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import {
  integer,
  KEY_CREATED,
  makeKeys,
  type PublicKey,
  type SigningKey,
  signatureBody,
  subpacket,
} from '../fuzz/signing-key.ts';
import { bigEndian, packet } from '../openpgp/packet-writing.ts';
import type { Case } from './worst-signatures.ts';

const FILE = LIMITS.keyFileBytes;
const MOST = LIMITS.selfSignaturesPerKey;

const framed = (body: Buffer) => Buffer.concat([Buffer.of(0x99), bigEndian(body.length, 2), body]);

function certification(key: SigningKey, userId: Buffer, created: number): Buffer {
  const content = Buffer.concat([framed(key.body), Buffer.of(0xb4), bigEndian(userId.length, 4), userId]);
  const hashed = Buffer.concat([subpacket(2, bigEndian(created, 4)), subpacket(27, Buffer.of(3))]);
  return packet(
    2,
    signatureBody({ key, type: 0x13, hashAlgorithm: 8, content, hashed, unhashed: subpacket(16, key.keyId) }),
  );
}

/** Real ones all, each a second newer. */
function certified(key: SigningKey, userIds: number, signatures: number): Buffer {
  const each = Math.floor(signatures / userIds);
  const parts = Array.from({ length: userIds }, (_, index) => {
    const userId = Buffer.from(`${index} <${index}@example.com>`);
    const made = Array.from({ length: each }, (_, second) => certification(key, userId, KEY_CREATED + 1 + second));
    return Buffer.concat([packet(13, userId), ...made]);
  });
  return Buffer.concat([packet(6, key.body), ...parts]);
}

function boundSubkeys(key: SigningKey, count: number, signatures: number): Buffer {
  const userId = Buffer.from('x <x@example.com>');
  const parts = [packet(6, key.body), packet(13, userId), certification(key, userId, KEY_CREATED)];
  for (let index = 0; index < count; index++) {
    // Its own numbers again, younger by a second: another key by its fingerprint.
    const createdAt = bigEndian(KEY_CREATED + 1 + index, 4);
    const body = Buffer.concat([Buffer.of(4), createdAt, key.body.subarray(5)]);
    const content = Buffer.concat([framed(key.body), framed(body)]);
    const hashed = Buffer.concat([subpacket(2, createdAt), subpacket(27, Buffer.of(2))]);
    const unhashed = subpacket(16, key.keyId);
    const binding = packet(2, signatureBody({ key, type: 0x18, hashAlgorithm: 8, content, hashed, unhashed }));
    const each = Math.floor((signatures - 1) / count);
    parts.push(packet(14, body), ...Array.from({ length: each }, () => binding));
  }
  return Buffer.concat(parts);
}

/** Numbers of any size, and signatures that are checked and do not hold: it must not take long to find that out. */
function hugeNumbers(algorithm: number, bits: number, exponentBits = 32): Buffer {
  const number = (size: number, first = 0xa7) =>
    integer(Buffer.concat([Buffer.of(first), Buffer.alloc(size / 8 - 1, 0xa7)]));
  const small = number(bits, 0x17);
  const numbers = algorithm === 17 ? [number(bits), number(bits), small, small] : [number(bits), number(exponentBits)];
  const body = Buffer.concat([Buffer.of(4), bigEndian(KEY_CREATED, 4), Buffer.of(algorithm), ...numbers]);
  const fingerprint = createHash('sha1').update(framed(body)).digest();
  const sign = () => (algorithm === 17 ? Buffer.concat([small, small]) : small);
  const key = { name: 'huge', algorithm, body, fingerprint, keyId: fingerprint.subarray(12), sign };
  return certified(key, 1, Math.min(MOST, Math.floor((FILE - 8 * body.length) / (small.length * 2 + 100))));
}

export async function worstKeys(): Promise<readonly Case[]> {
  const [rsa, ecdsa, edwards] = makeKeys('worst cases') as [PublicKey, PublicKey, PublicKey];
  const signer = (key: PublicKey) => key.signers[0] as SigningKey;
  const files: Readonly<Record<string, () => Buffer>> = {
    'an ordinary key': () => Buffer.from(rsa.publicKey),
    'ten thousand user ids': () =>
      Buffer.concat([
        packet(6, signer(rsa).body),
        ...Array.from({ length: 10_000 }, (_, index) => packet(13, Buffer.from(`user ${index}`))),
      ]),
    '250 user ids, RSA as many certifications as may be': () => certified(signer(rsa), 250, MOST),
    '250 user ids, Ed25519 as many certifications as may be': () => certified(signer(edwards), 250, MOST),
    'one user id, ECDSA as many certifications as may be': () => certified(signer(ecdsa), 1, MOST),
    'one user id, Ed25519 as many certifications as may be': () => certified(signer(edwards), 1, MOST),
    '50 subkeys, Ed25519 as many bindings as may be': () => boundSubkeys(signer(edwards), 50, MOST),
    '50 subkeys, RSA as many bindings as may be': () => boundSubkeys(signer(rsa), 50, MOST),
    'one certification too many': () => certified(signer(edwards), 1, MOST + 1),
    'RSA of 8192 bits': () => hugeNumbers(1, 8_192, 32),
    'RSA of 16384 bits': () => hugeNumbers(1, 16_384, 32),
    'RSA of 16384 bits, exponent of as many': () => hugeNumbers(1, 16_384, 16_384),
    'RSA of 3072 bits, exponent of as many': () => hugeNumbers(1, 3_072, 3_072),
    'DSA of 8192 bits': () => hugeNumbers(17, 8_192),
    'RSA of 65528 bits': () => hugeNumbers(1, 65_528, 32),
    'twenty thousand empty packets': () =>
      Buffer.concat([packet(6, signer(rsa).body), Buffer.from('cc00'.repeat(19_000), 'hex')]),
    'two hundred keys': () => Buffer.concat(Array.from({ length: 200 }, () => edwards.publicKey)),
  };
  return Object.entries(files).map(([what, make]) => ({
    what,
    prepare: async () => {
      const bytes = make();
      return () => readKeyFile(bytes);
    },
  }));
}
