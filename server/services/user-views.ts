// The JSON shapes of people and of who is asking.
import type { Instant } from '../domain/instant.ts';
import type { Principal } from '../domain/principal.ts';
import type { Role, User } from '../domain/user.ts';
import { maybe, time } from './views.ts';

export function userView({ name, role, createdAt, passwordChangedAt, lastSignInAt }: User) {
  return {
    name: name as string,
    role,
    createdAt: time(createdAt),
    passwordChangedAt: time(passwordChangedAt),
    lastSignInAt: maybe(lastSignInAt),
  };
}

/** Null for what a token does not have, or does not end. */
export type Standing = { readonly role: Role | null; readonly expiresAt: Instant | null };

export function callerView({ actor, permissions, scopes }: Principal, { role, expiresAt }: Standing) {
  return {
    actor,
    role,
    permissions: [...permissions],
    scopes: [...scopes] as string[],
    expiresAt: maybe(expiresAt),
  };
}
