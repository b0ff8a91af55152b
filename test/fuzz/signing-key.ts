// Keys that sign mutants. Made of a seed, so that a run can be repeated to the byte, and kept nowhere; their packets are
// put together here, because a mutant needs every part of a signature in reach, self-signatures included.
import {
  checkPrimeSync,
  createECDH,
  createHash,
  createPrivateKey,
  hash,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { bigEndian, packet } from '../openpgp/packet-writing.ts';

export type SigningKey = {
  readonly name: string;
  /** By its OpenPGP number. */
  readonly algorithm: number;
  readonly fingerprint: Buffer;
  readonly keyId: Buffer;
  /** The public key packet, without its header. */
  readonly body: Buffer;
  /** The numbers of a signature over what is hashed, as OpenPGP writes them. */
  sign(signed: Uint8Array, hashAlgorithm: number): Buffer;
};

export type PublicKey = { readonly signers: readonly SigningKey[]; readonly publicKey: Buffer };

/** 2024-01-01: before any signature of theirs. */
export const KEY_CREATED = 1_704_067_200;

export const HASH_NAMES: Readonly<Record<number, string>> = {
  1: 'md5',
  2: 'sha1',
  3: 'ripemd160',
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
};

/** A multi-precision integer; leading zeros are left out. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((octet) => octet !== 0);
  const plain = first < 0 ? Buffer.alloc(0) : bytes.subarray(first);
  const bits = plain.length === 0 ? 0 : plain.length * 8 - Math.clz32(plain[0] ?? 0) + 24;
  return Buffer.concat([bigEndian(bits, 2), plain]);
}

/** RFC 4880 §5.2.3.1. */
export function subpacket(type: number, body: Uint8Array): Buffer {
  const length = body.length + 1;
  const head = length < 192 ? Buffer.of(length) : Buffer.of(192 + ((length - 192) >> 8), (length - 192) & 255);
  return Buffer.concat([head, Buffer.of(type), body]);
}

type Secret = { readonly algorithm: number; readonly numbers: Buffer; readonly jwk: JsonWebKey };

/** RSA, ECDSA on P-256, Ed25519, and one that signs with a subkey. */
export function makeKeys(seed: string): readonly PublicKey[] {
  const rsa = createKey('rsa', rsaSecret(`${seed} rsa`));
  const ecdsa = createKey('ecdsa', ecdsaSecret(`${seed} ecdsa`));
  const edwards = createKey('ed25519', edwardsSecret(`${seed} ed25519`));
  const primary = createKey('primary', edwardsSecret(`${seed} primary`));
  const subkey = createKey('subkey', rsaSecret(`${seed} subkey`));
  return [rsa, ecdsa, edwards]
    .map((key) => ({ signers: [key], publicKey: certificate(key) }))
    .concat([{ signers: [subkey], publicKey: certificate(primary, subkey) }]);
}

function createKey(name: string, { algorithm, numbers, jwk }: Secret): SigningKey {
  const secret = createPrivateKey({ key: jwk, format: 'jwk' });
  const body = Buffer.concat([Buffer.of(4), bigEndian(KEY_CREATED, 4), Buffer.of(algorithm), numbers]);
  const fingerprint = createHash('sha1').update(framed(body)).digest();
  const keyId = fingerprint.subarray(12);
  return { name, algorithm, fingerprint, keyId, body, sign: (signed, id) => signNumbers(secret, signed, id) };
}

function signNumbers(secret: KeyObject, signed: Uint8Array, hashAlgorithm: number): Buffer {
  const name = HASH_NAMES[hashAlgorithm] ?? 'sha256';
  if (secret.asymmetricKeyType === 'rsa') return integer(sign(name, signed, secret));
  const pair =
    secret.asymmetricKeyType === 'ec'
      ? sign(name, signed, { key: secret, dsaEncoding: 'ieee-p1363' })
      : sign(null, hash(name, signed, 'buffer'), secret);
  return Buffer.concat([integer(pair.subarray(0, 32)), integer(pair.subarray(32))]);
}

/** How a key is hashed: RFC 4880 §12.2. */
function framed(body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(0x99), bigEndian(body.length, 2), body]);
}

