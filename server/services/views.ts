// The JSON shapes of what is stored, one for the API and the commands alike. Times are ISO 8601 in UTC.
import type { AuditRow } from '../domain/audit-event.ts';
import { ERRORS } from '../domain/errors.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Key, KeyFacts } from '../domain/key.ts';
import type { Token } from '../domain/principal.ts';
import { formatSlot, type Slot } from '../domain/slot.ts';
import type { ExpiringKey, KeyImage, KeyWithServed } from '../store/key-port.ts';
import type { CatalogueImage, CatalogueRepository, Refusal, StoredSignature } from '../store/port.ts';
import { checkCommands } from './check-commands.ts';
import type { SignatureDetail } from './signatures.ts';

export const time = formatInstant;

export function maybe(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

export function slotUrl(publicUrl: string, slot: Slot): string {
  return publicUrl + formatSlot(slot);
}

/** `publicUrl` is null where nobody knows it: a command without LOOKASIDE_PUBLIC_URL. */
export function signatureView(signature: StoredSignature, publicUrl: string | null) {
  const { signedAt, storedAt, withdrawnAt, signerExpiresAt, number, notes, ...rest } = signature;
  return {
    ...rest,
    number,
    url: number === null || publicUrl === null ? null : slotUrl(publicUrl, { ...signature, number }),
    notes: [...notes],
    signerExpiresAt: maybe(signerExpiresAt),
    signedAt: time(signedAt),
    storedAt: time(storedAt),
    withdrawnAt: maybe(withdrawnAt),
  };
}

/** `privately`: whether reading needs a token. */
export function signatureDetailView(detail: SignatureDetail, publicUrl: string | null, privately: boolean) {
  const { signature, key, lastLive, claim, payload, packets, history } = detail;
  const { reference, digest, creator, timestamp, otherOptional } = claim;
  const view = signatureView(signature, publicUrl);
  const part = key.signingKeys.find(({ fingerprint }) => fingerprint === signature.signingKey);
  return {
    ...view,
    key: {
      name: key.name,
      userIds: [...key.userIds],
      state: key.state.state,
      expiresAt: maybe(key.expiresAt),
      algorithm: part?.algorithm ?? '',
      signingKeyExpiresAt: maybe(part?.expiresAt ?? null),
    },
    lastLive,
    claim: {
      dockerReference: reference.text,
      dockerManifestDigest: digest as string,
      creator,
      timestamp,
      otherOptional: [...otherOptional],
    },
    payload,
    packets: { ...packets, list: [...packets.list] },
    check: view.url === null ? null : checkCommands({ signature, key, url: view.url, privately }),
    history: history.map(auditView),
  };
}

export function repositoryView({ lastStoredAt, ...repository }: CatalogueRepository) {
  return { ...repository, lastStoredAt: time(lastStoredAt) };
}

export function imageView({ references, signers, firstStoredAt, lastStoredAt, ...image }: CatalogueImage) {
  return {
    ...image,
    references: [...references],
    signers: signers.map(({ expiresAt, ...signer }) => ({ ...signer, expiresAt: maybe(expiresAt) })),
    firstStoredAt: time(firstStoredAt),
    lastStoredAt: time(lastStoredAt),
  };
}

/** What the material of a key says, registered or not. */
export function keyFactsView({ fingerprint, userIds, createdAt, expiresAt, signingKeys }: KeyFacts) {
  return {
    fingerprint,
    userIds: [...userIds],
    createdAt: time(createdAt),
    expiresAt: maybe(expiresAt),
    signingKeys: signingKeys.map(({ createdAt, expiresAt, ...part }) => ({
      ...part,
      createdAt: time(createdAt),
      expiresAt: maybe(expiresAt),
    })),
  };
}

export function keyView(key: Key) {
  const { name, scopes, state } = key;
  return {
    ...keyFactsView(key),
    name,
    state: state.state,
    stateSince: state.state === 'active' ? null : time(state.since),
    stateReason: state.state === 'revoked' ? state.reason : null,
    scopes: [...scopes],
    registeredAt: time(key.registeredAt),
    updatedAt: time(key.updatedAt),
  };
}

export function keyWithServedView(key: KeyWithServed) {
  return { ...keyView(key), served: key.served };
}

export function expiringKeyView(key: ExpiringKey) {
  const endingSubkeys = key.endingSubkeys.map(({ expiresAt, ...end }) => ({ ...end, expiresAt: time(expiresAt) }));
  return { ...keyWithServedView(key), endingSubkeys };
}

export function keyImageView({ repository, digest, references }: KeyImage) {
  return { repository: repository as string, digest: digest as string, references: [...references] };
}

export function tokenView({ permissions, scopes, keys, createdAt, expiresAt, lastUsedAt, revokedAt, ...token }: Token) {
  return {
    ...token,
    permissions: [...permissions],
    scopes: [...scopes],
    keys: keys && [...keys],
    createdAt: time(createdAt),
    expiresAt: maybe(expiresAt),
    lastUsedAt: maybe(lastUsedAt),
    revokedAt: maybe(revokedAt),
  };
}

export function auditView({ at, detail, ...row }: AuditRow) {
  return { ...row, at: time(at), detail: { ...detail } };
}

export function refusalView({ at, code, ...refusal }: Refusal) {
  return { ...refusal, code, at: time(at), title: ERRORS[code] };
}
