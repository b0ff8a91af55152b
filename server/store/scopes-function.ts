// Scopes inside a query. SQLite functions get text: the scopes travel as JSON and are parsed once per query, not per
// row.
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING, type Scope, scopesCover } from '../domain/scope.ts';
import type { Db } from './database.ts';

export const WITHIN = 'within_scopes';

export function addScopesFunction(db: Db): void {
  let scopesText = '';
  let scopes: readonly Scope[] = [];
  db.function(WITHIN, (repository: unknown, json: unknown) => {
    if (json !== scopesText) {
      scopesText = String(json);
      scopes = JSON.parse(scopesText) as Scope[];
    }
    return scopesCover(scopes, String(repository) as RepositoryName) ? 1 : 0;
  });
}

/** What to bind; null where nothing needs to be asked. */
export function within(scopes: readonly Scope[]): string | null {
  return scopes.includes(EVERYTHING) ? null : JSON.stringify(scopes);
}
