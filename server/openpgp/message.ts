// The shape of a signed message: exactly one one-pass signature, one literal, one signature, nothing else, in at
// most a few layers of compression (RFC 4880 §11.3; protocol.md §3.2). What this returns is well-formed and still
// untrusted: nobody has looked at the cryptography.
import { AppError } from '../domain/errors.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import { LIMITS } from '../domain/limits.ts';
import { decompress } from './decompress.ts';
import { malformed, type Packet, readPackets, TAG } from './packets.ts';
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
  const message = { ...announced, literal: readLiteral(literal), signature: signature.body };
  if (message.signatureType === 1) requireCanonicalText(message.literal.data);
  return message;
}

/** Follows compression layers to the packets of the message itself. */
function unwrap(untrustedBytes: Uint8Array): Packet[] {
  let packets = readPackets(untrustedBytes);
  for (let layer = 0; packets[0]?.tag === TAG.compressed; layer++) {
    if (layer === LIMITS.compressionLayers)
      throw new AppError('SIGNATURE_NESTED', `compressed more than ${LIMITS.compressionLayers} times; sign again with gpg --sign`);
    if (packets.length > 1) throw followed(packets.slice(1));
    packets = readPackets(decompress(packets[0].body));
  }
  return packets;
}

const { onePass, literal, signature } = TAG;

/** Shapes that are not one signed message, the most telling first. */
const OTHER_SHAPES: readonly { tags: readonly number[]; refusal: () => AppError }[] = [
  { tags: [], refusal: () => new AppError('SIGNATURE_TRUNCATED', 'the message is empty; copy the whole file') },
  { tags: [TAG.encryptedSessionKey], refusal: encrypted },
  { tags: [TAG.symmetricSessionKey], refusal: encrypted },
  { tags: [TAG.encrypted], refusal: encrypted },
  { tags: [TAG.encryptedIntegrity], refusal: encrypted },
  { tags: [TAG.encryptedAead], refusal: encrypted },
  {
    tags: [signature, literal],
    refusal: () =>
      new AppError(
        'SIGNATURE_NOT_ONE_PASS',
        'the signature packet stands before the data, a form some runtimes take for unsigned; sign with gpg --sign',
      ),
  },
  {
    tags: [signature],
    refusal: () =>
      new AppError('SIGNATURE_DETACHED', 'a detached signature, without the claim it signs; use gpg --sign, not --detach-sign'),
  },
  {
    tags: [literal],
    refusal: () => new AppError('SIGNATURE_UNSIGNED', 'an OpenPGP message that nobody signed; use gpg --sign, not --store'),
  },
  {
    tags: [onePass, onePass],
    refusal: () =>
      new AppError('SIGNATURE_SEVERAL_SIGNERS', 'signed by several keys at once; sign once per key and upload each signature'),
  },
  { tags: [onePass, literal, signature, signature], refusal: () => malformed('more signatures than announced') },
];

function requireOneSignedMessage(packets: readonly Packet[]): [Packet, Packet, Packet] {
  const [first, second, third, ...rest] = packets;
  const startsWith = (tags: readonly number[]) => tags.every((tag, index) => packets[index]?.tag === tag);
  if (first && second && third && rest.length === 0 && startsWith([onePass, literal, signature]))
    return [first, second, third];
  if (startsWith([onePass, literal]) && !third)
    throw new AppError('SIGNATURE_TRUNCATED', 'the signature packet at the end is missing; copy the whole file');
  for (const shape of OTHER_SHAPES)
    if (shape.tags.length === 0 ? packets.length === 0 : startsWith(shape.tags)) throw shape.refusal();
  if (startsWith([onePass, literal, signature])) throw followed(rest);
  throw malformed(`packets ${packets.map((packet) => packet.tag).join(', ')} instead of 4, 11, 2`);
}

function followed(packets: readonly Packet[]): AppError {
  const tag = packets[0]?.tag ?? 0;
  if (tag === TAG.onePass || tag === TAG.compressed || tag === TAG.literal || tag === TAG.signature)
    return new AppError('SIGNATURE_SEVERAL_MESSAGES', 'more than one OpenPGP message in one file; upload each as a file of its own');
  return new AppError('SIGNATURE_TRAILING_DATA', `a packet of type ${tag} follows the message; upload one message only`);
}

function encrypted(): AppError {
  return new AppError('SIGNATURE_ENCRYPTED', 'an encrypted message; runtimes cannot decrypt: use gpg --sign without --encrypt');
}

type Announced = Pick<UntrustedMessage, 'keyId' | 'signatureType' | 'hashAlgorithm' | 'keyAlgorithm'>;

/** One-pass signature packet, RFC 4880 §5.4. */
function readOnePass({ body, length }: Packet): Announced {
  const [version, type, hashAlgorithm = 0, keyAlgorithm = 0] = body;
  if (length !== 'definite' || body.length !== 13 || version !== 3) throw unsupported(`one-pass signature version ${version}`);
  if (type !== 0 && type !== 1) throw unsupported(`signature type ${type}`);
  if (body[12] !== 1) throw new AppError('SIGNATURE_SEVERAL_SIGNERS', 'announces a second signature; sign once per key');
  const keyId = Buffer.from(body.subarray(4, 12)).toString('hex').toUpperCase() as KeyId;
  return { keyId, signatureType: type, hashAlgorithm, keyAlgorithm };
}

/** A reader may choose key and hash by either packet, so they must not differ. */
function requireSameSignature(announced: Announced, { body, length }: Packet): void {
  const [version, type, keyAlgorithm, hashAlgorithm] = body;
  if (length !== 'definite') throw malformed('a signature packet of indefinite length');
  if (version !== 4) throw unsupported(`signature version ${version}`);
  if (type !== announced.signatureType || keyAlgorithm !== announced.keyAlgorithm || hashAlgorithm !== announced.hashAlgorithm)
    throw malformed('the signature is of another kind than the one-pass packet announces');
}

/** Literal data packet, RFC 4880 §5.9. */
function readLiteral({ body, length }: Packet): UntrustedMessage['literal'] {
  if (length === 'rest') throw malformed('a literal packet of indeterminate length');
  const format = String.fromCharCode(body[0] ?? 0);
  if (format !== 'b' && format !== 't' && format !== 'u') throw unsupported(`literal data of format 0x${body[0]?.toString(16)}`);
  const start = 2 + (body[1] ?? 0) + 4; // file name and date: signed by nobody, used by nobody
  if (start > body.length) throw malformed('the literal packet ends within its header');
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
  return new AppError('SIGNATURE_UNSUPPORTED', `${what} is not what runtimes read; sign with gpg --sign`);
}
