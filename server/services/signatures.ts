// What people ask about stored signatures, and the one thing they do to them.
import type { AuditRow } from '../domain/audit-event.ts';
import { type Claim, parseClaim } from '../domain/claim.ts';
import { AppError } from '../domain/errors.ts';
import { LIMITS, requireText } from '../domain/limits.ts';
import { type Principal, requirePermission, requireRepository } from '../domain/principal.ts';
import { scopesCover } from '../domain/scope.ts';
import { formatImage } from '../domain/slot.ts';
import { inspect } from '../openpgp/message.ts';
import type { Log } from '../ops/log.ts';
import type { World } from '../ops/world.ts';
import type { Page, SignatureFilter, Store, StoredSignature } from '../store/port.ts';

export { SIGNATURE_STATES, type StoredSignature } from '../store/port.ts';

export type SignatureDetail = {
  readonly signature: StoredSignature;
  readonly claim: Claim;
  /** The signed bytes of the claim, as text. */
  readonly payload: string;
  /** OpenPGP algorithm numbers and the issuer, as they stand in the packets. */
  readonly packets: {
    readonly keyId: string;
    readonly keyAlgorithm: number;
    readonly hashAlgorithm: number;
    readonly signatureType: number;
  };
  readonly history: readonly AuditRow[];
};

export type Signatures = {
  list(filter: Omit<SignatureFilter, 'within'>, page: Page, principal: Principal): Promise<StoredSignature[]>;
  get(id: number, principal: Principal): Promise<SignatureDetail>;
  blob(id: number, principal: Principal): Promise<{ signature: StoredSignature; bytes: Buffer }>;
  withdraw(id: number, reason: string, principal: Principal): Promise<StoredSignature>;
};

export function createSignatures(store: Store, world: World, log: Log): Signatures {
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
      requirePermission(principal, 'read', 'admin');
      if (filter.repository) requireRepository(principal, filter.repository);
      return store.listSignatures({ ...filter, within: principal.scopes }, page);
    },

    async get(id, principal) {
      requirePermission(principal, 'read', 'admin');
      const signature = await find(id, principal);
      const { literal, keyId, keyAlgorithm, hashAlgorithm, signatureType } = inspect(await store.getBlob(id));
      const events = await store.listAudit({ subject: formatImage(signature) }, { limit: 1_000, before: null });
      return {
        signature,
        claim: parseClaim(literal.data),
        payload: Buffer.from(literal.data).toString('utf8'),
        packets: { keyId, keyAlgorithm, hashAlgorithm, signatureType },
        history: events.filter((event) => event.detail.id === id).reverse(),
      };
    },

    async blob(id, principal) {
      requirePermission(principal, 'read', 'admin');
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
