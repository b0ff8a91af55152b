// People: reading and writing. Passwords arrive here hashed.
import { AppError, quote } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Role, User, UserName } from '../domain/user.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import type { NewUser, UserChange, UserRecord } from './people-port.ts';
import type { Act } from './port.ts';

export type UserRow = {
  name: string;
  role: string;
  password: string;
  created_at: number;
  password_changed_at: number;
  last_sign_in_at: number | null;
};

const SELECT = 'SELECT name, role, password, created_at, password_changed_at, last_sign_in_at FROM users';

export function createUserReads(db: Db) {
  const byName = db.prepare<[UserName], UserRow>(`${SELECT} WHERE name = ?`);
  const all = db.prepare<[], UserRow>(`${SELECT} ORDER BY name`);
  return {
    find(name: UserName): UserRecord | null {
      const row = byName.get(name);
      return row ? { user: userOf(row), password: row.password } : null;
    },
    list: (): User[] => all.all().map(userOf),
  };
}

export function createUserWrites(db: Db, audit: ReturnType<typeof createAuditAppend>) {
  const reads = createUserReads(db);
  const insert = db.prepare(`
    INSERT INTO users (name, role, password, created_at, password_changed_at)
    VALUES (@name, @role, @password, @at, @at)`);
  const setRole = db.prepare('UPDATE users SET role = @role WHERE name = @name');
  const setPassword = db.prepare('UPDATE users SET password = @password, password_changed_at = @at WHERE name = @name');
  const remove = db.prepare('DELETE FROM users WHERE name = ?');
  const endSessions = db.prepare('DELETE FROM sessions WHERE user = ?');
  const anybody = db.prepare('SELECT 1 FROM users LIMIT 1');
  const otherAdmin = db.prepare("SELECT 1 FROM users WHERE role = 'admin' AND name <> ? LIMIT 1");

  function get(name: UserName): UserRecord {
    const record = reads.find(name);
    if (!record) throw new AppError('USER_NOT_FOUND', `there is no user ${quote(name)}; see \`lookaside user list\``);
    return record;
  }

  /** Asked inside the transaction of the change: two admins who demote each other at once must not both succeed. */
  function requireOtherAdmin(name: UserName): void {
    if (otherAdmin.get(name)) return;
    throw new AppError('USER_LAST_ADMIN', `${name} is the only admin; make somebody else an admin first`);
  }

  function changeRole({ name, role, actor, at }: UserChange, from: Role): void {
    if (role === undefined || role === from) return;
    if (from === 'admin') requireOtherAdmin(name);
    setRole.run({ name, role });
    audit({ at, actor, action: 'user.role_changed', subject: name, detail: { from, to: role } });
  }

  function changePassword({ name, password, proven, actor, at }: UserChange, before: string): void {
    if (password === undefined) return;
    if (proven !== undefined && proven !== before)
      throw new AppError('CREDENTIALS_INVALID', 'the password was changed by somebody else meanwhile');
    setPassword.run({ name, password, at });
    // Whoever knew the old password, or holds a session opened with it, is out.
    const { changes } = endSessions.run(name);
    audit({ at, actor, action: 'user.password_changed', subject: name, detail: { sessionsEnded: changes } });
  }

  function create({ name, role, password, actor, at }: NewUser): User {
    if (reads.find(name)) throw new AppError('USER_EXISTS', `there is a user ${quote(name)} already`);
    insert.run({ name, role, password, at });
    audit({ at, actor, action: 'user.created', subject: name, detail: { role } });
    return get(name).user;
  }

  return {
    create,

    /** The look and the insertion are one transaction, so that of two servers starting at once one makes the user. */
    createFirst(user: NewUser): boolean {
      if (anybody.get()) return false;
      create(user);
      return true;
    },

    change(change: UserChange): User {
      const { user, password } = get(change.name);
      changeRole(change, user.role);
      changePassword(change, password);
      return get(change.name).user;
    },

    remove({ name, actor, at }: Act & { name: UserName }): void {
      const { user } = get(name);
      if (user.role === 'admin') requireOtherAdmin(name);
      const { changes } = endSessions.run(name);
      remove.run(name);
      audit({ at, actor, action: 'user.removed', subject: name, detail: { sessionsEnded: changes } });
    },
  };
}

export function userOf(row: Omit<UserRow, 'password'>): User {
  return {
    name: row.name as UserName,
    role: row.role as Role,
    createdAt: row.created_at as Instant,
    passwordChangedAt: row.password_changed_at as Instant,
    lastSignInAt: row.last_sign_in_at as Instant | null,
  };
}
