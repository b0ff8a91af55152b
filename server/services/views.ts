// The JSON shapes of what is stored, one for the API and the commands alike. Times are ISO 8601 in UTC.
import type { AuditRow } from '../domain/audit-event.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Token } from '../domain/principal.ts';
import { formatSlot, type Slot } from '../domain/slot.ts';
import type { StoredSignature } from '../store/port.ts';
import type { SignatureDetail } from './signatures.ts';

export function time(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

export function slotUrl(publicUrl: string, slot: Slot): string {
  return publicUrl + formatSlot(slot);
}

/** `publicUrl` is null where nobody knows it: a command without LOOKASIDE_PUBLIC_URL. */
export function signatureView(signature: StoredSignature, publicUrl: string | null) {
  const { signedAt, storedAt, withdrawnAt, number, ...rest } = signature;
  const url = number === null || publicUrl === null ? null : slotUrl(publicUrl, { ...signature, number });
  return { ...rest, number, url, signedAt: time(signedAt), storedAt: time(storedAt), withdrawnAt: time(withdrawnAt) };
}

export function signatureDetailView(
  { signature, claim, payload, packets, history }: SignatureDetail,
  publicUrl: string | null,
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
