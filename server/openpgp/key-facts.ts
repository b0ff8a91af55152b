// What a parsed key says of itself, with the state GnuPG would see in it: expiry and revocation of the primary key
// and of each subkey, and which of them may sign. Evaluated without a date, so that the facts do not age: whoever
// uses them compares `expiresAt` with now.
import { enums, type Key as OpenPgpKey, type SignaturePacket, type Subkey } from 'openpgp';
import type { Fingerprint, KeyId } from '../domain/fingerprint.ts';
import { type Instant, instantOf } from '../domain/instant.ts';
import type { KeyFacts, SigningKey } from '../domain/key.ts';
import { SIGNING_ALGORITHMS } from './algorithms.ts';
import { OPENPGP } from './settings.ts';

/** Curves that both GnuPG and openpgp.js verify here; openpgp.js needs a package of its own for the others. */
const SIGNING_CURVES = new Set(['nistP256', 'nistP384', 'nistP521', 'ed25519Legacy', 'ed25519']);

/** openpgp.js takes null for "do not compare dates"; its typings know only dates. */
const NO_DATE = null as unknown as Date;

export async function keyFacts(key: OpenPgpKey): Promise<KeyFacts> {
  const revocation = await findRevocation(key);
  const revoked = revocation !== null;
  const expiresAt = earlier(expiry(await key.getExpirationTime(undefined, OPENPGP)), gnupgExpiry(key));
  const signingKeys: SigningKey[] = [];
  for (const part of [key, ...key.subkeys]) signingKeys.push(await signingKey(key, part, { revoked, expiresAt }));
  return {
    fingerprint: fingerprintOf(key),
    userIds: key.getUserIDs(),
    createdAt: instantOf(key.getCreationTime()),
    expiresAt,
    revocation: revocation === null ? null : reasonOf(revocation),
    signingKeys,
  };
}

function fingerprintOf(part: OpenPgpKey | Subkey): Fingerprint {
  return part.getFingerprint().toUpperCase() as Fingerprint;
}

async function signingKey(
  key: OpenPgpKey,
  part: OpenPgpKey | Subkey,
  whole: { revoked: boolean; expiresAt: Instant | null },
): Promise<SigningKey> {
  const primary = part === key;
  const own = primary ? whole : await subkeyState(part as Subkey);
  return {
    fingerprint: fingerprintOf(part),
    keyId: part.getKeyID().toHex().toUpperCase() as KeyId,
    primary,
    algorithm: algorithmName(part),
    createdAt: instantOf(part.getCreationTime()),
    expiresAt: earlier(own.expiresAt, whole.expiresAt),
    revoked: own.revoked || whole.revoked,
    unusable: await whyUnusable(key, part),
  };
}

async function subkeyState(subkey: Subkey): Promise<{ revoked: boolean; expiresAt: Instant | null }> {
  const own = await subkey.getExpirationTime(NO_DATE, OPENPGP);
  let revoked = false;
  for (const binding of subkey.bindingSignatures)
    revoked ||= await subkey.isRevoked(binding, null as never, NO_DATE, OPENPGP);
  return { revoked, expiresAt: expiry(own) };
}

/** Null when openpgp.js would let this key sign: capability, cross-certification, strength; revocation apart. */
async function whyUnusable(key: OpenPgpKey, part: OpenPgpKey | Subkey): Promise<string | null> {
  if (!SIGNING_ALGORITHMS.has(part.keyPacket.algorithm)) return 'its algorithm is not one that runtimes verify';
  const { curve } = part.getAlgorithmInfo() as { curve?: string };
  if (curve !== undefined && !SIGNING_CURVES.has(curve)) return `its curve ${curve} is not one that runtimes verify`;
  if (part.keyPacket.version !== 4) return `it is an OpenPGP version ${part.keyPacket.version} key`;
  try {
    const found = await key.getSigningKey(part.getKeyID(), NO_DATE, undefined, OPENPGP);
    if (found.getFingerprint() !== part.getFingerprint()) return NOT_A_SIGNER;
    return part !== key || gnupgMaySign(key) ? null : NOT_A_SIGNER;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    return WHY.find(([words]) => words.test(message))?.[1] ?? NOT_A_SIGNER;
  }
}

