// Who may read what, where reads need a token (LOOKASIDE_READ_ACCESS=token).
import { AppError } from '../domain/errors.ts';
import { type Principal, requirePermission, requireRepository } from '../domain/principal.ts';
import type { Registry } from '../domain/repository-name.ts';
import { scopesCoverPrefix } from '../domain/scope.ts';
import { readLookasidePath } from '../domain/slot.ts';
import { readCredential } from './credential.ts';

/** Whether a plain read is allowed for certain. If not, or if the store fails, the plain path says why. */
export type MayRead = (authorization: string | undefined, path: string) => boolean;

/** `check` throws for a secret that is no token. */
export function createMayRead(check: (secret: string) => Principal, defaultRegistry: Registry): MayRead {
  return (authorization, path) => {
    const credential = readCredential(authorization);
    if (credential === null) return false;
    try {
      requireRead(check(credential.secret), path, defaultRegistry);
      return true;
    } catch {
      return false;
    }
  };
}

/** Out of scope is 403 and not 404, which would say that the image is unsigned. */
export function requireRead(principal: Principal, path: string, defaultRegistry: Registry): void {
  requirePermission(principal, 'read');
  const parsed = readLookasidePath(path, defaultRegistry);
  if (parsed === null) return;
  if (parsed.kind === 'slot') return requireRepository(principal, parsed.slot.repository);
  const { prefix, repository } = parsed.slot;
  if (!scopesCoverPrefix(principal.scopes, prefix))
    throw new AppError('TOKEN_SCOPE', `the token does not cover ${prefix}`);
  if (repository !== null) requireRepository(principal, repository);
}
