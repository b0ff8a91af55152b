// Scopes inside a query, and in front of its rows. SQLite functions get text: the scopes travel as JSON and are read once
// per query, not per row; and a row costs the same however many scopes there are, since a list asks this of thousands.
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING, type Scope } from '../domain/scope.ts';
import type { Db } from './database.ts';

export const WITHIN = 'within_scopes';

export function addScopesFunction(db: Db): void {
  let scopesText = '';
  let covers = coveredBy([]);
  db.function(WITHIN, (repository: unknown, json: unknown) => {
    if (json !== scopesText) {
      scopesText = String(json);
      covers = coveredBy(JSON.parse(scopesText) as Scope[]);
    }
    return covers(String(repository) as RepositoryName) ? 1 : 0;
  });
}

/** What to bind; null where nothing needs to be asked. */
export function within(scopes: readonly Scope[]): string | null {
  return scopes.includes(EVERYTHING) ? null : JSON.stringify(scopes);
}

/** `scopesCover` of the domain, by looking up instead of trying one scope after the other. */
export function coveredBy(scopes: readonly Scope[]): (repository: RepositoryName) => boolean {
  if (scopes.includes(EVERYTHING)) return () => true;
  const names = new Set<string>(scopes);
  const domains = new Set(scopes.filter((scope) => scope.startsWith('*.')).map((scope) => scope.slice(1)));
  return (repository) => {
    for (let end = repository.length; end > 0; end = repository.lastIndexOf('/', end - 1))
      if (names.has(repository.slice(0, end))) return true;
    if (domains.size === 0) return false;
    const host = (repository.split('/', 1)[0] as string).replace(/:[0-9]+$/, '');
    for (let dot = host.indexOf('.', 1); dot > 0; dot = host.indexOf('.', dot + 1))
      if (domains.has(host.slice(dot))) return true;
    return false;
  };
}

/** Whether all scopes of a key or token, as they are stored, lie within those of whoever asks: `scopesContain`. */
export function grantedBy(within: readonly Scope[]): (scopesJson: string) => boolean {
  if (within.includes(EVERYTHING)) return () => true;
  const covers = coveredBy(within);
  // Without any scope it is nobody's in particular, and so for those who have everything.
  return (scopesJson) => {
    const scopes = JSON.parse(scopesJson) as string[];
    return scopes.length > 0 && scopes.every((scope) => covers(scope as RepositoryName));
  };
}
