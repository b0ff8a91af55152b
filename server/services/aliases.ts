// Aliases, as admins manage them.
import { type Alias, type AliasPath, type AliasTable, parseAliasPath, parseAliasTarget } from '../domain/alias.ts';
import { type Principal, requirePermission, requireScopes } from '../domain/principal.ts';
import { DOCKER_HUB, looksLikeRegistry, type Registry } from '../domain/repository-name.ts';
import { EVERYTHING, scopesCoverPrefix } from '../domain/scope.ts';
import { isHidden } from '../domain/slot.ts';
import type { World } from '../ops/world.ts';
import type { Store } from '../store/port.ts';
import { time } from './views.ts';

export type AliasRequest = { readonly path: string; readonly target: string; readonly replace: boolean };

/** An alias with what its admin may not have meant. */
export type WatchedAlias = Alias & { readonly warnings: readonly string[] };

export type Aliases = {
  /** Counts from the next request on, in every thread and process. */
  add(request: AliasRequest, principal: Principal): Promise<WatchedAlias>;
  /** Those for what the principal's own scopes cover, by path. */
  list(principal: Principal): Promise<WatchedAlias[]>;
  remove(id: number, principal: Principal): Promise<void>;
};

type Parts = { readonly store: Store; readonly defaultRegistry: Registry; readonly world: World };

export function createAliases({ store, defaultRegistry, world }: Parts): Aliases {
  async function warningsOn(alias: Alias, table: AliasTable | null): Promise<string[]> {
    const { path, target } = alias;
    const { own, short } = namesAt(path, defaultRegistry);
    const [ownFound = null, ...shortFound] = await store.repositoriesAt([own, ...short]);
    const shorter = shortFound.find((name) => name !== null && !`${name}/`.startsWith(`${target}/`)) ?? null;
    const warnings: string[] = [];
    if (ownFound !== null && isHidden(ownFound, table))
      warnings.push(
        `this store has ${ownFound}, whose address begins with ${path}: what it has there is read by nobody now, and uploads to it are refused`,
      );
    if (shorter !== null)
      warnings.push(
        `this store has ${shorter}, whose short address begins with ${path}: it is read at /${shorter} only`,
      );
    if (isChain(alias, table))
      warnings.push(
        `/${target} is an alias, too: ${path} stands for what this store has of ${target} itself, and leads no further`,
      );
    return warnings;
  }

  async function watched(aliases: readonly Alias[]): Promise<WatchedAlias[]> {
    const table = await store.currentAliases();
    return Promise.all(aliases.map(async (alias) => ({ ...alias, warnings: await warningsOn(alias, table) })));
  }

  return {
    async add({ replace, ...request }, principal) {
      requireWhole(principal);
      const at = world.now();
      const alias = {
        path: parseAliasPath(request.path),
        target: parseAliasTarget(request.target),
        createdAt: at,
      };
      const added = await store.addAlias({ alias, replace, actor: principal.actor, at });
      return (await watched([added]))[0] as WatchedAlias;
    },

    async list(principal) {
      requirePermission(principal, 'admin', 'view');
      const all = await store.listAliases();
      return watched(all.filter(({ target }) => scopesCoverPrefix(principal.scopes, target)));
    },

    async remove(id, principal) {
      requireWhole(principal);
      await store.removeAlias({ id, actor: principal.actor, at: world.now() });
    },
  };
}

/** The JSON shape, one for the API and the commands alike. */
export function aliasView({ createdAt, warnings, ...rest }: WatchedAlias) {
  return { ...rest, createdAt: time(createdAt), warnings: [...warnings] };
}

/** An alias can take the address of any repository, whoever's it is. */
function requireWhole(principal: Principal): void {
  requirePermission(principal, 'admin');
  requireScopes(principal, [EVERYTHING]);
}

/** Names whose addresses begin with a path: in full, and in the short form for the default registry. */
function namesAt(path: AliasPath, defaultRegistry: Registry): { own: string; short: string[] } {
  const own = path.slice(1);
  const [first = ''] = own.split('/', 1);
  if (looksLikeRegistry(first)) return { own, short: [] };
  const isOfficial = first === own && defaultRegistry === DOCKER_HUB;
  return { own, short: [`${defaultRegistry}/${own}`, ...(isOfficial ? [`${DOCKER_HUB}/library/${own}`] : [])] };
}

function isChain({ path, target }: Alias, table: AliasTable | null): boolean {
  const isBelowItself = `/${target}/`.startsWith(`${path}/`);
  const next = table?.rewrite(`/${target}/`) ?? null;
  return !isBelowItself && next !== null && next !== `/${target}/`;
}
