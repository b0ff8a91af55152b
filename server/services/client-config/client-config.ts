// Configuration of clients, made from what the store knows: its registries, its keys and their scopes.
import { type ConfigKind, requireWishes, type Wishes } from '../../domain/client-config.ts';
import { AppError } from '../../domain/errors.ts';
import { type Principal, requirePermission, requireScopes, SEE } from '../../domain/principal.ts';
import type { ReadAccess } from '../../domain/read-access.ts';
import { EVERYTHING, scopesCoverPrefix } from '../../domain/scope.ts';
import type { World } from '../../ops/world.ts';
import type { Store } from '../../store/port.ts';
import type { OpenPgpTasks } from '../openpgp-tasks.ts';
import type { Generated } from './file.ts';
import { GENERATORS } from './generators.ts';
import { knownKeys, knownRegistries } from './store-reading.ts';

export type { ConfigFile, Generated } from './file.ts';

export type ClientConfig = {
  generate(kind: ConfigKind, wishes: Wishes, principal: Principal): Promise<Generated>;
};

export type ClientConfigParts = {
  readonly store: Store;
  readonly openPgp: Pick<OpenPgpTasks, 'armorKey'>;
  readonly world: World;
  /** Null while nobody has said what clients reach. */
  readonly publicUrl: () => string | null;
  readonly access: ReadAccess;
};

/** Clients send a user name along; the store looks at the token alone. */
const USER = 'lookaside';
const NO_TOKEN = 'TOKEN';

export function createClientConfig(parts: ClientConfigParts): ClientConfig {
  const { store, openPgp, world, publicUrl, access } = parts;
  return {
    async generate(kind, wishes, principal) {
      requirePermission(principal, ...SEE);
      // Keys of wider scopes count in narrower ones: with some of them left out, signed images would be refused.
      requireScopes(principal, [EVERYTHING]);
      requireWishes(kind, wishes);
      const now = world.now();
      const isPublic = (place: string) =>
        access.readAccess === 'token' ? scopesCoverPrefix(access.publicScopes, place) : wishes.readToken === undefined;
      const credentials = { user: USER, password: wishes.readToken ?? NO_TOKEN };
      return GENERATORS[kind](wishes, {
        store,
        armor: openPgp.armorKey,
        now,
        keys: await knownKeys(store, now),
        registries: await knownRegistries(store),
        aliases: await store.currentAliases(),
        credentialsFor: (place) => (isPublic(place) ? null : credentials),
        tokenIsMissing: wishes.readToken === undefined,
        url: () => requireUrl(wishes.url ?? publicUrl()),
      });
    },
  };
}

function requireUrl(url: string | null): string {
  if (url !== null) return url.replace(/\/+$/, '');
  throw new AppError('REQUEST_INVALID', 'say where clients reach the store: set LOOKASIDE_PUBLIC_URL, or give the URL');
}
