// What the store can tell about itself at a scrape. Everything here is counted as it changes, or bounded, so that a
// scrape costs the same at any size of the store.
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keyIdOf } from '../domain/fingerprint.ts';
import type { Figure, Sample } from '../ops/figures.ts';
import type { World } from '../ops/world.ts';
import type { KeyEnd } from '../store/key-port.ts';
import type { Store } from '../store/port.ts';

type Parts = {
  readonly store: Store;
  readonly world: World;
  readonly databasePath: string;
  /** Resolves when the database can be read and written. */
  readonly ready: () => Promise<void>;
  readonly queueLength: () => number;
};

/** Of those that end first, or are the only ones that many images have: each is a series of its own. */
const KEYS_SHOWN = 200;
/** A write that waits for longer, because another process holds the lock, does not succeed for anybody. */
const WRITABLE_MS = 2_000;
/** The figures of one scrape that are told by the same list ask for it once. */
const SHARED_MS = 2_000;

export function storeFigures(parts: Parts): Figure[] {
  return [...stateFigures(parts), ...keyFigures(parts), ...fileFigures(parts.databasePath), ...auditFigures(parts)];
}

function stateFigures({ store, ready, queueLength }: Parts): Figure[] {
  return [
    {
      name: 'lookaside_live_signatures',
      help: 'Signatures being served.',
      read: () => store.countLive(),
    },
    {
      name: 'lookaside_store_writable',
      help: '1 when the database can be read and written, as GET /readyz has it, else 0.',
      read: () =>
        Promise.race([
          ready().then(
            () => 1,
            () => 0,
          ),
          sleep(WRITABLE_MS, 0, { ref: false }),
        ]),
    },
    {
      name: 'lookaside_verification_queue',
      help: 'Signatures waiting for a verification worker.',
      read: queueLength,
    },
  ];
}

function keyFigures({ store, world }: Parts): Figure[] {
  const keys = shared(() => store.listKeysByEnd(world.now(), KEYS_SHOWN));
  const of = (value: (key: KeyEnd) => number | null) => async () =>
    (await keys()).flatMap((key): Sample[] => {
      const number = value(key);
      const labels = { name: key.name, key_id: keyIdOf(key.fingerprint) };
      return number === null ? [] : [{ labels, value: number }];
    });
  const labels = ['name', 'key_id'];
  return [
    {
      name: 'lookaside_keys',
      help: 'Registered keys by state.',
      labels: ['state'],
      async read() {
        const { active, expired, retired, revoked } = (await store.counts(world.now())).keys;
        const states = { active: active + expired, retired, revoked };
        return Object.entries(states).map(([state, value]) => ({ labels: { state }, value }));
      },
    },
    {
      name: 'lookaside_key_expiry_timestamp_seconds',
      help: `When a key expires, or a subkey that does so before its key; of those that are not revoked, the first ${KEYS_SHOWN}.`,
      labels,
      read: of(({ expiresAt }) => (expiresAt === null ? null : expiresAt / 1000)),
    },
    {
      name: 'lookaside_key_images',
      help: 'Images with a live signature of the key.',
      labels,
      read: of(({ served }) => served.images),
    },
    {
      name: 'lookaside_key_only_images',
      help: 'Images that have no live signature left when the key expires or is revoked.',
      labels,
      read: of(({ served }) => served.onlyImages),
    },
  ];
}

function fileFigures(path: string): Figure[] {
  const bytes = (file: string) => async () => (await stat(file)).size;
  const disk = async () => statfs(dirname(path));
  return [
    {
      name: 'lookaside_database_bytes',
      help: 'Size of the database file.',
      read: bytes(path),
    },
    {
      name: 'lookaside_database_wal_bytes',
      help: 'Size of the write-ahead log beside it.',
      read: () => bytes(`${path}-wal`)().catch(() => 0), // it goes when the last connection is closed
    },
    {
      name: 'lookaside_disk_free_bytes',
      help: 'What the store can still take of the file system of LOOKASIDE_DATA_DIR.',
      async read() {
        const { bavail, bsize } = await disk();
        return bavail * bsize;
      },
    },
    {
      name: 'lookaside_disk_bytes',
      help: 'Size of that file system.',
      async read() {
        const { blocks, bsize } = await disk();
        return blocks * bsize;
      },
    },
  ];
}

function auditFigures({ store }: Parts): Figure[] {
  return [
    {
      name: 'lookaside_audit_rows',
      help: 'Rows of the audit log, which only grows: fewer than before is another database.',
      read: async () => (await store.auditHead()).seq,
    },
    {
      name: 'lookaside_last_backup_timestamp_seconds',
      help: 'When the last backup was begun; 0: there is none.',
      read: async () => ((await store.lastBackupAt()) ?? 0) / 1000,
    },
  ];
}

function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    if (answer === null) {
      answer = ask();
      const forget = () => {
        answer = null;
      };
      setTimeout(forget, SHARED_MS).unref();
    }
    return answer;
  };
}
