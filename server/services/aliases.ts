// Aliases, as admins manage them.
import { type Alias, type AliasPath, type AliasTable, parseAliasPath, parseAliasTarget } from '../domain/alias.ts';
import { type Principal, requirePermission, requireScopes, SEE } from '../domain/principal.ts';
import { DOCKER_HUB, looksLikeRegistry, type Registry, type RepositoryName } from '../domain/repository-name.ts';
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
  /** With one question to the store, however many they are. */
  async function watched(aliases: readonly Alias[]): Promise<WatchedAlias[]> {
    const table = await store.currentAliases();
    const names = aliases.flatMap(({ path }) => [ownName(path), ...shortFor(path, defaultRegistry)]);
    const found = await store.repositoriesAt(names);
    const repositories = new Map(names.map((name, index) => [name, found[index] ?? null]));
    return aliases.map((alias) => ({
      ...alias,
      warnings: [
        ...hiding(repositories.get(ownName(alias.path)) ?? null, alias, table),
        ...shortFor(alias.path, defaultRegistry).flatMap((name) => shortening(repositories.get(name) ?? null, alias)),
        ...chaining(alias, table),
      ],
    }));
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
      requirePermission(principal, ...SEE);
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

/** The repository whose address in full is the path. */
function ownName(path: AliasPath): string {
  return path.slice(1);
}

/** Those for which the path is a short form. */
function shortFor(path: AliasPath, defaultRegistry: Registry): string[] {
  const name = ownName(path);
  const [first = ''] = name.split('/', 1);
  if (looksLikeRegistry(first)) return [];
  const isOfficial = first === name && defaultRegistry === DOCKER_HUB;
  return [`${defaultRegistry}/${name}`, ...(isOfficial ? [`${DOCKER_HUB}/library/${name}`] : [])];
}

function hiding(repository: RepositoryName | null, { path }: Alias, table: AliasTable | null): string[] {
  if (repository === null || !isHidden(repository, table)) return [];
  return [
    `this store has ${repository}, whose address begins with ${path}: its signatures are not read there now, and uploads to it are refused`,
  ];
}

function shortening(repository: RepositoryName | null, { path, target }: Alias): string[] {
  if (repository === null || isBelow(repository, target)) return [];
  return [`this store has ${repository}, whose short address begins with ${path}: it is read at /${repository} only`];
}

function chaining({ path, target }: Alias, table: AliasTable | null): string[] {
  const next = table?.rewrite(`/${target}/`) ?? null;
  if (next === null || next === `/${target}/` || isBelow(target, ownName(path))) return [];
  return [
    `/${target} is an alias, too: ${path} stands for what this store has of ${target} itself, and leads no further`,
  ];
}

function isBelow(name: string, prefix: string): boolean {
  return name === prefix || name.startsWith(`${prefix}/`);
}
