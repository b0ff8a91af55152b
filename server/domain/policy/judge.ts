// Whether a reader accepts an image: all requirements must be met, each by any one signature, and each signature is decided
// by itself (protocol.md §3.5). Pure: what the keyrings of a policy make of each signature was found out before.
import type { Claim } from '../claim.ts';
import type { Digest } from '../digest.ts';
import type { ErrorCode } from '../errors.ts';
import type { Fingerprint } from '../fingerprint.ts';
import { formatInstant, type Instant } from '../instant.ts';
import { expiredAt } from '../key.ts';
import { formatReference, type Reference } from '../reference.ts';
import type { Note } from '../signature.ts';
import { formatIdentity, identityAccepts } from './identity.ts';
import { findObjection, isOnGnuPg, type ReaderId } from './readers.ts';
import { GPG_KEYS, type Requirement, type SignedBy } from './requirement.ts';

/** One signature under one keyring: made by a key in it, whenever that expires, or why it does not hold. */
export type Proof =
  | {
      readonly holds: true;
      readonly signer: Fingerprint;
      readonly claim: Claim;
      readonly notes: readonly Note[];
      readonly keyExpiresAt: Instant | null;
    }
  | { readonly holds: false; readonly code: ErrorCode; readonly message: string };

/** The keys of one requirement, and what they make of each signature, in order. */
export type Keyring = {
  /** Why nobody here can know; null when its keys are known. */
  readonly unknown: string | null;
  readonly proofs: readonly Proof[];
  /** The same for readers on golang.org/x/crypto. */
  readonly simpleProofs: readonly Proof[];
};

export function proofsFor(reader: ReaderId, { proofs, simpleProofs }: Keyring): readonly Proof[] {
  return isOnGnuPg(reader) ? proofs : simpleProofs;
}

export type Served = { readonly number: number; readonly signer: Fingerprint; readonly signerName: string };

export type Case = {
  readonly reader: ReaderId;
  readonly intended: Reference;
  readonly digest: Digest;
  readonly signatures: readonly Served[];
  readonly now: Instant;
};

export type Decision = {
  readonly number: number;
  readonly accepted: boolean;
  readonly code: string;
  readonly why: string;
};
export type Outcome = 'accepted' | 'refused' | 'unknown';

export type RequirementOutcome = {
  readonly type: Requirement['type'];
  readonly identity: string | null;
  readonly outcome: Outcome;
  readonly code: string;
  readonly why: string;
  readonly decisions: readonly Decision[];
};

export function judgeRequirement(requirement: Requirement, keyring: Keyring | null, asked: Case): RequirementOutcome {
  const { type } = requirement;
  const plain = { type, identity: null, decisions: [] };
  switch (type) {
    case 'insecureAcceptAnything':
      return { ...plain, outcome: 'accepted', code: 'anything', why: 'it accepts every image, signed or not' };
    case 'reject':
      return { ...plain, outcome: 'refused', code: 'reject', why: 'it rejects every image' };
    case 'signedBaseLayer':
      return { ...plain, outcome: 'refused', code: 'unimplemented', why: 'no runtime implements signedBaseLayer' };
    case 'sigstoreSigned':
      return { ...plain, outcome: 'unknown', code: 'sigstore', why: 'sigstore signatures are not evaluated here' };
    case 'signedBy':
      return { type, identity: formatIdentity(requirement.identity), ...judgeSignedBy(requirement, keyring, asked) };
  }
}

type Judged = Omit<RequirementOutcome, 'type' | 'identity'>;

function judgeSignedBy(requirement: SignedBy, keyring: Keyring | null, asked: Case): Judged {
  if (requirement.keyType !== GPG_KEYS)
    return {
      outcome: 'refused',
      code: 'unimplemented',
      why: `no runtime implements ${requirement.keyType}`,
      decisions: [],
    };
  if (keyring === null || keyring.unknown !== null)
    return {
      outcome: 'unknown',
      code: 'keys-unknown',
      why: keyring?.unknown ?? 'its keys are not known',
      decisions: [],
    };
  const decisions = asked.signatures.map((served, index) =>
    decide(requirement, proofsFor(asked.reader, keyring)[index] as Proof, { ...asked, served }),
  );
  const [first] = decisions;
  const accepted = decisions.find((decision) => decision.accepted);
  if (accepted) return { outcome: 'accepted', code: accepted.code, why: accepted.why, decisions };
  if (!first)
    return { outcome: 'refused', code: 'unsigned', why: `no signature of ${asked.digest} is served`, decisions };
  const why = decisions.length === 1 ? first.why : `none of ${decisions.length} signatures: ${first.why}`;
  return { outcome: 'refused', code: first.code, why, decisions };
}

function decide(requirement: SignedBy, proof: Proof, asked: Case & { readonly served: Served }): Decision {
  const { intended, digest, served } = asked;
  const refused = (code: string, why: string) => ({ number: served.number, accepted: false, code, why });
  const fault = findFault(proof, asked);
  if (fault || !proof.holds) return refused(fault?.code ?? 'unknown', fault?.why ?? '');
  const { claim } = proof;
  if (claim.digest !== digest) return refused('digest', `signature-${served.number} is for ${claim.digest}`);
  const name = formatReference(claim.reference);
  const identity = formatIdentity(requirement.identity);
  if (!identityAccepts(requirement.identity, intended, claim.reference))
    return refused('identity', `signed as ${name}, which ${identity} does not accept for ${intended.text}`);
  const why = `signature-${served.number} by ${proof.signer} ${served.signerName}, as ${name} under ${identity}`;
  return { number: served.number, accepted: true, code: 'signed', why };
}

/** What is wrong with a signature under a keyring, whatever name it is for. */
export function findFault(
  proof: Proof,
  { reader, served, now }: Pick<Case, 'reader' | 'now'> & { readonly served: Served },
): { readonly code: string; readonly why: string } | null {
  const name = `signature-${served.number} by ${served.signer} ${served.signerName}`;
  if (!proof.holds)
    return proof.code === 'KEY_UNKNOWN'
      ? { code: proof.code, why: `${name}, which is not among the keys asked for` }
      : { code: proof.code, why: `${name}: ${proof.message}` };
  if (isOnGnuPg(reader) && expiredAt(proof.keyExpiresAt, now))
    return { code: 'KEY_EXPIRED', why: `${name}, which expired at ${formatInstant(proof.keyExpiresAt as Instant)}` };
  const objection = findObjection(reader, proof.notes);
  return objection && { code: objection.code, why: `${name}: ${objection.text}` };
}
