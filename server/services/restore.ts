// `lookaside restore`: a backup becomes the store. Everything is checked before anything is replaced, the replacement is
// one rename, and what was there before is kept beside. Killed at any moment it leaves the old store or the new one.
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError, quote, reasonOf, toAppError } from '../domain/errors.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Actor } from '../domain/principal.ts';
import { isDiskFull } from '../ops/disk-full.ts';
import { syncDirectory, syncFile } from '../ops/durable-file.ts';
import type { World } from '../ops/world.ts';
import type { Holdings } from '../store/backup.ts';
import {
  type Candidate,
  type Held,
  holdAlone,
  isDatabase,
  type Losses,
  prepareCandidate,
  sealCandidate,
} from '../store/restoring.ts';
import { makeDirectory } from '../store/sqlite-store.ts';
import { isPartOfStore, type StorePlace } from './backup.ts';
import { checkStore, type Listener } from './fsck.ts';

export type { Losses } from '../store/restoring.ts';

export type Restored = Holdings & {
  /** When the backup was begun; null: it does not say. */
  readonly takenAt: Instant | null;
  /** Where the replaced database is now; null: there was none. */
  readonly kept: string | null;
  /** What only the replaced one knew; null: it was not there, or nothing had happened in it. */
  readonly losses: Losses | 'of another store' | 'unreadable' | null;
};

export type RestoreRequest = Listener & { readonly file: string; readonly force: boolean; readonly actor: Actor };

export function createRestore({ path, migrations }: StorePlace, world: World) {
  return async ({ file, force, actor, ...listener }: RestoreRequest): Promise<Restored> => {
    const source = resolve(file);
    requireBackup(source, path);
    makeDirectory(dirname(path));
    const there = fs.existsSync(path);
    const held = there ? holdAlone(path) : null;
    const candidate = `${path}.restoring-${world.randomBytes(8).toString('hex')}`;
    try {
      if (there && !force) requireEmpty(held);
      clear(path);
      copy(source, candidate, path);
      const backup = await checked({ path: candidate, migrations }, { source, listener });
      const detail = detailOf(backup, held);
      const event = { at: world.now(), actor, action: 'store.restored', subject: 'store', detail } as const;
      const holdings = sealCandidate(candidate, event);
      syncFile(candidate);
      const losses = there ? lossesOf(held, backup) : null;
      const kept = `${path}.before-restore-${formatInstant(event.at).replace(/[-:.]/g, '')}`;
      replace({ path, candidate, kept, there, whole: held?.whole ?? false });
      return { ...holdings, takenAt: backup.takenAt, kept: there ? kept : null, losses };
    } catch (error) {
      throw failed(error);
    } finally {
      for (const suffix of ['', '-wal', '-shm', '-journal']) fs.rmSync(candidate + suffix, { force: true });
      held?.release();
    }
  };
}

