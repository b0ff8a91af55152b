// An alias: a path that stands for a registry or for repositories of one, for the mirrors that clients pull from and the
// bases they were given years ago. It is a word in addresses only: what is stored, scopes and claims know repositories
// by their own names. Aliases are not followed further, so there are no chains, and no loops.
import { AppError, quote } from './errors.ts';
import type { Instant } from './instant.ts';
import { LIMITS } from './limits.ts';
import { isPathComponent, isRegistryHost, looksLikeRegistry, parseRegistry } from './repository-name.ts';

/** `/sigstore`, `/mirror.corp/hub`: with the first slash, without a last one. */
export type AliasPath = string & { readonly __brand: 'AliasPath' };
/** A registry, or what names of its repositories begin with: `docker.io`, `quay.io/acme`. */
export type AliasTarget = string & { readonly __brand: 'AliasTarget' };

export type Alias = {
  readonly id: number;
  readonly path: AliasPath;
  readonly target: AliasTarget;
  readonly createdAt: Instant;
};

/** First components of addresses of this server that are no repositories (http/lookaside-handler.ts). */
export const RESERVED_COMPONENTS = ['api', 'ui', 'livez', 'readyz'] as const;

/** What a directory of a web server may be called: more than a repository, for the sake of old bases. */
const COMPONENT = /^[A-Za-z0-9_][A-Za-z0-9._~-]*(?::[0-9]+)?$/;

export function parseAliasPath(text: string): AliasPath {
  const [before, first = '', ...others] = text.split('/');
  const isPath = before === '' && [first, ...others].every((each) => COMPONENT.test(each));
  if (!isPath || text.length > LIMITS.aliasPathLength)
    throw new AppError(
      'ALIAS_INVALID',
      `${quote(text)} is not a path such as /sigstore or /mirror.example.com/hub: a slash before each component, none at the end`,
    );
  if ((RESERVED_COMPONENTS as readonly string[]).includes(first.toLowerCase()))
    throw new AppError('ALIAS_INVALID', `/${first} is an address of this server; an alias cannot begin with it`);
  return text as AliasPath;
}

export function parseAliasTarget(text: string): AliasTarget {
  const [host = '', ...components] = text.split('/');
  const named = looksLikeRegistry(host) && isRegistryHost(host) && components.every(isPathComponent);
  if (!named || text.length > LIMITS.aliasTargetLength)
    throw new AppError(
      'ALIAS_INVALID',
      `${quote(text)} is not what an alias can stand for: a registry, with or without a namespace or repository, such as docker.io or quay.io/acme`,
    );
  return [parseRegistry(host), ...components].join('/') as AliasTarget;
}

/** All aliases of a store at one moment. */
export type AliasTable = {
  /**
   * Puts the target in place of the longest alias that a path begins with, up to the end of a component. Null: with none.
   * `path` begins with a slash and is taken as it is spelled; what follows an `@` is no part of the name.
   */
  rewrite(path: string): string | null;
};

/** Null where there are none, so that reads need not ask. */
export function createAliasTable(aliases: readonly Pick<Alias, 'path' | 'target'>[]): AliasTable | null {
  if (aliases.length === 0) return null;
  const targets = new Map<string, string>(aliases.map(({ path, target }) => [path, target]));
  const beginnings = new Set(aliases.map(({ path }) => path.slice(0, endOfComponent(path, 0, path.length))));
  const deepest = Math.max(...aliases.map(({ path }) => path.split('/').length - 1));
  return {
    rewrite(path) {
      const at = path.indexOf('@');
      const nameEnd = at < 0 ? path.length : at;
      let end = endOfComponent(path, 0, nameEnd);
      if (!beginnings.has(path.slice(0, end))) return null;
      let found: string | null = null;
      let foundEnd = 0;
      for (let depth = 1; ; depth++) {
        const target = targets.get(path.slice(0, end));
        if (target !== undefined) {
          found = target;
          foundEnd = end;
        }
        if (end === nameEnd || depth === deepest) break;
        end = endOfComponent(path, end, nameEnd);
      }
      if (found === null) return null;
      // A registry is no repository, but without the slash it would be read as one of the default registry.
      const isBare = foundEnd === nameEnd && !found.includes('/');
      return `/${found}${isBare ? '/' : ''}${path.slice(foundEnd)}`;
    },
  };
}

/** Where the component ends whose slash is at `slash`. */
function endOfComponent(path: string, slash: number, nameEnd: number): number {
  const next = path.indexOf('/', slash + 1);
  return next < 0 || next > nameEnd ? nameEnd : next;
}
