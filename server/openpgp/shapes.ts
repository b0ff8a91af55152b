// Names for what is not one signed message: each wrong sequence of packets, with the command that makes a right one.
import { AppError } from '../domain/errors.ts';
import { malformed, type Packet, readPackets, TAG, truncated } from './packets.ts';

const { onePass, literal, signature } = TAG;

/** The three packets of a signed message. Throws the refusal that fits best. */
export function requireOneSignedMessage(packets: readonly Packet[]): [Packet, Packet, Packet] {
  const [first, second, third, ...rest] = packets;
  const startsWith = (tags: readonly number[]) => tags.every((tag, index) => packets[index]?.tag === tag);
  if (first && second && third && startsWith([onePass, literal, signature])) {
    if (rest.length > 0) throw followed(rest);
    return [first, second, third];
  }
  for (const shape of OTHER_SHAPES)
    if (startsWith(shape.tags) && (!shape.whole || packets.length === shape.tags.length)) throw shape.refusal();
  throw malformed(`packets ${packets.map((packet) => packet.tag).join(', ')} instead of 4, 11, 2`);
}

type Shape = { readonly tags: readonly number[]; readonly whole?: true; readonly refusal: () => AppError };

/** The most telling first; `whole` ones stand for nothing but these packets. */
const OTHER_SHAPES: readonly Shape[] = [
  { tags: [], whole: true, refusal: () => truncated('the message is empty') },
  { tags: [onePass], whole: true, refusal: () => truncated('only the announcement of a signature is there') },
  { tags: [onePass, literal], whole: true, refusal: () => truncated('the signature packet at the end is missing') },
  { tags: [onePass, onePass], refusal: severalSigners },
  { tags: [TAG.encryptedSessionKey], refusal: encrypted },
  { tags: [TAG.symmetricSessionKey], refusal: encrypted },
  { tags: [TAG.encrypted], refusal: encrypted },
  { tags: [TAG.encryptedIntegrity], refusal: encrypted },
  { tags: [TAG.encryptedAead], refusal: encrypted },
  { tags: [signature, literal], refusal: notOnePass },
  { tags: [literal, signature], refusal: notOnePass },
  { tags: [signature], refusal: detached },
  { tags: [literal], refusal: unsigned },
];

/** Refuses packets after a complete message. */
export function followed(packets: readonly Packet[]): AppError {
  const tag = packets[0]?.tag ?? 0;
  if (tag === signature) return severalSigners();
  if (tag === onePass || tag === TAG.compressed || tag === literal) return severalMessages();
  return trailing(tag === TAG.garbage ? 'bytes that are no packet follow' : `a packet of type ${tag} follows`);
}

/** Refuses raw bytes after a complete message. */
export function followedBy(untrustedRest: Uint8Array): AppError {
  try {
    return followed(readPackets(untrustedRest));
  } catch {
    return trailing(`${untrustedRest.length} bytes follow`);
  }
}

function trailing(what: string): AppError {
  return new AppError('SIGNATURE_TRAILING_DATA', `${what} the signed message; upload the message alone`);
}

function severalMessages(): AppError {
  return new AppError(
    'SIGNATURE_SEVERAL_MESSAGES',
    'more than one OpenPGP message in one file; upload each as a file of its own',
  );
}

export function severalSigners(): AppError {
  return new AppError(
    'SIGNATURE_SEVERAL_SIGNERS',
    'signed more than once in one message; sign once per key and upload each signature',
  );
}

export function encrypted(): AppError {
  return new AppError(
    'SIGNATURE_ENCRYPTED',
    'an encrypted message; runtimes cannot decrypt: use gpg --sign without --encrypt',
  );
}

export function unsigned(): AppError {
  return new AppError('SIGNATURE_UNSIGNED', 'an OpenPGP message that nobody signed; use gpg --sign, not --store');
}

function detached(): AppError {
  return new AppError(
    'SIGNATURE_DETACHED',
    'a detached signature, without the claim it signs; use gpg --sign, not --detach-sign',
  );
}

function notOnePass(): AppError {
  return new AppError(
    'SIGNATURE_NOT_ONE_PASS',
    'the message has no one-pass signature packet, a form some runtimes take for unsigned; sign with gpg --sign',
  );
}