function requireBackup(source: string, path: string): void {
  const shown = quote(source);
  if (isPartOfStore(source, path)) throw new AppError('USAGE_INVALID', `${shown} is the store itself; give a backup`);
  const stats = fs.statSync(source, { throwIfNoEntry: false });
  if (!stats?.isFile()) throw new AppError('USAGE_INVALID', `there is no file ${shown}`);
  if ((fs.statSync(`${source}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0)
    throw new AppError(
      'BACKUP_INVALID',
      `beside ${shown} there is a -wal file, so it is a database in use, or half of a copy of one; ` +
        'set LOOKASIDE_DATA_DIR to a directory with both files, named lookaside.db and lookaside.db-wal, and make a backup of that',
    );
  if (stats.size === 0) throw new AppError('BACKUP_INVALID', `${shown} is empty`);
  try {
    if (isDatabase(source)) return;
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `${shown} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  throw new AppError('BACKUP_INVALID', `${shown} is no SQLite database`);
}

function requireEmpty(held: Held | null): void {
  const holdings = held?.holdings ?? 'unreadable';
  if (holdings === 'nothing') return;
  const what =
    holdings === 'unreadable'
      ? 'there is a store that cannot be read'
      : `there is a store (signatures: ${holdings.signatures}, keys: ${holdings.keys}, audit rows: ${holdings.head.seq})`;
  throw new AppError('STORE_NOT_EMPTY', `${what}; --force replaces it, and keeps it beside`);
}

/** What a restore that was killed has left; nobody else is at it, since the database is held. */
function clear(path: string): void {
  const start = `${basename(path)}.restoring-`;
  for (const name of fs.readdirSync(dirname(path)))
    if (name.startsWith(start)) fs.rmSync(join(dirname(path), name), { force: true });
}

/** Owned by whom the server runs as: the command may run as root. */
function copy(source: string, candidate: string, path: string): void {
  fs.copyFileSync(source, candidate, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE);
  const before = fs.statSync(path, { throwIfNoEntry: false });
  const { uid, gid } = before ?? fs.statSync(dirname(path));
  fs.chmodSync(candidate, before ? before.mode & 0o777 : 0o600);
  if (process.getuid?.() === 0) fs.chownSync(candidate, uid, gid);
}

async function checked(
  candidate: StorePlace,
  { source, listener }: { source: string; listener: Listener },
): Promise<Candidate> {
  try {
    const backup = prepareCandidate(candidate.path, candidate.migrations);
    const { faults } = await checkStore(candidate, listener);
    if (faults > 0) throw new AppError('BACKUP_INVALID', `it has ${faults} ${faults === 1 ? 'fault' : 'faults'}`);
    return backup;
  } catch (thrown) {
    const { code, message, cause } = toAppError(thrown);
    if (code !== 'STORE_CORRUPT' && code !== 'BACKUP_INVALID' && code !== 'MIGRATION_INVALID') throw thrown;
    const kind = code === 'STORE_CORRUPT' ? 'BACKUP_INVALID' : code;
    throw new AppError(kind, `${quote(source)} cannot be restored: ${message}; nothing was replaced`, { cause });
  }
}

/** For the audit log of the store that comes back. */
function detailOf({ head, takenAt }: Candidate, held: Held | null) {
  const replaced = typeof held?.holdings === 'object' ? held.holdings.head : null;
  return {
    takenAt: takenAt === null ? null : formatInstant(takenAt),
    replacedHead: replaced ? `${replaced.seq}:${replaced.hash}` : null,
    backupHead: `${head.seq}:${head.hash}`,
  };
}

function lossesOf(held: Held | null, { head }: Candidate): Restored['losses'] {
  if (held?.holdings === 'nothing') return null;
  return held?.lossesSince(head) ?? 'unreadable';
}

type Replacement = { path: string; candidate: string; kept: string; there: boolean; whole: boolean };

/**
 * The name of the store always stands for a whole database: the old one gets a second name first, and loses its own to
 * the new one in one step. A WAL is read by whichever database has the name, so none may be left.
 */
function replace({ path, candidate, kept, there, whole }: Replacement): void {
  const folder = dirname(path);
  if (there) keep(path, kept);
  if (whole) fs.rmSync(`${path}-wal`, { force: true });
  else if (fs.existsSync(`${path}-wal`)) fs.renameSync(`${path}-wal`, `${kept}-wal`);
  syncDirectory(folder);
  if (there || !linked(candidate, path)) fs.renameSync(candidate, path);
  if (!whole) fs.rmSync(`${path}-shm`, { force: true });
  syncDirectory(folder);
}

function keep(path: string, kept: string): void {
  if (linked(path, kept)) return;
  fs.copyFileSync(path, kept, fs.constants.COPYFILE_EXCL);
  syncFile(kept);
}

/** False on a file system without hard links. */
function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    throw new AppError('STORE_IN_USE', `${quote(to)} was made by somebody else meanwhile; nothing was replaced`, {
      cause,
    });
  }
}

function failed(thrown: unknown): AppError {
  const error = toAppError(thrown);
  const { code, cause } = error;
  if (code !== 'INTERNAL') return error;
  const full = isDiskFull(cause);
  const why = full ? 'there is no room beside the store for the restored one' : reasonOf(cause);
  return new AppError(full ? 'STORE_FULL' : 'STORE_FAULT', `nothing was replaced: ${why}`, { cause });
}
