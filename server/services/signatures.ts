// What people ask about stored signatures, and the one thing they do to them.
import type { AuditRow } from '../domain/audit-event.ts';
import { type Claim, parseClaim } from '../domain/claim.ts';
import { AppError } from '../domain/errors.ts';
import type { Key } from '../domain/key.ts';
import { LIMITS, requireText } from '../domain/limits.ts';
import { type Principal, READ, requirePermission, requireRepository } from '../domain/principal.ts';
import { scopesCover } from '../domain/scope.ts';
import { formatImage } from '../domain/slot.ts';
import { inspect } from '../openpgp/message.ts';
import { type PacketSummary, summarize } from '../openpgp/summary.ts';
import type { Log } from '../ops/log.ts';
import type { World } from '../ops/world.ts';
import type { Page, SignatureFilter, Slice, Store, StoredSignature } from '../store/port.ts';

export { SIGNATURE_STATES, type StoredSignature } from '../store/port.ts';

export type SignatureDetail = {
  readonly signature: StoredSignature;
  readonly key: Key;
  /** Whether the image would be unsigned without it. */
  readonly lastLive: boolean;
  readonly claim: Claim;
  /** The signed bytes of the claim, as text. */
  readonly payload: string;
  /** OpenPGP algorithm numbers and the issuer, as they stand in the packets. */
  readonly packets: {
    readonly keyId: string;
    readonly keyAlgorithm: number;
    readonly hashAlgorithm: number;
    readonly signatureType: number;
    readonly list: readonly PacketSummary[];
  };
  readonly history: readonly AuditRow[];
};

export type Signatures = {
  list(filter: Omit<SignatureFilter, 'within'>, page: Page, principal: Principal): Promise<Slice<StoredSignature>>;
  get(id: number, principal: Principal): Promise<SignatureDetail>;
  blob(id: number, principal: Principal): Promise<{ signature: StoredSignature; bytes: Buffer }>;
  withdraw(id: number, reason: string, principal: Principal): Promise<StoredSignature>;
};

export function createSignatures(store: Store, world: World, log: Log): Signatures {
  /** What happened to one signature, out of what happened to its image; and the end of the key that made it. */
  async function historyOf(signature: StoredSignature): Promise<AuditRow[]> {
    const page = { limit: LIMITS.pageRows, before: null };
    const { items } = await store.listAudit({ subject: formatImage(signature) }, page);
    const { items: revocations } = await store.listAudit({ subject: signature.signer, action: 'key.revoked' }, page);
    const events = items.filter(({ detail }) => detail.id === signature.id);
    const ends = revocations.filter(({ detail }) => !detail.subkey || detail.subkey === signature.signingKey);
    return [...events, ...ends].sort((one, other) => one.seq - other.seq);
  }

  async function find(id: number, principal: Principal): Promise<StoredSignature> {
    const signature = await store.findSignature(id);
    if (!signature) throw new AppError('SIGNATURE_NOT_FOUND', `no signature has the id ${id}; see \`lookaside list\``);
    // Without naming the repository: ids can be counted through.
    if (!scopesCover(principal.scopes, signature.repository))
      throw new AppError('TOKEN_SCOPE', `signature ${id} lies outside the scopes of the token`);
    return signature;
  }

  return {
    async list(filter, page, principal) {
      requirePermission(principal, ...READ);
      if (filter.repository) requireRepository(principal, filter.repository);
      return store.listSignatures({ ...filter, within: principal.scopes }, page);
    },

    async get(id, principal) {
      requirePermission(principal, ...READ);
      const signature = await find(id, principal);
      const bytes = await store.getBlob(id);
      const { literal, keyId, keyAlgorithm, hashAlgorithm, signatureType } = inspect(bytes);
      const key = await store.findKey(signature.signer);
      if (!key) throw new AppError('STORE_CORRUPT', `signature ${id} names a key that is not registered`);
      return {
        signature,
        key,
        lastLive: signature.state === 'live' && (await store.countImage(signature)) === 1,
        claim: parseClaim(literal.data),
        payload: Buffer.from(literal.data).toString('utf8'),
        packets: { keyId, keyAlgorithm, hashAlgorithm, signatureType, list: summarize(bytes) },
        history: await historyOf(signature),
      };
    },

    async blob(id, principal) {
      requirePermission(principal, ...READ);
      const signature = await find(id, principal);
      return { signature, bytes: await store.getBlob(id) };
    },

    async withdraw(id, reason, principal) {
      requirePermission(principal, 'withdraw');
      await find(id, principal);
      requireText('the reason for withdrawing', reason, LIMITS.reasonLength);
      const signature = await store.withdraw({ id, reason, actor: principal.actor, at: world.now() });
      log.info('signature.withdrawn', {
        id,
        repository: signature.repository,
        digest: signature.digest,
        actor: principal.actor,
      });
      return signature;
    },
  };
}
