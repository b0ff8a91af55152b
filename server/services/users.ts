// People: adding, changing, removing, and the first admin of a new store.
import type { Instant } from '../domain/instant.ts';
import { type Principal, requirePermission, requireScopes, SEE } from '../domain/principal.ts';
import { EVERYTHING } from '../domain/scope.ts';
import { parseUserName, type Role, requirePassword, type User } from '../domain/user.ts';
import type { World } from '../ops/world.ts';
import type { Store } from '../store/port.ts';
import { generatePassword, type Passwords } from './passwords.ts';

export type NewUserRequest = { readonly name: string; readonly role: Role; readonly password: string };
export type UserChangeRequest = { readonly role?: Role | undefined; readonly password?: string | undefined };

/** To be shown once, and kept by nobody but whoever reads it. */
export type FirstAdmin = { readonly name: string; readonly password: string };

export type Users = {
  create(request: NewUserRequest, principal: Principal): Promise<User>;
  list(principal: Principal): Promise<User[]>;
  /** Acts on the next request of the user; a new password ends their sessions. */
  change(name: string, change: UserChangeRequest, principal: Principal): Promise<User>;
  remove(name: string, principal: Principal): Promise<void>;
  /**
   * Where there is no user at all, makes `admin`, with the given password or one that is generated and returned. Null
   * when nobody needs to be told anything.
   */
  ensureAdmin(password: string | null): Promise<FirstAdmin | null>;
};

const FIRST_ADMIN = parseUserName('admin');

export function createUsers(store: Store, passwords: Passwords, world: World): Users {
  return {
    async create({ name: untrustedName, role, password }, principal) {
      requireAdmin(principal);
      const name = parseUserName(untrustedName);
      requirePassword(password);
      const hashed = await passwords.hash(password);
      return store.createUser({ name, role, password: hashed, ...act(principal, world.now()) });
    },

    async list(principal) {
      requirePermission(principal, ...SEE);
      requireScopes(principal, [EVERYTHING]);
      return store.listUsers();
    },

    async change(untrustedName, { role, password }, principal) {
      requireAdmin(principal);
      const name = parseUserName(untrustedName);
      if (password !== undefined) requirePassword(password);
      const hashed = password === undefined ? undefined : await passwords.hash(password);
      return store.changeUser({ name, role, password: hashed, ...act(principal, world.now()) });
    },

    async remove(untrustedName, principal) {
      requireAdmin(principal);
      await store.removeUser({ name: parseUserName(untrustedName), ...act(principal, world.now()) });
    },

    async ensureAdmin(given) {
      if ((await store.listUsers()).length > 0) return null;
      const password = given ?? generatePassword(world.randomBytes);
      const created = await store.createFirstUser({
        name: FIRST_ADMIN,
        role: 'admin',
        password: await passwords.hash(password),
        actor: { kind: 'local', name: 'first start' },
        at: world.now(),
      });
      // Another server may have been faster; then its password counts, and this one was never anybody's.
      return created && given === null ? { name: FIRST_ADMIN, password } : null;
    },
  };
}

/** People have every scope, so a token that has fewer must not make them, nor take over one by a new password. */
function requireAdmin(principal: Principal): void {
  requirePermission(principal, 'admin');
  requireScopes(principal, [EVERYTHING]);
}

function act({ actor }: Principal, at: Instant) {
  return { actor, at };
}
