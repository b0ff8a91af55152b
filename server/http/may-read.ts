// Who may read what, where reads need a token (LOOKASIDE_READ_ACCESS=token).
import { AppError } from '../domain/errors.ts';
import { type Principal, requirePermission, requireRepository } from '../domain/principal.ts';
import { type Scope, scopesCover, scopesCoverPrefix } from '../domain/scope.ts';
import type { LookasidePath } from '../domain/slot.ts';
import { readCredential } from './credential.ts';

/** Whether a plain read is allowed for certain. If not, or if the store fails, the plain path says why. */
export type MayRead = (authorization: string | undefined, path: string) => boolean;

type Parts = {
  /** Throws for a secret that is no token. */
  readonly check: (secret: string) => Principal;
  readonly parse: (path: string) => LookasidePath | null;
  readonly publicScopes: readonly Scope[];
};

export function createMayRead({ check, parse, publicScopes }: Parts): MayRead {
  return (authorization, path) => {
    const asked = parse(path);
    if (isPublic(publicScopes, asked)) return true;
    const credential = readCredential(authorization);
    if (credential === null) return false;
    try {
      requireRead(check(credential.secret), asked);
      return true;
    } catch {
      return false;
    }
  };
}

/** What anybody may read, whatever credential they send: one that has expired must not fail the pull of a public image. */
export function isPublic(publicScopes: readonly Scope[], asked: LookasidePath | null): boolean {
  if (publicScopes.length === 0 || asked === null) return false;
  if (asked.kind === 'slot') return scopesCover(publicScopes, asked.slot.repository);
  const { prefix, repository } = asked.slot;
  return scopesCoverPrefix(publicScopes, prefix) && (repository === null || scopesCover(publicScopes, repository));
}

/** Out of scope is 403 and not 404, which would say that the image is unsigned. */
export function requireRead(principal: Principal, asked: LookasidePath | null): void {
  requirePermission(principal, 'read');
  if (asked === null) return;
  if (asked.kind === 'slot') return requireRepository(principal, asked.slot.repository);
  const { prefix, repository } = asked.slot;
  if (!scopesCoverPrefix(principal.scopes, prefix))
    throw new AppError('TOKEN_SCOPE', `the token does not cover ${prefix}`);
  if (repository !== null) requireRepository(principal, repository);
}
