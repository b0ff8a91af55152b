// Real signatures in number. The key is made by openpgp.js; what it signs is put together here, as gpg writes it by
// default (compressed, SHA-512): a hundred thousand in half a minute, where a process of gpg for each takes an hour.
import { createHash, createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { generateKey } from 'openpgp';

export type Algorithm = 'rsa2048' | 'rsa4096' | 'ed25519';

/** All of it can be sent to a thread, or kept in a file. */
export type SigningKey = {
  readonly algorithm: Algorithm;
  readonly jwk: JsonWebKey;
  readonly fingerprint: string;
  readonly createdAt: number;
  /** Binary, in Base64. */
  readonly publicKey: string;
};

export async function makeSigningKey(algorithm: Algorithm): Promise<SigningKey> {
  const userIDs = [{ name: `bench ${algorithm}`, email: 'bench@example.com' }];
  const type =
    algorithm === 'ed25519' ? { type: 'ecc', curve: 'ed25519Legacy' } : { type: 'rsa', rsaBits: bitsOf(algorithm) };
  const { privateKey } = await generateKey({ ...type, userIDs, subkeys: [], format: 'object' } as Parameters<
    typeof generateKey
  >[0] & { format: 'object' });
  const { publicParams, privateParams } = privateKey.keyPacket as unknown as Record<string, Record<string, Uint8Array>>;
  const parts = { ...publicParams, ...privateParams };
  return {
    algorithm,
    jwk: algorithm === 'ed25519' ? edwardsJwk(parts) : rsaJwk(parts),
    fingerprint: privateKey.getFingerprint(),
    createdAt: Math.floor(privateKey.getCreationTime().getTime() / 1000),
    publicKey: Buffer.from(privateKey.toPublic().write()).toString('base64'),
  };
}

const bitsOf = (algorithm: Algorithm) => Number(algorithm.slice(3));

type Parts = Readonly<Record<string, Uint8Array>>;

function edwardsJwk({ Q, seed }: Parts): JsonWebKey {
  return { kty: 'OKP', crv: 'Ed25519', x: base64Url(Q?.subarray(1)), d: base64Url(seed) };
}

/** OpenPGP's u is the inverse of p, and JWK's qi that of q: so the two primes change their names. */
function rsaJwk({ n, e, d, p, q, u }: Parts): JsonWebKey {
  const exponent = BigInt(hex(d));
  const reduced = (prime: Uint8Array | undefined) => {
    const text = (exponent % (BigInt(hex(prime)) - 1n)).toString(16);
    return base64Url(Buffer.from(text.padStart(text.length + (text.length % 2), '0'), 'hex'));
  };
  const [modulus, publicExponent, privateExponent] = [n, e, d].map(base64Url) as [string, string, string];
  return {
    kty: 'RSA',
    n: modulus,
    e: publicExponent,
    d: privateExponent,
    p: base64Url(q),
    q: base64Url(p),
    dp: reduced(q),
    dq: reduced(p),
    qi: base64Url(u),
  };
}

const hex = (bytes: Uint8Array = Buffer.alloc(0)) => `0x${Buffer.from(bytes).toString('hex')}`;
const base64Url = (bytes: Uint8Array = Buffer.alloc(0)) => Buffer.from(bytes).toString('base64url');

export type Signed = {
  /** The message, as it is uploaded. */
  readonly bytes: Buffer;
  /** What the signature is over, and it: all that bare cryptography needs. */
  readonly signedData: Buffer;
  readonly signature: Buffer;
};

/** What signs `payload` at the time the key was made. */
export function createSign(key: SigningKey): (payload: Buffer) => Signed {
  const secret = createPrivateKey({ key: key.jwk, format: 'jwk' });
  const code = key.algorithm === 'ed25519' ? 22 : 1;
  const keyId = Buffer.from(key.fingerprint.slice(-16), 'hex');
  const time = uint32(key.createdAt);
  const hashed = Buffer.concat([subpacket(33, Buffer.from(`04${key.fingerprint}`, 'hex')), subpacket(2, time)]);
  const unhashed = subpacket(16, keyId);
  const head = Buffer.concat([Buffer.from([4, 0, code, 10]), uint16(hashed.length), hashed]);
  const trailer = Buffer.concat([head, Buffer.from([4, 0xff]), uint32(head.length)]);
  const onePass = Buffer.concat([Buffer.from([0x90, 13, 3, 0, 10, code]), keyId, Buffer.from([1])]);

  return (payload) => {
    const signedData = Buffer.concat([payload, trailer]);
    const digest = createHash('sha512').update(signedData).digest();
    const [signature, integers] = signDigest(secret, signedData, digest);
    const body = Buffer.concat([head, uint16(unhashed.length), unhashed, digest.subarray(0, 2), integers]);
    const literal = Buffer.concat([Buffer.from('b\0'), time, payload]);
    const packets = [
      onePass,
      Buffer.from([0xcb]),
      newLength(literal.length),
      literal,
      Buffer.from([0x89]),
      uint16(body.length),
      body,
    ];
    const compressed = deflateRawSync(Buffer.concat(packets));
    return { bytes: Buffer.concat([Buffer.from([0xa3, 1]), compressed]), signedData, signature };
  };
}

/** The signature as node:crypto knows it, and as the integers of OpenPGP. */
function signDigest(secret: KeyObject, data: Buffer, digest: Buffer): [Buffer, Buffer] {
  if (secret.asymmetricKeyType === 'rsa') {
    const signature = sign('sha512', data, secret);
    return [signature, integer(signature)];
  }
  const signature = sign(null, digest, secret);
  return [signature, Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))])];
}

function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((octet) => octet !== 0);
  const plain = bytes.subarray(first);
  return Buffer.concat([uint16(plain.length * 8 - Math.clz32(plain[0] ?? 0) + 24), plain]);
}

function subpacket(type: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([body.length + 1, type]), body]);
}

/** RFC 4880 §4.2.2, in two octets at most: a claim is short. */
function newLength(length: number): Buffer {
  return length < 192 ? Buffer.from([length]) : Buffer.from([((length - 192) >> 8) + 192, (length - 192) & 0xff]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
