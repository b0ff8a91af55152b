// Disks that are full, files that cannot be written, databases that others hold: each is a code that says what to do,
// and none of them is the end of the process.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { verifyChain } from '../../server/services/audit.ts';
import { openWriter, storeError } from '../../server/store/database.ts';
import { createOperations } from '../../server/store/operations.ts';
import { openStore } from '../../server/store/sqlite-store.ts';
import { tempDir } from '../support/temp-dir.ts';
import { append, MIGRATIONS, newKey, newSignature, openTestStore, storeWithKey } from './scene.ts';

test('a database that may not grow', async (t) => {
  const { store, path } = await storeWithKey(t);
  const db = openWriter(path);
  t.after(() => db.close());
  const run = createOperations(db);
  const fill = (count: number) =>
    run(Array.from({ length: count }, () => ({ name: 'append', argument: append() }) as const));
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages + 4}`);
  const results = fill(100);
  const live = await store.countLive();
  const head = await verifyChain(store, null);

  await t.test('is STORE_FULL', () => {
    const failed = results.flatMap((result) => ('error' in result ? [result.error as { code: string }] : []));
    assert.ok(failed.length > 0);
    for (const { code } of failed) assert.equal(code, 'STORE_FULL');
  });
  await t.test('holds exactly what was acknowledged, with its audit rows', () => {
    assert.equal(results.filter((result) => !('error' in result)).length, live);
    assert.equal(head.seq, 1 + live);
  });
  await t.test('takes the next write when there is room again', async () => {
    db.pragma('max_page_count = 1000000');
    for (const result of fill(10)) assert.ok(!('error' in result));
    assert.equal(await store.countLive(), live + 10);
  });
});

/** A file system of one megabyte, where the tester may mount one. */
function tinyDisk(t: TestContext): string | null {
  const path = tempDir({ after: (fn) => t.after(fn) });
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]).status !== 0) return null;
  return path;
}

test('a full disk', async (t) => {
  // Hooks run in the order they are registered: close the store, unmount, and only then remove the directory.
  let close = async () => {};
  let disk: string | null = null;
  t.after(() => close());
  t.after(() => disk && spawnSync('umount', [disk]));
  disk = tinyDisk(t);
  if (disk === null) return t.skip('no file system can be mounted here');
  const store = await openStore({ path: join(disk, 'lookaside.db'), migrations: MIGRATIONS, writer: 'thread' });
  close = () => store.close();
  await store.putKey(newKey());
  const ballast = join(disk, 'ballast');
  try {
    writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024));
  } catch {} // it took what there was

  await t.test('is STORE_FULL for every write, and reads go on', async () => {
    for (let time = 0; time < 3; time++)
      await assert.rejects(store.append(append(newSignature())), { code: 'STORE_FULL' });
    assert.equal(await store.countLive(), 0);
    assert.equal((await verifyChain(store, null)).seq, 1);
  });
  await t.test('takes the next write when there is room again', async () => {
    rmSync(ballast);
    assert.equal((await store.append(append(newSignature()))).number, 1);
  });
});

test('a database held by another process', async (t) => {
  const { store, path } = await openTestStore(t, 'thread');
  const other = new Database(path);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const [write, start] = await Promise.allSettled([
    store.putKey(newKey()),
    openStore({ path, migrations: MIGRATIONS, writer: 'local' }),
  ]);
  other.exec('ROLLBACK');
  await t.test('is STORE_BUSY for a write, and for a start', () => {
    for (const result of [write, start]) assert.equal(result.status === 'rejected' && result.reason.code, 'STORE_BUSY');
  });
  await t.test('takes the next write when it is free', async () => assert.equal(await store.putKey(newKey()), true));
});

/** Runs as nobody when the tester is root, whom no permission stops. */
async function unprivileged(work: () => Promise<void>): Promise<void> {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    await work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}

test('a database that cannot be written', async (t) => {
  const protectedStore = async (t: TestContext) => {
    const folder = tempDir(t);
    const path = join(folder, 'lookaside.db');
    await (await openStore({ path, migrations: MIGRATIONS, writer: 'local' })).close();
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444);
    chmodSync(folder, 0o555);
    return path;
  };
  await t.test('is STORE_READ_ONLY at the start', async (t) => {
    const path = await protectedStore(t);
    await unprivileged(() =>
      assert.rejects(openStore({ path, migrations: MIGRATIONS, writer: 'local' }), {
        code: 'STORE_READ_ONLY',
        message: /LOOKASIDE_DATA_DIR/,
      }),
    );
  });
  await t.test('is CONFIG_INVALID when not even its directory can be made', async (t) => {
    const path = join(await protectedStore(t), '../more/lookaside.db');
    await unprivileged(() =>
      assert.rejects(openStore({ path, migrations: MIGRATIONS, writer: 'local' }), { code: 'CONFIG_INVALID' }),
    );
  });
});

const SQLITE: readonly [says: string, code: string][] = [
  ['SQLITE_BUSY_SNAPSHOT', 'STORE_BUSY'],
  ['SQLITE_LOCKED', 'STORE_BUSY'],
  ['SQLITE_FULL', 'STORE_FULL'],
  ['SQLITE_IOERR_WRITE', 'STORE_FAULT'], // a failing disk is no full one
  ['SQLITE_READONLY_DBMOVED', 'STORE_READ_ONLY'],
  ['SQLITE_CANTOPEN', 'STORE_READ_ONLY'],
  ['SQLITE_CORRUPT_VTAB', 'STORE_CORRUPT'],
  ['SQLITE_NOTADB', 'STORE_CORRUPT'],
  ['SQLITE_IOERR_READ', 'STORE_FAULT'],
  ['SQLITE_CONSTRAINT_UNIQUE', 'STORE_FAULT'],
];

test('what SQLite says', async (t) => {
  for (const [says, code] of SQLITE)
    await t.test(`is ${code} for ${says}`, () => {
      const thrown = Object.assign(new Error('words of the driver'), { code: says });
      const error = storeError(thrown);
      assert.equal(error.code, code);
      assert.equal(error.cause, thrown);
      assert.doesNotMatch(error.message, /words of the driver/);
    });
});
