// The cryptographic check, with packets as openpgp.js reads them, and everything around it that openpgp.js does not insist
// on and GPGME does: the state of the key now, the date of the signature, agreement of all places that name the issuer.
import { type PublicKeyPacket, readKey, SignaturePacket } from 'openpgp';
import { AppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { formatInstant, type Instant, instantOf } from '../domain/instant.ts';
import { expiredAt, type Key, type SigningKey } from '../domain/key.ts';
import { HASHES } from './algorithms.ts';
import { createRequireMadeOver, type RequireMadeOver } from './cryptography.ts';
import { signatureIdentity } from './identity.ts';
import type { UntrustedMessage } from './message.ts';
import { malformed } from './packets.ts';
import { OPENPGP } from './settings.ts';
import { requirePlainSignature } from './subpackets.ts';

export type SignedPayload = {
  readonly key: Key;
  readonly signingKey: SigningKey;
  readonly hash: string;
  /** Equal for all encodings of this signature. */
  readonly identity: Uint8Array;
  readonly signedAt: Instant;
  readonly expiresAt: Instant | null;
  readonly payload: Uint8Array;
};

export type Verify = (message: UntrustedMessage, candidates: readonly Key[], now: Instant) => Promise<SignedPayload>;

/** With a cache of parsed keys of its own: one per worker. */
export function createVerify(): Verify {
  const parsed = new Map<Fingerprint, { readonly revision: number; readonly checks: Checks }>();

  async function checkOf(key: Key, signingKey: SigningKey): Promise<() => RequireMadeOver> {
    let entry = parsed.get(key.fingerprint);
    if (entry?.revision !== key.revision) {
      entry = { revision: key.revision, checks: await readChecks(key) };
      parsed.set(key.fingerprint, entry);
    }
    const check = entry.checks.get(signingKey.fingerprint);
    if (!check) throw new AppError('INTERNAL', `key ${key.fingerprint} lost its subkey ${signingKey.fingerprint}`);
    return check;
  }

  async function requireSignedBy(
    key: Key,
    signingKey: SigningKey,
    { signature, content }: { signature: SignaturePacket; content: Uint8Array },
  ): Promise<void> {
    const claimed = signature.issuerFingerprint;
    if (claimed && Buffer.from(claimed).toString('hex').toUpperCase() !== signingKey.fingerprint)
      throw bad(`it names another fingerprint than ${signingKey.fingerprint}`);
    const check = await checkOf(key, signingKey);
    try {
      check()(signature, content);
    } catch (cause) {
      throw bad('it was not made by this key over this content, or was damaged on the way', cause);
    }
  }

  return async (message, candidates, now) => {
    const signature = readSignature(message);
    const content = message.literal.data;
    let refusal: AppError | null = null;
    // More than one candidate means two registered keys with the same 64-bit id: whichever really signed counts.
    for (const key of candidates)
      for (const signingKey of key.signingKeys.filter((part) => part.keyId === message.keyId))
        try {
          requireUsable(key, signingKey, now);
          requireWideHash(signingKey, message.hashAlgorithm);
          await requireSignedBy(key, signingKey, { signature, content });
          const identity = signatureIdentity(message.signature, signingKey.fingerprint);
          const inForce = requireInForce(signature, signingKey, now);
          return { ...inForce, identity, key, signingKey, payload: content };
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          refusal = error;
        }
    throw refusal ?? unknownKey(message.keyId);
  };
}

/** By fingerprint of the primary key or subkey. Imported at the first use: not every part of a key can sign. */
type Checks = ReadonlyMap<string, () => RequireMadeOver>;

async function readChecks({ material }: Key): Promise<Checks> {
  const key = await readKey({ binaryKey: material, config: OPENPGP });
  return new Map(
    [key, ...key.subkeys].map((part) => {
      let imported: RequireMadeOver | undefined;
      const check = () => {
        imported ??= createRequireMadeOver(part.keyPacket as PublicKeyPacket);
        return imported;
      };
      return [part.getFingerprint().toUpperCase(), check];
    }),
  );
}

function unknownKey(keyId: string): AppError {
  return new AppError(
    'KEY_UNKNOWN',
    `signed by key id ${keyId}, which is not registered; an admin can register it with \`lookaside key add FILE\``,
  );
}

function readSignature(message: UntrustedMessage): SignaturePacket {
  requirePlainSignature(message.signature, message.keyId);
  const signature = new SignaturePacket();
  try {
    // The typings have `read` on every packet class but this one's two-argument form.
    (signature as unknown as { read(body: Uint8Array, config: typeof OPENPGP): void }).read(message.signature, OPENPGP);
  } catch {
    throw malformed('the signature packet cannot be read');
  }
  if (signature.issuerKeyID.toHex().toUpperCase() !== message.keyId)
    throw malformed('the signature names another key than the one-pass packet');
  requireNothingCritical(signature);
  return signature;
}

/** The typings leave out what openpgp.js itself reads to refuse critical extensions. */
type Extensions = {
  readonly unknownSubpackets: readonly { readonly type: number; readonly critical: boolean }[];
  readonly rawNotations: readonly { readonly critical: boolean }[];
};

function requireNothingCritical(signature: SignaturePacket): void {
  const { unknownSubpackets, rawNotations } = signature as unknown as Extensions;
  if ([...unknownSubpackets, ...rawNotations].some((extension) => extension.critical))
    throw new AppError('SIGNATURE_UNSUPPORTED', 'the signature has a critical extension that runtimes do not know');
}

/** Key state first: GPGME refuses an expired or revoked key whatever the mathematics say. */
function requireUsable(key: Key, signingKey: SigningKey, now: Instant): void {
  const named = signingKey.primary
    ? `key ${key.fingerprint}`
    : `subkey ${signingKey.fingerprint} of key ${key.fingerprint}`;
  if (key.state.state === 'revoked' || signingKey.revoked)
    throw new AppError('KEY_REVOKED', `signed by ${named}, which is revoked; sign with another key`);
  if (key.state.state === 'retired')
    throw new AppError(
      'KEY_RETIRED',
      `signed by ${named}, which is retired since ${formatInstant(key.state.since)}; sign with its successor`,
    );
  if (expiredAt(signingKey.expiresAt, now))
    throw new AppError(
      'KEY_EXPIRED',
      `signed by ${named}, which expired at ${formatInstant(signingKey.expiresAt as Instant)}; extend it and register the newer copy`,
    );
  const created = Math.max(key.createdAt, signingKey.createdAt) as Instant;
  if (created > now)
    throw new AppError(
      'KEY_UNUSABLE',
      `signed by ${named}, which was created in the future (${formatInstant(created)}); check the clock of the machine that made it`,
    );
  if (signingKey.unusable !== null)
    throw new AppError('KEY_UNUSABLE', `signed by ${named}, but ${signingKey.unusable}`);
}

/** Bytes of hash that GnuPG and openpgp.js demand of a curve, whatever RFC 6637 allows. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/P-521$/, 64],
  [/P-384$/, 48],
  [/P-256$|^Ed/, 32],
];

function requireWideHash({ algorithm }: SigningKey, hashAlgorithm: number): void {
  const needed = WIDTHS.find(([pattern]) => pattern.test(algorithm))?.[1] ?? 0;
  const hash = HASHES.get(hashAlgorithm);
  if ((hash?.bytes ?? 0) < needed)
    throw new AppError(
      'SIGNATURE_UNSUPPORTED',
      `${hash?.name} is too short for ${algorithm}; use gpg --digest-algo SHA512`,
    );
}

function requireInForce(
  signature: SignaturePacket,
  signingKey: SigningKey,
  now: Instant,
): Pick<SignedPayload, 'hash' | 'signedAt' | 'expiresAt'> {
  const signedAt = instantOf(signature.created as Date);
  const ends = signature.getExpirationTime();
  const expiresAt = ends instanceof Date ? instantOf(ends) : null;
  if (signedAt < signingKey.createdAt) throw bad('it is older than its key');
  if (expiredAt(expiresAt, now))
    throw new AppError(
      'SIGNATURE_EXPIRED',
      `the signature itself expired at ${formatInstant(expiresAt as Instant)}; sign again`,
    );
  return { hash: HASHES.get(signature.hashAlgorithm ?? 0)?.name ?? 'unknown', signedAt, expiresAt };
}

function bad(why: string, cause?: unknown): AppError {
  return new AppError('SIGNATURE_BAD', `the signature does not hold: ${why}`, { cause });
}
