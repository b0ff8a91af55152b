// The JSON shapes of the API, made from domain values. Times are ISO 8601 in UTC.
import type { AuditRow } from '../domain/audit-event.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Token } from '../domain/principal.ts';
import { formatSlot, type Slot } from '../domain/slot.ts';
import type { Outcome, Verdict } from '../services/intake.ts';
import type { SignatureDetail, StoredSignature } from '../services/signatures.ts';
import { toProblem } from './problem.ts';

function time(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

export function slotUrl(publicUrl: string, slot: Slot): string {
  return publicUrl + formatSlot(slot);
}

export function outcomeView(outcome: Outcome, publicUrl: string) {
  if (outcome.status === 'refused') return { status: outcome.status, problem: toProblem(outcome.error) };
  const { status, slot, id, signer, notes } = outcome;
  return { status, id, ...slot, url: slotUrl(publicUrl, slot), signer, notes };
}

export function verdictView(verdict: Verdict) {
  if (verdict.status === 'refused') return { status: verdict.status, problem: toProblem(verdict.error) };
  const { repository, digest } = verdict.image;
  if (verdict.status === 'exists') {
    const { id, number, signer, signingKey, signedAt, notes, reference } = verdict.signature;
    return {
      status: verdict.status,
      id,
      repository,
      digest,
      number,
      signer,
      signingKey,
      signedAt: time(signedAt),
      reference,
      notes,
    };
  }
  const { signer, signingKey, signedAt, algorithm, hash, notes, claim } = verdict.examined;
  const facts = {
    signer,
    signingKey,
    signedAt: time(signedAt),
    algorithm,
    hash,
    reference: claim.reference.text,
    notes,
  };
  return { status: verdict.status, repository, digest, ...facts };
}

export function signatureView(signature: StoredSignature, publicUrl: string) {
  const { signedAt, storedAt, withdrawnAt, number, ...rest } = signature;
  const url = number === null ? null : slotUrl(publicUrl, { ...signature, number });
  return { ...rest, number, url, signedAt: time(signedAt), storedAt: time(storedAt), withdrawnAt: time(withdrawnAt) };
}

export function signatureDetailView(
  { signature, claim, payload, packets, history }: SignatureDetail,
  publicUrl: string,
) {
  const { reference, digest, creator, timestamp, otherOptional } = claim;
  return {
    ...signatureView(signature, publicUrl),
    claim: { dockerReference: reference.text, dockerManifestDigest: digest, creator, timestamp, otherOptional },
    payload,
    packets,
    history: history.map(auditView),
  };
}

export function keyView(key: Key) {
  const { fingerprint, name, scopes, userIds, state } = key;
  return {
    fingerprint,
    name,
    state: state.state,
    stateSince: state.state === 'active' ? null : time(state.since),
    stateReason: state.state === 'revoked' ? state.reason : null,
    scopes,
    userIds,
    createdAt: time(key.createdAt),
    expiresAt: time(key.expiresAt),
    registeredAt: time(key.registeredAt),
    updatedAt: time(key.updatedAt),
    signingKeys: key.signingKeys.map(({ createdAt, expiresAt, ...part }) => ({
      ...part,
      createdAt: time(createdAt),
      expiresAt: time(expiresAt),
    })),
  };
}

export function tokenView({ createdAt, expiresAt, lastUsedAt, revokedAt, ...token }: Token) {
  return {
    ...token,
    createdAt: time(createdAt),
    expiresAt: time(expiresAt),
    lastUsedAt: time(lastUsedAt),
    revokedAt: time(revokedAt),
  };
}

export function auditView({ at, ...row }: AuditRow) {
  return { ...row, at: time(at) };
}
