// A scope says for which repositories a key or a token counts. Grammar and matching are those of policy.json's
// docker scopes (protocol.md §1.5, policyconfiguration): host[:port], host/ns, host/ns/repo, *.example.com, and
// "" for everything; always on component boundaries.
import { AppError, quote } from './errors.ts';
import { isPathComponent, isRegistryHost, looksLikeRegistry, type RepositoryName } from './repository-name.ts';

export type Scope = string & { readonly __brand: 'Scope' };

export const EVERYTHING = '' as Scope;

export function parseScope(text: string): Scope {
  if (text === '') return EVERYTHING;
  if (text.startsWith('*.')) {
    if (!isRegistryHost(text.slice(2)) || text.includes(':'))
      throw new AppError('SCOPE_INVALID', `scope ${quote(text)} is not a wildcard such as *.example.com`);
    return text as Scope;
  }
  const [host = '', ...components] = text.split('/');
  if (!looksLikeRegistry(host) || !isRegistryHost(host) || !components.every(isPathComponent))
    throw new AppError(
      'SCOPE_INVALID',
      `scope ${quote(text)} is not host[:port][/namespace[/repository]], *.example.com or "" for everything; ${advice(text)}`,
    );
  return text as Scope;
}

/** What people write in its place, most of it copied from somewhere. */
function advice(text: string): string {
  if (text.includes('://')) return 'leave out the scheme and what follows the repository';
  if (/[@:]/.test(text.replace(/^[^/]*/, ''))) return 'leave out the tag and the digest';
  if (text.endsWith('/')) return 'leave out the slash at its end: it counts for all that is below anyway';
  if (text.includes('*')) return 'a wildcard stands before a domain and for nothing else';
  if (text !== text.toLowerCase()) return 'names are in lower case';
  return 'it names the registry in full, as in docker.io/acme/app';
}

/** As it stands in messages. */
export function formatScope(scope: Scope): string {
  return scope === EVERYTHING ? 'everything' : quote(scope);
}

/** Whether the scope covers a repository. */
export function scopeCovers(scope: Scope, repository: RepositoryName): boolean {
  return coversName(scope, repository);
}

export function scopesCover(scopes: readonly Scope[], repository: RepositoryName): boolean {
  return scopes.some((scope) => scopeCovers(scope, repository));
}

/** Whether everything `inner` covers is covered by one of `outer`: nobody hands on more than they hold. */
export function scopesContain(outer: readonly Scope[], inner: Scope): boolean {
  if (inner === EVERYTHING) return outer.includes(EVERYTHING);
  return outer.some((scope) => scope === inner || coversName(scope, inner));
}

/** Whether the scopes cover all repositories below a prefix; '' is the whole store. */
export function scopesCoverPrefix(scopes: readonly Scope[], prefix: string): boolean {
  return scopes.includes(EVERYTHING) || (prefix !== '' && scopes.some((scope) => coversName(scope, prefix)));
}

/**
 * A place as a scope and all that hold it, the most specific first: the order in which clients look for an entry.
 * Wildcards are compared with the host without its port.
 */
export function scopesAbove(place: Scope | RepositoryName): Scope[] {
  const parts = place.split('/');
  const places = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  const labels = (parts[0] as string).replace(/:[0-9]+$/, '').split('.');
  const wildcards = labels.slice(1).map((_, index) => `*.${labels.slice(index + 1).join('.')}`);
  return [...new Set([...places, ...wildcards, EVERYTHING])] as Scope[];
}

function coversName(scope: Scope, name: string): boolean {
  if (scope === EVERYTHING || name === scope) return true;
  if (!scope.startsWith('*.')) return name.startsWith(scope) && name[scope.length] === '/';
  const host = (name.split('/', 1)[0] as string).replace(/:[0-9]+$/, '');
  return host.endsWith(scope.slice(1)) && host.length > scope.length - 1;
}
