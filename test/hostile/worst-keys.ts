// The costliest key files within the limits: what an admin can be talked into registering.
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

const FILE = 1024 * 1024;

const framed = (body: Buffer) => Buffer.concat([Buffer.of(0x99), bigEndian(body.length, 2), body]);

function certification(key: SigningKey, userId: Buffer, created: number): Buffer {
  const content = Buffer.concat([framed(key.body), Buffer.of(0xb4), bigEndian(userId.length, 4), userId]);
  const hashed = Buffer.concat([subpacket(2, bigEndian(created, 4)), subpacket(27, Buffer.of(3))]);
  return packet(
    2,
    signatureBody({ key, type: 0x13, hashAlgorithm: 8, content, hashed, unhashed: subpacket(16, key.keyId) }),
  );
}

/** Real ones all, of one user id, each a second newer. */
function certified(key: SigningKey, userIds: number, bytes: number): Buffer {
  const parts: Buffer[] = [packet(6, key.body)];
  let size = 0;
  for (let index = 0; index < userIds && size < bytes; index++) {
    const userId = Buffer.from(`${index} <${index}@example.com>`);
    const share = Math.floor(bytes / userIds);
    parts.push(packet(13, userId));
    const one = certification(key, userId, KEY_CREATED + 1);
    for (let used = 0; used < share; used += one.length) {
      const made = certification(key, userId, KEY_CREATED + 1 + used);
      parts.push(made);
      size += made.length;
    }
  }
  return Buffer.concat(parts);
}

function boundSubkeys(key: SigningKey, count: number, bytes: number): Buffer {
  const userId = Buffer.from('x <x@example.com>');
  const parts = [packet(6, key.body), packet(13, userId), certification(key, userId, KEY_CREATED)];
  for (let index = 0; index < count; index++) {
    // Its own numbers again, younger by a second: another key by its fingerprint.
    const body = Buffer.concat([Buffer.of(4), bigEndian(KEY_CREATED + 1 + index, 4), key.body.subarray(5)]);
    const content = Buffer.concat([framed(key.body), framed(body)]);
    parts.push(packet(14, body));
    const hashed = Buffer.concat([subpacket(2, bigEndian(KEY_CREATED + 1 + index, 4)), subpacket(27, Buffer.of(2))]);
    const binding = packet(
      2,
      signatureBody({ key, type: 0x18, hashAlgorithm: 8, content, hashed, unhashed: subpacket(16, key.keyId) }),
    );
    for (let used = 0; used < bytes / count; used += binding.length) parts.push(binding);
  }
  return Buffer.concat(parts);
}

/** Numbers of any size: nothing of it verifies, and it must not take long to find that out. */
function hugeNumbers(bits: number, exponentBits: number): Buffer {
  const number = (size: number) => integer(Buffer.alloc(size / 8, 0xa7));
  const body = Buffer.concat([
    Buffer.of(4),
    bigEndian(KEY_CREATED, 4),
    Buffer.of(1),
    number(bits),
    number(exponentBits),
  ]);
  const userId = Buffer.from('x <x@example.com>');
  const keyId = Buffer.alloc(8);
  const head = Buffer.concat([Buffer.of(4, 0x13, 1, 8), bigEndian(6, 2), subpacket(2, bigEndian(KEY_CREATED, 4))]);
  const unhashed = subpacket(16, keyId);
  const signature = packet(
    2,
    Buffer.concat([head, bigEndian(unhashed.length, 2), unhashed, Buffer.of(0, 0), number(bits)]),
  );
  const rest = Math.min(200, Math.floor((FILE - 8_192) / signature.length));
  return Buffer.concat([packet(6, body), packet(13, userId), ...Array.from({ length: rest }, () => signature)]);
}

export async function worstKeys(): Promise<readonly Case[]> {
  const [rsa, ecdsa, edwards] = makeKeys('worst cases') as [PublicKey, PublicKey, PublicKey];
  const signer = (key: PublicKey) => key.signers[0] as SigningKey;
  const room = FILE - 64 * 1024;
  const files: Readonly<Record<string, () => Buffer>> = {
    'an ordinary key': () => Buffer.from(rsa.publicKey),
    'ten thousand user ids': () =>
      Buffer.concat([
        packet(6, signer(rsa).body),
        ...Array.from({ length: 10_000 }, (_, index) => packet(13, Buffer.from(`user ${index}`))),
      ]),
    '250 user ids, RSA certifications to a megabyte': () => certified(signer(rsa), 250, room),
    '250 user ids, Ed25519 certifications to a megabyte': () => certified(signer(edwards), 250, room),
    'one user id, ECDSA certifications to a megabyte': () => certified(signer(ecdsa), 1, room),
    'one user id, Ed25519 certifications to a megabyte': () => certified(signer(edwards), 1, room),
    '50 subkeys, Ed25519 bindings to a megabyte': () => boundSubkeys(signer(edwards), 50, room),
    '50 subkeys, RSA bindings to a megabyte': () => boundSubkeys(signer(rsa), 50, room),
    'RSA of 16384 bits': () => hugeNumbers(16_384, 32),
    'RSA of 16384 bits, exponent of as many': () => hugeNumbers(16_384, 16_384),
    'RSA of 3072 bits, exponent of as many': () => hugeNumbers(3_072, 3_072),
    'RSA of 65528 bits': () => hugeNumbers(65_528, 32),
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
