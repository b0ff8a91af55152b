// The shape of a signed message: exactly one one-pass signature, one literal, one signature, nothing else, in at
// most a few layers of compression (RFC 4880 §11.3; protocol.md §3.2). What this returns is well-formed and still
// untrusted: nobody has looked at the cryptography.
import { AppError } from '../domain/errors.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import { LIMITS } from '../domain/limits.ts';
import { HASHES, SIGNING_ALGORITHMS } from './algorithms.ts';
import { decompress, expands } from './decompress.ts';
import { malformed, type Packet, readPackets, TAG } from './packets.ts';
import { followed, requireOneSignedMessage, severalSigners } from './shapes.ts';
import { requireOpenPgp } from './sniff.ts';

export type UntrustedMessage = {
  readonly keyId: KeyId;
  readonly signatureType: 0 | 1;
  readonly hashAlgorithm: number;
  readonly keyAlgorithm: number;
  readonly literal: { readonly format: 'b' | 't' | 'u'; readonly data: Uint8Array };
  /** Body of the signature packet. */
  readonly signature: Uint8Array;
};

/** Throws SIGNATURE_* for everything that is not one signed message. Synchronous and bounded by LIMITS. */
export function inspect(untrustedBytes: Uint8Array): UntrustedMessage {
  requireOpenPgp(untrustedBytes);
  const [onePass, literal, signature] = requireOneSignedMessage(unwrap(untrustedBytes));
  const announced = readOnePass(onePass);
  requireSameSignature(announced, signature);
  if (!HASHES.has(announced.hashAlgorithm)) throw unsupported(`hash algorithm ${announced.hashAlgorithm}`);
  if (!SIGNING_ALGORITHMS.has(announced.keyAlgorithm))
    throw unsupported(`public-key algorithm ${announced.keyAlgorithm}`);
  const message = { ...announced, literal: readLiteral(literal), signature: signature.body };
  if (message.signatureType === 1) requireCanonicalText(message.literal.data);
  return message;
}

/** Follows compression layers to the packets of the message itself. */
function unwrap(untrustedBytes: Uint8Array): Packet[] {
  let packets = readPackets(untrustedBytes);
  for (let layer = 0; packets[0]?.tag === TAG.compressed; layer++) {
    if (layer === LIMITS.compressionLayers)
      throw new AppError(
        'SIGNATURE_NESTED',
        `compressed more than ${LIMITS.compressionLayers} times; sign again with gpg --sign`,
      );
    const [{ body }, ...rest] = packets as [Packet, ...Packet[]];
    if (rest.length > 0) throw followed(rest);
    packets = readPackets(decompress(body));
  }
  return packets;
}

type Announced = Pick<UntrustedMessage, 'keyId' | 'signatureType' | 'hashAlgorithm' | 'keyAlgorithm'>;

/** One-pass signature packet, RFC 4880 §5.4. */
function readOnePass({ body, length }: Packet): Announced {
  const [version, type, hashAlgorithm = 0, keyAlgorithm = 0] = body;
  if (length !== 'definite' || body.length !== 13 || version !== 3)
    throw unsupported(`one-pass signature version ${version}`);
  if (type !== 0 && type !== 1) throw unsupported(`signature type ${type}`);
  if (body[12] !== 1) throw severalSigners();
  const keyId = Buffer.from(body.subarray(4, 12)).toString('hex').toUpperCase() as KeyId;
  return { keyId, signatureType: type, hashAlgorithm, keyAlgorithm };
}

/** A reader may choose key and hash by either packet, so they must not differ. */
function requireSameSignature(announced: Announced, { body, length }: Packet): void {
  const [version, type, keyAlgorithm, hashAlgorithm] = body;
  if (length !== 'definite') throw malformed('a signature packet of indefinite length');
  if (version !== 4) throw unsupported(`signature version ${version}`);
  if (
    type !== announced.signatureType ||
    keyAlgorithm !== announced.keyAlgorithm ||
    hashAlgorithm !== announced.hashAlgorithm
  )
    throw malformed('the signature is of another kind than the one-pass packet announces');
}

/** Literal data packet, RFC 4880 §5.9. */
function readLiteral({ body, length }: Packet): UntrustedMessage['literal'] {
  if (length === 'rest') throw malformed('a literal packet of indeterminate length');
  const format = String.fromCharCode(body[0] ?? 0);
  if (format !== 'b' && format !== 't' && format !== 'u')
    throw unsupported(`literal data of format 0x${body[0]?.toString(16)}`);
  const start = 2 + (body[1] ?? 0) + 4; // file name and date: signed by nobody, used by nobody
  if (start > body.length) throw malformed('the literal packet ends within its header');
  if (body.length - start > LIMITS.decompressedBytes) throw expands();
  return { format, data: body.subarray(start) };
}

/**
 * A text signature covers the text with CR LF line ends. Where the bytes are not in that form already, readers differ in
 * whether they convert before hashing; GnuPG writes the form, so nothing real is lost by requiring it.
 */
function requireCanonicalText(data: Uint8Array): void {
  const text = Buffer.from(data).toString('latin1');
  if (/\r(?!\n)|(?<!\r)\n/.test(text)) throw malformed('a text signature over text without CR LF line ends');
}

function unsupported(what: string): AppError {
  return new AppError(
    'SIGNATURE_UNSUPPORTED',
    `${what} is not taken here; sign with gpg --sign and an RSA, NIST ECDSA or Ed25519 key, over SHA-256`,
  );
}
