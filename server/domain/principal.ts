// Who asks, and what they may do. Permissions are separate: `admin` manages keys, tokens and the audit log, and
// includes neither `upload` nor `withdraw`, so that an administration token in a script cannot publish by accident.
import { AppError, quote } from './errors.ts';
import type { Instant } from './instant.ts';
import type { RepositoryName } from './repository-name.ts';
import { EVERYTHING, formatScope, type Scope, scopesContain, scopesCover } from './scope.ts';
import type { Role, User } from './user.ts';

export const PERMISSIONS = ['upload', 'withdraw', 'read', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** `view` is for people only: to see all that an admin sees, and change nothing. */
export type Right = Permission | 'view';

/** What any token of any store looks like; whether one is right only its store knows. */
export const TOKEN_SHAPE = /^lks_[A-Za-z0-9._~-]{16,200}$/;

export type Token = {
  readonly id: string;
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly scopes: readonly Scope[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly lastUsedAt: Instant | null;
  readonly revokedAt: Instant | null;
};

/** Who did it, as the audit log keeps it. */
export type Actor =
  | { readonly kind: 'token'; readonly id: string; readonly name: string }
  | { readonly kind: 'user'; readonly name: string }
  | { readonly kind: 'local'; readonly name: string };

export type Principal = {
  readonly actor: Actor;
  readonly permissions: readonly Right[];
  readonly scopes: readonly Scope[];
};

/** The operating system's user on the machine of the database: whoever can write the file can do everything. */
export function localPrincipal(user: string): Principal {
  return { actor: { kind: 'local', name: user }, permissions: [...PERMISSIONS, 'view'], scopes: [EVERYTHING] };
}

export function tokenPrincipal(token: Token): Principal {
  const actor = { kind: 'token', id: token.id, name: token.name } as const;
  return { actor, permissions: token.permissions, scopes: token.scopes };
}

const RIGHTS: Record<Role, readonly Right[]> = { admin: [...PERMISSIONS, 'view'], viewer: ['read', 'view'] };

export function userPrincipal({ name, role }: Pick<User, 'name' | 'role'>): Principal {
  return { actor: { kind: 'user', name }, permissions: RIGHTS[role], scopes: [EVERYTHING] };
}

export function formatActor(actor: Actor): string {
  if (actor.kind === 'token') return `token ${actor.name} (${actor.id})`;
  return actor.kind === 'user' ? `user ${actor.name}` : `local user ${actor.name}`;
}

/** Any one of `permissions` is enough. */
export function requirePermission(principal: Principal, ...permissions: readonly Right[]): void {
  if (permissions.some((permission) => principal.permissions.includes(permission))) return;
  if (principal.actor.kind === 'user')
    throw new AppError('PERMISSION_MISSING', 'this is for admins; a viewer sees everything and changes nothing');
  const needed = permissions.filter((permission) => permission !== 'view').join(' or ');
  const held = principal.permissions.join(', ');
  throw new AppError('PERMISSION_MISSING', `this call needs the permission ${needed}; the token has ${held}`);
}

export function requireRepository(principal: Principal, repository: RepositoryName): void {
  if (scopesCover(principal.scopes, repository)) return;
  throw new AppError(
    'TOKEN_SCOPE',
    `the token covers ${principal.scopes.map(formatScope).join(', ')} only; ${repository} would need the scope ${quote(repository)}`,
  );
}

/** No scope at all is nobody's in particular, and so for those who have everything. */
export function holdsScopes(principal: Principal, scopes: readonly Scope[]): boolean {
  return (scopes.length > 0 ? scopes : [EVERYTHING]).every((scope) => scopesContain(principal.scopes, scope));
}

/** Nobody grants, changes or reads more than their own scopes hold. */
export function requireScopes(principal: Principal, scopes: readonly Scope[]): void {
  const missing = (scopes.length > 0 ? scopes : [EVERYTHING]).find((scope) => !scopesContain(principal.scopes, scope));
  if (missing === undefined) return;
  const held = principal.scopes.map(formatScope).join(', ');
  throw new AppError(
    'TOKEN_SCOPE',
    `this call needs a token with the scope ${formatScope(missing)}; this one covers ${held}`,
  );
}
