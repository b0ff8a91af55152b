// A copy of the whole database: one consistent state of it, made while others write.
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { createAuditReads, GENESIS } from './audit-log.ts';
import { recordBackup } from './backup-rows.ts';
import { type Db, openFile, openReader, storeError } from './database.ts';
import { requireKnownMigrations } from './migrate.ts';
import type { AuditHead } from './port.ts';

/** Pages of 4 KiB copied at a time: a few milliseconds. */
const STEP = 2_000;

export type Progress = (done: number, total: number) => void;

/** What a copy of a store holds. */
export type Holdings = { readonly signatures: number; readonly keys: number; readonly head: AuditHead };

/**
 * Copies into `to`, an empty file. All steps are within one read transaction: each by itself would see a later state,
 * and SQLite begin again with every commit in between, under constant uploads for ever. Nobody waits for this reader;
 * checkpoints do not pass it, so the WAL grows by what is written meanwhile.
 */
export async function copyDatabase(from: string, to: string, options: { migrations: string; onProgress: Progress }) {
  const db = openReader(from);
  try {
    db.exec('BEGIN');
    requireKnownMigrations(db, options.migrations);
    await db.backup(to, {
      progress({ totalPages, remainingPages }) {
        options.onProgress(totalPages - remainingPages, totalPages);
        return STEP;
      },
    });
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}

/**
 * Checks a copy, notes in it when it was begun, and makes it a single file, without the side files of a WAL, that can
 * be read where nothing can be written.
 */
export function sealCopy(path: string, at: Instant): Holdings {
  const db = openFile(path);
  try {
    db.pragma('journal_mode = DELETE');
    requireSound(db);
    const holdings = { ...countHoldings(db), head: verifyWhole(db) };
    recordBackup(db, at);
    return holdings;
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}

/** Every page can be read and is in order; what indexes hold is not compared. */
export function requireSound(db: Db): void {
  const found = db.pragma('quick_check(1)', { simple: true });
  if (found === 'ok') return;
  const what = String(found).replace(/^\*\*\* in database main \*\*\*\n/, '');
  throw new AppError('STORE_CORRUPT', `the database is damaged (${what}); \`lookaside fsck\` lists all of it`);
}

export function countHoldings(db: Db): Omit<Holdings, 'head'> {
  const count = (table: 'signatures' | 'keys') =>
    db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  return { signatures: count('signatures'), keys: count('keys') };
}

/** The head of the audit log, its whole chain checked. Throws AUDIT_BROKEN. */
function verifyWhole(db: Db): AuditHead {
  const { verify } = createAuditReads(db);
  let reached = verify(GENESIS);
  while (!reached.done) reached = verify(reached);
  return { seq: reached.seq, hash: reached.hash };
}
