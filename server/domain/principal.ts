// Who asks, and what they may do. Permissions are separate: `admin` manages keys, tokens and the audit log, and
// includes neither `upload` nor `withdraw`, so that an administration token in a script cannot publish by accident.
import { AppError, quote } from './errors.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Instant } from './instant.ts';
import type { RepositoryName } from './repository-name.ts';
import { EVERYTHING, formatScope, type Scope, scopesContain, scopesCover } from './scope.ts';
import type { Role, User } from './user.ts';

export const PERMISSIONS = ['upload', 'withdraw', 'read', 'admin'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** `view` is for people only: to see all that an admin sees, and change nothing. */
export type Right = Permission | 'view';

/** Who sees what an admin sees. */
export const SEE = ['admin', 'view'] as const;
/** Who reads signatures. */
export const READ = ['read', 'admin', 'view'] as const;

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
  /** Whose signatures it may upload; null: those of all registered keys. */
  readonly keys: readonly Fingerprint[] | null;
  /** Id of the publisher that was given it in exchange for an ID token; null: somebody made it. */
  readonly publisher: string | null;
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
  /** Whose signatures they may upload; null: those of all registered keys. */
  readonly keys: readonly Fingerprint[] | null;
};

/** The operating system's user on the machine of the database: whoever can write the file can do everything. */
export function localPrincipal(user: string): Principal {
  const actor = { kind: 'local', name: user } as const;
  return { actor, permissions: [...PERMISSIONS, 'view'], scopes: [EVERYTHING], keys: null };
}

export function tokenPrincipal(token: Token): Principal {
  const actor = { kind: 'token', id: token.id, name: token.name } as const;
  return { actor, permissions: token.permissions, scopes: token.scopes, keys: token.keys };
}

const RIGHTS: Record<Role, readonly Right[]> = { admin: [...PERMISSIONS, 'view'], viewer: ['read', 'view'] };

export function userPrincipal({ name, role }: Pick<User, 'name' | 'role'>): Principal {
  return { actor: { kind: 'user', name }, permissions: RIGHTS[role], scopes: [EVERYTHING], keys: null };
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

/** `signer` is the primary key. */
export function requireSigner({ keys }: Principal, signer: Fingerprint): void {
  if (keys === null || keys.includes(signer)) return;
  throw new AppError('TOKEN_KEY', `the token is for signatures of ${keys.join(', ')} only; this one is by ${signer}`);
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
