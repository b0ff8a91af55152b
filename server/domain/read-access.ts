// Who may read signatures: anybody, or whoever has a token.
import type { RepositoryName } from './repository-name.ts';
import { type Scope, scopesCover } from './scope.ts';

export type ReadAccess = {
  readonly readAccess: 'public' | 'token';
  /** Of a private store, what anybody may read. */
  readonly publicScopes: readonly Scope[];
};

export function needsToken({ readAccess, publicScopes }: ReadAccess, repository: RepositoryName): boolean {
  return readAccess === 'token' && !scopesCover(publicScopes, repository);
}
