// Sessions: where people are signed in, and the record of who was refused. Secrets arrive here as their SHA-256.
import type { AuditEvent } from '../domain/audit-event.ts';
import { AppError } from '../domain/errors.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { NOBODY } from '../domain/user.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import type { NewSession, RefusedSignIn, SessionRecord, SessionUse } from './people-port.ts';
import { type UserRow, userOf } from './user-rows.ts';

type Row = Omit<UserRow, 'password'> & {
  sha256: Buffer;
  session_created_at: number;
  last_seen_at: number;
  expires_at: number;
};

export function createSessionReads(db: Db) {
  const bySecret = db.prepare<[Uint8Array], Row>(`
    SELECT s.sha256, s.created_at AS session_created_at, s.last_seen_at, s.expires_at,
           u.name, u.role, u.created_at, u.password_changed_at, u.last_sign_in_at
      FROM sessions s JOIN users u ON u.name = s.user
     WHERE s.sha256 = +?`); // an expression: see signature-rows.ts
  return {
    find(sha256: Uint8Array): SessionRecord | null {
      const row = bySecret.get(sha256);
      if (!row) return null;
      return {
        sha256: row.sha256,
        user: userOf(row),
        createdAt: row.session_created_at as Instant,
        lastSeenAt: row.last_seen_at as Instant,
        expiresAt: row.expires_at as Instant,
      };
    },
  };
}

export function createSessionWrites(db: Db, audit: ReturnType<typeof createAuditAppend>) {
  const reads = createSessionReads(db);
  const noteSignIn = db.prepare(`
    UPDATE users SET last_sign_in_at = @at, password = @kept WHERE name = @user AND password = @proven`);
  const insert = db.prepare(`
    INSERT INTO sessions (sha256, user, created_at, last_seen_at, expires_at) VALUES (@sha256, @user, @at, @at, @expiresAt)`);
  const removeExpired = db.prepare('DELETE FROM sessions WHERE expires_at <= ?');
  const remove = db.prepare('DELETE FROM sessions WHERE sha256 = ?');
  const touch = db.prepare('UPDATE sessions SET last_seen_at = max(last_seen_at, @at) WHERE sha256 = @sha256');

  const byUser = (name: string, at: Instant): Pick<AuditEvent, 'actor' | 'at' | 'subject'> => ({
    actor: { kind: 'user', name },
    at,
    subject: name,
  });

  return {
    create({ sha256, user, proven, rehashed, address, at, expiresAt }: NewSession): void {
      // The password was checked outside of this transaction: it may be another one by now, and the user another person.
      if (noteSignIn.run({ user, proven, kept: rehashed ?? proven, at }).changes === 0)
        throw new AppError('CREDENTIALS_INVALID', 'the password was changed meanwhile; sign in again');
      removeExpired.run(at);
      insert.run({ sha256, user, at, expiresAt });
      const detail = { address, expiresAt: formatInstant(expiresAt) };
      audit({ ...byUser(user, at), action: 'session.created', detail });
    },

    end({ sha256, at }: SessionUse): void {
      const session = reads.find(sha256);
      if (!session) return; // asked for and true: nothing to do, nothing to log
      remove.run(sha256);
      audit({ ...byUser(session.user.name, at), action: 'session.ended', detail: {} });
    },

    recordRefused({ user, occasion, attempts, address, at }: RefusedSignIn): void {
      // The name that was tried is not written where no user has it: people type their password into the wrong field,
      // and what is in the log stays there and is read by viewers. What is lost is the list of guessed names.
      const detail = { occasion, address, attempts };
      audit({ ...byUser(user ?? NOBODY, at), action: 'session.refused', detail });
    },

    touch(uses: readonly SessionUse[]): void {
      for (const use of uses) touch.run(use);
    },
  };
}
