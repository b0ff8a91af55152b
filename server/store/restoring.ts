// A database that takes the place of another: the one that is there is held so that nobody else has it open, the new one
// is checked and brought up to date before it is there, and afterwards it can be told what only the old one knew.
import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { AuditAction, AuditEvent } from '../domain/audit-event.ts';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { createAuditAppend, createAuditReads } from './audit-log.ts';
import { countHoldings, type Holdings, requireSound } from './backup.ts';
import { createBackupReads } from './backup-rows.ts';
import { type Db, openFile, openWriter, storeError } from './database.ts';
import { migrate, requireKnownMigrations } from './migrate.ts';

/** By its first bytes alone. */
export function isDatabase(path: string): boolean {
  const head = Buffer.alloc(SQLITE_MAGIC.length);
  const file = openSync(path, 'r');
  try {
    return readSync(file, head) === head.length && head.toString('latin1') === SQLITE_MAGIC;
  } finally {
    closeSync(file);
  }
}

const SQLITE_MAGIC = 'SQLite format 3\0';

/** How long others may still be about to close it. */
const WAIT_MS = 1_000;

export type Held = {
  /** `nothing`: nothing ever happened in it. */
  readonly holdings: Holdings | 'nothing' | 'unreadable';
  lossesSince(head: Holdings['head']): Losses | 'of another store' | 'unreadable';
  /** Whether all of it is in the one file, so that no WAL of it is taken for one of its successor. */
  readonly whole: boolean;
  release(): void;
};

/**
 * Locks a database as a whole: SQLite gives this lock to one alone, and takes it back from a process that dies. Throws
 * STORE_IN_USE when others have it open. Null: it is damaged so that not even this can be asked.
 */
export function holdAlone(path: string): Held | null {
  // SQLite takes a file shorter than a page for an empty database, and deletes the WAL beside it, the last that is left.
  const content = statSync(path).size > 0 || existsSync(`${path}-wal`);
  if (content && statSync(path).isFile() && !isDatabase(path)) return null;
  let db: Db | null = null;
  try {
    db = new Database(path, { fileMustExist: true, timeout: WAIT_MS });
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE; COMMIT');
    return heldBy(db);
  } catch (error) {
    db?.close();
    const failed = storeError(error);
    if (failed.code === 'STORE_CORRUPT' || failed.code === 'STORE_FAULT') return null;
    if (failed.code !== 'STORE_BUSY') throw failed;
    throw new AppError('STORE_IN_USE', 'a server or a command has the database open; stop the server first');
  }
}

/** Held, however much of it can be read: what is damaged is what gets replaced. */
function heldBy(db: Db): Held {
  const readable = <T>(read: () => T): T | 'unreadable' => {
    try {
      return read();
    } catch {
      return 'unreadable';
    }
  };
  return {
    holdings: readable(() => holdingsOf(db)),
    whole: checkpointed(db),
    lossesSince: (head) => readable(() => lossesSince(db, head)),
    release: () => void db.close(),
  };
}

function checkpointed(db: Db): boolean {
  try {
    const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    return result?.busy === 0;
  } catch {
    return false;
  }
}

function holdingsOf(db: Db): Holdings | 'nothing' {
  if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'audit_head'").get()) {
    if (!db.prepare('SELECT 1 FROM sqlite_schema').get()) return 'nothing';
    throw new AppError('STORE_CORRUPT', 'not a database of Lookaside');
  }
  const head = createAuditReads(db).head();
  return head.seq === 0 ? 'nothing' : { ...countHoldings(db), head };
}

export type Losses = {
  readonly counts: readonly { readonly action: AuditAction; readonly count: number }[];
  /** What took something away from somebody, and is undone: the latest, oldest first. */
  readonly undone: readonly { readonly at: Instant; readonly action: AuditAction; readonly subject: string }[];
};

/** Of those: more would not be read, and the replaced store still has them. */
const UNDONE_SHOWN = 50;

/** Of another store, when the log is not one that grew out of this head. */
function lossesSince(db: Db, head: Holdings['head']): Losses | 'of another store' {
  if (head.seq > 0 && createAuditReads(db).hashAt(head.seq) !== head.hash) return 'of another store';
  const counts = db.prepare<[number], Losses['counts'][number]>(`
    SELECT action, count(*) AS count FROM audit WHERE seq > ? AND action NOT LIKE 'session.%'
     GROUP BY action ORDER BY action`);
  const undone = db.prepare<[number], Losses['undone'][number]>(`
    SELECT at, action, subject FROM audit
     WHERE seq > ? AND action IN ('signature.withdrawn', 'key.retired', 'key.revoked', 'token.revoked', 'publisher.removed', 'alias.removed', 'user.removed',
                                  'user.role_changed', 'user.password_changed')
     ORDER BY seq DESC LIMIT ${UNDONE_SHOWN}`);
  return { counts: counts.all(head.seq), undone: undone.all(head.seq).reverse() };
}

export type Candidate = Pick<Holdings, 'head'> & { readonly takenAt: Instant | null };

/** Checks a copy of a backup as far as that goes without this version's schema, and then gives it that. */
export function prepareCandidate(path: string, migrations: string): Candidate {
  const db = openFile(path);
  try {
    requireSound(db);
    if (!db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").get())
      throw new AppError('BACKUP_INVALID', 'it is a SQLite database, but not one of Lookaside');
    requireKnownMigrations(db, migrations);
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
  const writer = openWriter(path);
  try {
    migrate(writer, migrations);
    return { head: createAuditReads(writer).head(), takenAt: createBackupReads(writer).lastAt() };
  } finally {
    writer.close();
  }
}

/**
 * The last change before it becomes the store, as a single file. Sessions end: some of them had ended since, and whoever
 * holds their cookie must not be let in again.
 */
export function sealCandidate(path: string, event: AuditEvent): Holdings {
  const db = openFile(path);
  try {
    db.pragma('journal_mode = DELETE');
    const append = createAuditAppend(db);
    db.transaction(() => {
      db.exec('DELETE FROM sessions');
      append(event);
    })();
    return { ...countHoldings(db), head: createAuditReads(db).head() };
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}
