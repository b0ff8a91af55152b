// The mathematics of a message signature, by the OpenSSL of Node.js: what openpgp.js asks WebCrypto for, with the key
// imported once and not for every signature, and in this thread instead of a queue of jobs. openpgp.js still reads the
// packets; test/openpgp/cryptography.test.ts holds its verdict and this one together. One difference, on purpose: it also
// takes an ECDSA signature over a hash whose leading zero byte was dropped, an old fault of its own; GnuPG does not.
import { createPublicKey, type JsonWebKey, type KeyObject, hash as oneShot, verify } from 'node:crypto';
import type { PublicKeyPacket, SignaturePacket } from 'openpgp';
import { HASHES } from './algorithms.ts';

/** Throws for a signature that the key did not make over this content. */
export type RequireMadeOver = (signature: SignaturePacket, content: Uint8Array) => void;

/** Throws for a key that OpenSSL does not take. */
export function createRequireMadeOver(packet: PublicKeyPacket): RequireMadeOver {
  const holds = createMathematics(packet);
  return (signature, content) => {
    const { issuerKeyID, publicKeyAlgorithm, signatureData, signedHashValue } = signature;
    const hash = HASHES.get(signature.hashAlgorithm ?? 0)?.name;
    if (!issuerKeyID.equals(packet.getKeyID())) throw new Error('issued by another key');
    if (publicKeyAlgorithm !== packet.algorithm) throw new Error('of another algorithm than its key');
    if (hash === undefined || !signatureData || !signedHashValue) throw new Error('of an unknown hash, or not read');
    if (signature.version !== 4 || signature.revocationKeyClass !== null) throw new Error('names a revoker');
    const signed = Buffer.concat([content, signatureData, trailer(signatureData.length)]);
    const digest = oneShot(hash, signed, 'buffer');
    if (digest[0] !== signedHashValue[0] || digest[1] !== signedHashValue[1]) throw new Error('over another content');
    if (!holds({ hash, signed, digest }, numbersOf(signature))) throw new Error('the mathematics do not hold');
  };
}

/** RFC 4880 §5.2.4, version 4. */
function trailer(length: number): Buffer {
  const bytes = Buffer.from([4, 0xff, 0, 0, 0, 0]);
  bytes.writeUInt32BE(length, 2);
  return bytes;
}

type Signed = { readonly hash: string; readonly signed: Uint8Array; readonly digest: Uint8Array };
type Numbers = { readonly r?: Uint8Array; readonly s?: Uint8Array };
type Mathematics = (signed: Signed, numbers: Numbers) => boolean;

/** The typings leave the parsed numbers of keys and signatures out. */
type PublicNumbers = { readonly n: Uint8Array; readonly e: Uint8Array; readonly Q: Uint8Array };

function numbersOf(signature: SignaturePacket): Numbers {
  return (signature as unknown as { params: Numbers }).params;
}

function createMathematics(packet: PublicKeyPacket): Mathematics {
  const { n, e, Q } = packet.publicParams as PublicNumbers;
  const { curve } = packet.getAlgorithmInfo() as { curve?: string };
  if (packet.algorithm === 1 || packet.algorithm === 3) return rsa(n, e);
  if (packet.algorithm === 19) return ecdsa(Q, CURVES.get(curve ?? ''));
  if (packet.algorithm === 22 && curve === 'ed25519Legacy') return ed25519(Q);
  throw new Error(`no mathematics for algorithm ${packet.algorithm}`);
}

function rsa(n: Uint8Array, e: Uint8Array): Mathematics {
  const key = importKey({ kty: 'RSA', n: base64(n), e: base64(e) });
  return ({ hash, signed }, { s }) => verify(hash, signed, key, padded(s, n.length));
}

type Curve = { readonly crv: string; readonly bytes: number };
const CURVES: ReadonlyMap<string, Curve> = new Map([
  ['nistP256', { crv: 'P-256', bytes: 32 }],
  ['nistP384', { crv: 'P-384', bytes: 48 }],
  ['nistP521', { crv: 'P-521', bytes: 66 }],
]);

function ecdsa(point: Uint8Array, curve: Curve | undefined): Mathematics {
  if (!curve || point[0] !== 0x04 || point.length !== 1 + 2 * curve.bytes) throw new Error('a point of a strange form');
  const { crv, bytes } = curve;
  const key = importKey({
    kty: 'EC',
    crv,
    x: base64(point.subarray(1, 1 + bytes)),
    y: base64(point.subarray(1 + bytes)),
  });
  return ({ hash, signed }, { r, s }) =>
    verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat([padded(r, bytes), padded(s, bytes)]));
}

/** Over the hash, as OpenPGP has it, and not over the content. */
function ed25519(point: Uint8Array): Mathematics {
  if (point[0] !== 0x40 || point.length !== 33) throw new Error('a point of a strange form');
  const key = importKey({ kty: 'OKP', crv: 'Ed25519', x: base64(point.subarray(1)) });
  return ({ digest }, { r, s }) => verify(null, digest, key, Buffer.concat([padded(r, 32), padded(s, 32)]));
}

function importKey(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
}

/** Multi-precision integers come without leading zeros. */
function padded(number: Uint8Array | undefined, length: number): Buffer {
  if (!number || number.length > length) throw new Error('a number of a strange length');
  const bytes = Buffer.alloc(length);
  bytes.set(number, length - number.length);
  return bytes;
}
