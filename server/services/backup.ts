// `lookaside backup`: a copy of the store in one file, checked before it has its name. The store is opened as it is, not
// migrated: a backup is what one makes before an upgrade.
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { AppError, quote, reasonOf, toAppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { isDiskFull } from '../ops/disk-full.ts';
import { writeWhole } from '../ops/whole-file.ts';
import type { World } from '../ops/world.ts';
import { copyDatabase, type Holdings, type Progress, sealCopy } from '../store/backup.ts';
import { recordBackup } from '../store/backup-rows.ts';
import { HOW_TO_RESTORE, noStore, openWriter } from '../store/database.ts';
import { fileIdentity, isSameFile } from '../store/file-identity.ts';

/** The database of a store, which need not be in order, nor there. */
export type StorePlace = { readonly path: string; readonly migrations: string };

export type Backup = Holdings & {
  readonly file: string;
  /** When it was begun: everything acknowledged before is in it. */
  readonly takenAt: Instant;
  readonly bytes: number;
  /** Why the store could not note its age; null: it did. */
  readonly unrecorded: string | null;
};

export type BackupRequest = { readonly file: string; readonly force: boolean; readonly onProgress: Progress };

/** Readable for its owner alone: it holds the hashes of passwords and tokens. */
const PRIVATE = 0o600;

export function createBackup({ path, migrations }: StorePlace, world: World) {
  return async ({ file, force, onProgress }: BackupRequest): Promise<Backup> => {
    requireStore(path);
    const target = resolve(file);
    if (isPartOfStore(target, path))
      throw new AppError('USAGE_INVALID', `${quote(target)} is part of the store itself; give another file`);
    try {
      const made = await writeWhole({ target, kind: 'backup', mode: PRIVATE, force }, world, async (beside) => {
        const takenAt = world.now();
        await copyDatabase(path, beside.path, { migrations, onProgress });
        const holdings = sealCopy(beside.path, takenAt);
        return { ...holdings, takenAt, bytes: statSync(beside.path).size };
      });
      return { ...made, file: target, unrecorded: record(path, made.takenAt) };
    } catch (error) {
      throw failed(error, dirname(target));
    }
  };
}

export function requireStore(path: string): void {
  if (!existsSync(path)) throw noStore(path);
  if (statSync(path).size === 0) throw new AppError('STORE_CORRUPT', `${path} is cut to nothing; ${HOW_TO_RESTORE}`);
}

/** The files that SQLite keeps for a database; whoever puts another one of these names there destroys the store. */
export function isPartOfStore(file: string, path: string): boolean {
  const parts = ['', '-wal', '-shm', '-journal'].map((suffix) => resolve(path) + suffix);
  return parts.some((part) => file === part || isSameFile(fileIdentity(file), fileIdentity(part)));
}

/** The backup is made and good; a store that cannot be written at this moment is no reason to call it failed. */
function record(path: string, at: Instant): string | null {
  try {
    const db = openWriter(path);
    try {
      recordBackup(db, at);
      return null;
    } finally {
      db.close();
    }
  } catch (error) {
    return reasonOf(error);
  }
}

function failed(thrown: unknown, folder: string): AppError {
  const error = toAppError(thrown);
  const { code, cause } = error;
  if (code === 'USAGE_INVALID') return error;
  if (code === 'STORE_FULL' || isDiskFull(cause))
    return new AppError('STORE_FULL', `no backup was made: there is no room for it in ${quote(folder)}`, { cause });
  const message = code === 'INTERNAL' ? reasonOf(cause) : error.message;
  return new AppError(code, `no backup was made: ${message}`, { cause });
}
