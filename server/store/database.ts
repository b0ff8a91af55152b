// One way to open the database, with the guarantees of ARCHITECTURE.md: WAL, so that readers never wait for a writer, and
// synchronous=FULL set by hand on every connection, because only the connection that switched a file to WAL keeps
// it: an acknowledged upload survives a power cut.
import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import { type FileIdentity, fileIdentity, isSameFile } from './file-identity.ts';

export type Db = Database.Database;

/** How long a writer waits for another process before STORE_BUSY. */
const BUSY_MS = 5_000;
/** 16 MiB. Between two checkpoints a page that many commits change is copied into the database once. */
const CHECKPOINT_PAGES = 4_000;

export function openWriter(path: string): Db {
  return opened(path, {}, (db) => {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    // Every write is a savepoint of its own, and what it may have to undo would go through a temporary file.
    db.pragma('temp_store = MEMORY');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  });
}

/** Pages that a connection keeps in memory where another one answers the reads, KiB. SQLite's own 16 MB are for those. */
export const FEW_PAGES_KIB = 4_096;

export function openReader(path: string, pagesKiB?: number): Db {
  // Not `readonly`: such a connection cannot read a WAL database whose side files a clean shutdown has removed.
  return opened(path, { fileMustExist: true }, (db) => {
    db.pragma('query_only = ON');
    if (pagesKiB !== undefined) db.pragma(`cache_size = -${pagesKiB}`);
  });
}

/** A database that nobody else knows of, as it is: a backup, or one that is about to become the store. */
export function openFile(path: string): Db {
  return opened(path, { fileMustExist: true }, (db) => db.pragma('synchronous = FULL'));
}

/** Of the file that SQLite maps into memory; with smaller blocks than pages of memory it has holes. */
const PAGE_BYTES = 4_096;
/** All of that file, and what opening writes besides. */
const ROOM_BYTES = 64 * 1024;

/** Where blocks are small and none is left, the system would end the process at the first hole that is written to. */
function requireRoom(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) return; // which is told better by whoever opens it
  const { bsize, bavail } = statfsSync(folder);
  if (bsize < PAGE_BYTES && bsize * bavail < ROOM_BYTES) throw noRoom();
}

function noRoom(cause?: unknown): AppError {
  const message = `the disk is full, and opening the database takes ${ROOM_BYTES / 1024} KiB of it; make room in LOOKASIDE_DATA_DIR`;
  return new AppError('STORE_FULL', message, { cause });
}

function opened(path: string, options: Database.Options, prepare: (db: Db) => void): Db {
  try {
    requireRoom(path);
    const db = new Database(path, { ...options, timeout: BUSY_MS });
    try {
      prepare(db);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  } catch (thrown) {
    const error = storeError(thrown);
    throw error.code === 'STORE_FULL' ? noRoom(error.cause) : error;
  }
}

/** A write into a file that was moved away or deleted would be acknowledged and lost. */
export function requireSameFile(path: string, opened: FileIdentity | null): void {
  if (isSameFile(fileIdentity(path), opened)) return;
  throw new AppError('STORE_FAULT', 'the database file was moved or replaced while the server ran; restart the server');
}

/** What to do about a damaged database. */
export const HOW_TO_RESTORE = 'stop the server, then `lookaside restore FILE --force` puts a backup in its place';

export function noStore(path: string): AppError {
  const make = 'or make one: `lookaside serve` does, and `lookaside key add FILE`';
  return new AppError('CONFIG_INVALID', `there is no store in ${dirname(path)}; check LOOKASIDE_DATA_DIR, ${make}`);
}

const CODES: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'STORE_BUSY', 'the database is locked by another process; try again'],
  [/^SQLITE_(FULL|IOERR_SHMSIZE)/, 'STORE_FULL', 'the disk is full; nothing was stored'],
  [/^SQLITE_IOERR/, 'STORE_FAULT', 'the disk failed; check it and try again: a repeat is harmless'],
  [
    /^SQLITE_(READONLY|PERM|CANTOPEN|AUTH)/,
    'STORE_READ_ONLY',
    'the database cannot be opened for writing; check LOOKASIDE_DATA_DIR and its owner',
  ],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'STORE_CORRUPT', `the database is damaged; ${HOW_TO_RESTORE}`],
];

/** An AppError for what SQLite says; an AppError stays what it is. */
export function storeError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const sqlite = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  for (const [pattern, code, message] of CODES)
    if (pattern.test(sqlite)) return new AppError(code, message, { cause: thrown });
  return new AppError('STORE_FAULT', 'the database failed; `lookaside fsck` looks for the cause', { cause: thrown });
}
