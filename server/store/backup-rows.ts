// When the store was last backed up.
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

export function createBackupReads(db: Db): { lastAt(): Instant | null } {
  const lastAt = db.prepare<[], Instant>('SELECT at FROM last_backup').pluck();
  return { lastAt: () => lastAt.get() ?? null };
}

/** `at` is when the backup was begun. */
export function recordBackup(db: Db, at: Instant): void {
  db.prepare('INSERT INTO last_backup (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at').run(
    at,
  );
}
