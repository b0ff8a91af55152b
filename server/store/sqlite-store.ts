// The SQLite store: one writer, one reader connection, migrations first.
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import { makeDirectories } from '../ops/make-directories.ts';
import { createAliasReads } from './alias-rows.ts';
import { createBackupReads } from './backup-rows.ts';
import { createChanges } from './changes.ts';
import {
  FEW_PAGES_KIB,
  HOW_TO_RESTORE,
  noStore,
  openReader,
  openWriter,
  requireSameFile,
  storeError,
} from './database.ts';
import { fileIdentity } from './file-identity.ts';
import { type ImageIndexOptions, NO_INDEX } from './image-index.ts';
import { createKeyReads } from './key-rows.ts';
import { createLocalLists, createThreadLists } from './lists.ts';
import { createLiveReads } from './live-rows.ts';
import { migrate } from './migrate.ts';
import type { LiveReads, Store, StoreReads } from './port.ts';
import { createPublisherReads } from './publisher-rows.ts';
import { createSessionReads } from './session-rows.ts';
import { createSignatureReads } from './signature-rows.ts';
import { createTokenReads } from './token-rows.ts';
import { createUserReads } from './user-rows.ts';
import { createLocalWriter, createThreadWriter } from './writer.ts';

export type StoreOptions = {
  readonly path: string;
  readonly migrations: string;
  /** A thread for a server, in place for a command. */
  readonly writer: 'thread' | 'local';
  /** Refuses to make a new store: an empty one in the wrong place looks like loss. */
  readonly mustExist?: boolean;
  /** For a server, which answers many reads. */
  readonly imageIndex?: ImageIndexOptions;
};

export async function openStore(options: StoreOptions): Promise<Store> {
  const { path, migrations, writer, mustExist = false, imageIndex = NO_INDEX } = options;
  if (mustExist && fileIdentity(path) === null) throw noStore(path);
  makeDirectory(dirname(path));
  await requireContent(path);
  prepare(path, migrations);
  const writing = writer === 'thread' ? createThreadWriter(path) : createLocalWriter(path);
  const reading = openReads(path, imageIndex);
  const listing = writer === 'thread' ? createThreadLists(path) : createLocalLists(path);
  return {
    ...writing.writes,
    ...reading.reads,
    ...listing.lists,
    ...reading.live,
    async close() {
      reading.close();
      await listing.close();
      await writing.close();
    },
  };
}

function prepare(path: string, migrations: string): void {
  const before = fileIdentity(path);
  const db = openWriter(path);
  try {
    migrate(db, migrations);
  } finally {
    db.close();
  }
  // This waited for a restore, and has opened what was replaced meanwhile.
  if (before !== null) requireSameFile(path, before);
}

/** How long another process may take that is making the database at this moment. */
const MAKING_MS = 1_000;

/** The smallest page of SQLite. */
const SMALLEST = 512;

/**
 * SQLite makes a new store of a file that is shorter than a page, and deletes the WAL beside it: runtimes would take each
 * image for unsigned.
 */
async function requireContent(path: string): Promise<void> {
  const empty = () => (statSync(path, { throwIfNoEntry: false })?.size ?? SMALLEST) < SMALLEST;
  for (let waited = 0; empty() && waited < MAKING_MS; waited += 50) await sleep(50);
  if (empty())
    throw new AppError(
      'STORE_CORRUPT',
      `${path} is cut to nothing; ${HOW_TO_RESTORE}, or remove it to begin with an empty store`,
    );
}

export function makeDirectory(directory: string): void {
  try {
    makeDirectories(directory, 0o700);
  } catch (cause) {
    const why = `LOOKASIDE_DATA_DIR ${directory} cannot be created`;
    throw new AppError('CONFIG_INVALID', `${why}; create it, or choose another`, { cause });
  }
}

export type Reading = { readonly reads: StoreReads; readonly live: LiveReads; close(): void };

/** Reads alone, as a verification worker opens them beside the server's own store. */
export function openReads(path: string, imageIndex = NO_INDEX): Reading {
  const db = openReader(path, imageIndex === NO_INDEX ? FEW_PAGES_KIB : undefined);
  const signatures = createSignatureReads(db);
  const keys = createKeyReads(db);
  const tokens = createTokenReads(db);
  const users = createUserReads(db);
  const publishers = createPublisherReads(db);
  const sessions = createSessionReads(db);
  const backups = createBackupReads(db);
  const hot = createLiveReads(db, imageIndex);
  const aliases = createAliasReads(db);
  const changes = createChanges(db, aliases.outdated);
  return {
    reads: {
      findSignature: promised(signatures.find),
      findSignatureByContent: promised(signatures.findByContent),
      findSignatureByIdentity: promised(signatures.findByIdentity),
      getBlob: promised(signatures.getBlob),
      countLive: promised(hot.countLive),
      countImage: promised(signatures.countImage),
      findKey: promised(keys.find),
      findKeysById: promised(keys.findById),
      findToken: promised(tokens.find),
      getToken: promised(tokens.get),
      listPublishers: promised(publishers.list),
      listPublishersOf: promised(publishers.listOf),
      getPublisher: promised(publishers.get),
      listAliases: promised(aliases.list),
      currentAliases: promised(aliases.current),
      findUser: promised(users.find),
      listUsers: promised(users.list),
      findSession: promised(sessions.find),
      lastBackupAt: promised(backups.lastAt),
    },
    live: {
      live: guarded(hot.live),
      liveByDigest: guarded(hot.liveByDigest),
      tokenOf: guarded(tokens.find),
      changes: guarded(() => {
        const changed = changes();
        if (changed.length > 0) hot.outdated();
        return changed;
      }),
      aliases: guarded(aliases.table),
      learn: guarded(hot.learn),
      indexBytes: hot.indexBytes,
    },
    close: () => db.close(),
  };
}

function guarded<A extends unknown[], R>(read: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return read(...args);
    } catch (error) {
      throw storeError(error);
    }
  };
}

function promised<A extends unknown[], R>(read: (...args: A) => R): (...args: A) => Promise<R> {
  const guardedRead = guarded(read);
  return async (...args) => guardedRead(...args);
}
