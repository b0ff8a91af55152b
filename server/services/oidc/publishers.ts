// Trusted publishers, as admins manage them.
import { AppError } from '../../domain/errors.ts';
import { holdsScopes, type Principal, requirePermission, requireScopes, SEE } from '../../domain/principal.ts';
import { type Publisher, type PublisherDraft, requirePublisher, TEMPLATES } from '../../domain/publisher.ts';
import type { World } from '../../ops/world.ts';
import type { Store } from '../../store/port.ts';

export type PublisherRequest = Omit<PublisherDraft, 'issuer'> & {
  /** Null: that of the kind, where there is one for everybody. */
  readonly issuer: string | null;
};

export type Publishers = {
  add(request: PublisherRequest, principal: Principal): Promise<Publisher>;
  /** Those within the principal's own scopes, by name. */
  list(principal: Principal): Promise<Publisher[]>;
  /** Ends the tokens that it was given at once. */
  remove(id: string, principal: Principal): Promise<void>;
};

export type PublisherParts = {
  readonly store: Store;
  /** What ID tokens must be made for; null: nobody has set it. */
  readonly audience: string | null;
  readonly world: World;
};

export function createPublishers({ store, audience, world }: PublisherParts): Publishers {
  return {
    async add({ issuer, ...request }, principal) {
      requirePermission(principal, 'admin');
      requireAudience(audience);
      const draft = { ...request, issuer: issuer ?? TEMPLATES[request.kind].issuer ?? '' };
      requirePublisher(draft);
      requireScopes(principal, draft.scopes);
      const keys = [...new Set(draft.keys)];
      for (const fingerprint of keys)
        if ((await store.findKey(fingerprint)) === null)
          throw new AppError(
            'KEY_NOT_FOUND',
            `no registered key has the fingerprint ${fingerprint}; add the key first`,
          );
      const at = world.now();
      const id = world.randomBytes(6).toString('hex');
      const publisher: Publisher = { ...draft, id, keys, createdAt: at, lastUsedAt: null };
      await store.addPublisher({ publisher, actor: principal.actor, at });
      return publisher;
    },

    async list(principal) {
      requirePermission(principal, ...SEE);
      return (await store.listPublishers()).filter(({ scopes }) => holdsScopes(principal, scopes));
    },

    async remove(id, principal) {
      requirePermission(principal, 'admin');
      requireScopes(principal, (await store.getPublisher(id)).scopes);
      await store.removePublisher({ id, actor: principal.actor, at: world.now() });
    },
  };
}

/** Throws AUDIENCE_UNKNOWN: a token that is for nobody in particular could be anybody's. */
export function requireAudience(audience: string | null): string {
  if (audience !== null) return audience;
  throw new AppError(
    'AUDIENCE_UNKNOWN',
    'this store does not know its own address, for which ID tokens are made: set LOOKASIDE_PUBLIC_URL where it runs',
  );
}