function certificate(primary: SigningKey, subkey?: SigningKey): Buffer {
  const userId = Buffer.from(`${primary.name} <${primary.name}@example.com>`);
  const named = Buffer.concat([framed(primary.body), Buffer.of(0xb4), bigEndian(userId.length, 4), userId]);
  const flags = subpacket(27, Buffer.of(subkey ? 1 : 3)); // certify, sign
  const parts = [packet(6, primary.body), packet(13, userId), packet(2, selfSignature(primary, 0x13, named, flags))];
  if (!subkey) return Buffer.concat(parts);
  const both = Buffer.concat([framed(primary.body), framed(subkey.body)]);
  const back = subpacket(32, selfSignature(subkey, 0x19, both, Buffer.alloc(0)));
  const bound = Buffer.concat([subpacket(27, Buffer.of(2)), back]);
  return Buffer.concat([...parts, packet(14, subkey.body), packet(2, selfSignature(primary, 0x18, both, bound))]);
}

function selfSignature(key: SigningKey, type: number, content: Buffer, more: Buffer): Buffer {
  const hashed = Buffer.concat([subpacket(2, bigEndian(KEY_CREATED, 4)), more]);
  return signatureBody({ key, type, hashAlgorithm: 8, content, hashed, unhashed: subpacket(16, key.keyId) });
}

export type SignatureParts = {
  readonly key: SigningKey;
  readonly type: number;
  readonly hashAlgorithm: number;
  readonly content: Uint8Array;
  readonly hashed: Buffer;
  readonly unhashed: Buffer;
  /** What the packet calls the algorithm, where that is not the key's. */
  readonly algorithm?: number;
};

/** Body of a version 4 signature packet (RFC 4880 §5.2.3), signed over exactly these parts. */
export function signatureBody({
  key,
  type,
  hashAlgorithm,
  content,
  hashed,
  unhashed,
  algorithm,
}: SignatureParts): Buffer {
  const head = Buffer.concat([
    Buffer.of(4, type, algorithm ?? key.algorithm, hashAlgorithm),
    bigEndian(hashed.length, 2),
    hashed,
  ]);
  const signed = Buffer.concat([content, head, Buffer.of(4, 0xff), bigEndian(head.length, 4)]);
  const start = hash(HASH_NAMES[hashAlgorithm] ?? 'sha256', signed, 'buffer').subarray(0, 2);
  return Buffer.concat([head, bigEndian(unhashed.length, 2), unhashed, start, key.sign(signed, hashAlgorithm)]);
}

function stream(seed: string, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, block) =>
    hash('sha512', `${seed} ${block}`, 'buffer'),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

function rsaSecret(seed: string): Secret {
  const e = 65_537n;
  const [p, q] = [prime(`${seed} p`, e), prime(`${seed} q`, e)];
  const [d, n] = [inverse(e, (p - 1n) * (q - 1n)), p * q];
  const numbers = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const jwk = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, octets(value).toString('base64url')]),
  );
  return {
    algorithm: 1,
    numbers: Buffer.concat([integer(octets(n)), integer(octets(e))]),
    jwk: { kty: 'RSA', ...jwk },
  };
}

function prime(seed: string, e: bigint): bigint {
  const start = stream(seed, 128);
  start[0] = (start[0] ?? 0) | 0xc0; // two of them have exactly 2048 bits
  let candidate = BigInt(`0x${start.toString('hex')}`) | 1n;
  while (candidate % e === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, before, x, former] = [value % modulus, modulus, 1n, 0n];
  while (r > 1n) {
    const quotient = before / r;
    [r, before] = [before - quotient * r, r];
    [x, former] = [former - quotient * x, x];
  }
  return ((x % modulus) + modulus) % modulus;
}

function octets(value: bigint): Buffer {
  const text = value.toString(16);
  return Buffer.from(text.padStart(text.length + (text.length % 2), '0'), 'hex');
}

function ecdsaSecret(seed: string): Secret {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(stream(seed, 32));
  const point = ecdh.getPublicKey();
  const [x, y, d] = [point.subarray(1, 33), point.subarray(33), ecdh.getPrivateKey()].map((part) =>
    part.toString('base64url'),
  );
  const curve = Buffer.from('082a8648ce3d030107', 'hex');
  return {
    algorithm: 19,
    numbers: Buffer.concat([curve, integer(point)]),
    jwk: { kty: 'EC', crv: 'P-256', x, y, d } as JsonWebKey,
  };
}

function edwardsSecret(seed: string): Secret {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), stream(seed, 32)]);
  const jwk = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(0x40), Buffer.from(jwk.x ?? '', 'base64url')]);
  const curve = Buffer.from('092b06010401da470f01', 'hex');
  return { algorithm: 22, numbers: Buffer.concat([curve, integer(point)]), jwk };
}