const NOT_A_SIGNER = 'it is not marked as able to sign, or its self-signatures do not hold';
/** What openpgp.js says, in words for people; anything else is NOT_A_SIGNER. */
const WHY: readonly (readonly [RegExp, string])[] = [
  [/revoked/, 'it is revoked'],
  [/embedded signature/, 'it did not sign that it belongs to its primary key (no cross-certification)'],
  [/RSA keys shorter/, 'RSA keys of less than 2048 bits are too weak'],
];

function algorithmName(part: OpenPgpKey | Subkey): string {
  const { algorithm, bits, curve } = part.getAlgorithmInfo() as { algorithm: string; bits?: number; curve?: string };
  if (algorithm.startsWith('rsa')) return `RSA ${bits}`;
  if (algorithm === 'ecdsa') return `ECDSA ${(curve ?? '').replace(/^nistP/, 'NIST P-')}`;
  if (algorithm === 'eddsaLegacy' || algorithm === 'ed25519') return 'Ed25519';
  return algorithm;
}

const REASONS: Record<number, string> = {
  [enums.reasonForRevocation.noReason]: 'no reason given',
  [enums.reasonForRevocation.keySuperseded]: 'superseded',
  [enums.reasonForRevocation.keyCompromised]: 'compromised',
  [enums.reasonForRevocation.keyRetired]: 'no longer used',
};

/** The typings leave them out. */
function directSignatures(key: OpenPgpKey): readonly SignaturePacket[] {
  return (key as unknown as { directSignatures: SignaturePacket[] }).directSignatures;
}

function newestFirst(signatures: readonly SignaturePacket[]): readonly SignaturePacket[] {
  return signatures.toSorted((a, b) => Number(b.created) - Number(a.created));
}

/**
 * Where GnuPG looks for dates and flags of the primary key, in order: the newest direct-key signature, then the newest
 * self-signature of each user id and picture, the newest of them first.
 */
function gnupgSources(key: OpenPgpKey): readonly SignaturePacket[] {
  const ofUsers = key.users.flatMap((user) => newestFirst(user.selfCertifications).slice(0, 1));
  return [...newestFirst(directSignatures(key)).slice(0, 1), ...newestFirst(ofUsers)];
}

/** Whether everything that GnuPG may take the primary key's flags from lets it sign. */
function gnupgMaySign(key: OpenPgpKey): boolean {
  const flagged = gnupgSources(key).filter(({ keyFlags }) => keyFlags !== null);
  return flagged.every(({ keyFlags }) => ((keyFlags?.[0] ?? 0) & enums.keyFlags.signData) !== 0);
}

/**
 * When GnuPG thinks the key expires: by the direct-key signature, else by the newest user id (or picture) whose newest
 * self-signature gives a date; a newer one without a date does not lift it. Never, in 32 bits, can be long ago.
 */
function gnupgExpiry(key: OpenPgpKey): Instant | null {
  const lifetime = gnupgSources(key).find(({ keyNeverExpires }) => keyNeverExpires === false)?.keyExpirationTime;
  if (!lifetime) return null;
  const created = Math.floor(key.getCreationTime().getTime() / 1000);
  return ((created + lifetime >= 2 ** 32 ? created : created + lifetime) * 1000) as Instant;
}

/** The first revocation that the key itself made: material may carry packets of others. */
async function findRevocation(key: OpenPgpKey): Promise<SignaturePacket | null> {
  for (const packet of key.revocationSignatures)
    try {
      const over = { key: key.keyPacket };
      await packet.verify(key.keyPacket, enums.signature.keyRevocation, over, NO_DATE, false, OPENPGP);
      return packet;
    } catch {
      // Not this key's: it says nothing about this key.
    }
  return null;
}

function reasonOf(revocation: SignaturePacket): string {
  const reason = REASONS[revocation.reasonForRevocationFlag ?? 0] ?? 'unknown reason';
  const words = revocation.reasonForRevocationString;
  return words ? `${reason}: ${words}` : reason;
}

/** openpgp.js: Infinity for never, null for a key whose self-signatures do not hold (then `unusable` says so). */
function expiry(time: Date | number | null): Instant | null {
  return time instanceof Date ? instantOf(time) : null;
}

function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}
