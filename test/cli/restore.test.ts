// `lookaside restore` as its operator sees it at three in the morning: nothing is replaced that should not be, nothing is
// lost that was, and what is to be done next is said.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { MIGRATIONS, migrate } from '../../server/store/migrate.ts';
import { IMAGE, sceneOf, signature, stored } from '../http/scene.ts';
import { copyOf, filledStore, findingsOf, overwrite, spoil } from '../services/upkeep-scene.ts';
import { LOCAL, testServer, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

const KEPT = /^lookaside\.db\.before-restore-\d{8}T\d{9}Z$/;
const keptIn = (dataDir: string) => readdirSync(dataDir).filter((name) => KEPT.test(name));

function count(path: string, what: string): number {
  const db = new Database(path);
  const found = db.prepare<[], number>(`SELECT count(*) FROM ${what}`).pluck().get() ?? 0;
  db.close();
  return found;
}

test('a backup that is restored', async (t) => {
  const dataDir = tempDir(t);
  const settings = { LOOKASIDE_DATA_DIR: dataDir };
  const lookaside = commandLine(t, settings);
  const file = join(tempDir(t), 'backup.db');
  let withdrawn = 0;

  await t.test('refuses while a server runs, whatever is allowed', async (t) => {
    const server = await sceneOf(await testServer(t, settings));
    const [first] = await stored(server, 'rsa2048', 'ed25519');
    assert.equal((await lookaside('backup', file)).code, 0);
    await stored(server, 'rsa4096');
    withdrawn = first?.id ?? 0;
    await server.local.signatures.withdraw(withdrawn, 'wrong build', LOCAL);
    const { code, err } = await lookaside('restore', file, '--force');
    assert.equal(code, 1);
    assert.match(err, /stop the server first \(STORE_IN_USE\)/);
    assert.equal((await server.get(`/${IMAGE}/signature-2`)).status, 200);
  });

  await t.test('refuses a store in which something happened', async () => {
    const before = readFileSync(join(dataDir, 'lookaside.db'));
    const { code, err } = await lookaside('restore', file);
    assert.equal(code, 1);
    assert.match(err, /signatures: 3, keys: 4, .*--force.*\(STORE_NOT_EMPTY\)/);
    assert.ok(readFileSync(join(dataDir, 'lookaside.db')).equals(before));
  });

  const replaced = readFileSync(join(dataDir, 'lookaside.db'));
  spoil(file, 'INSERT INTO sessions SELECT randomblob(32), name, 0, 0, 9e12 FROM users');
  assert.equal(count(file, 'sessions'), 1);
  const { code, out, err } = await lookaside('restore', file, '--force');

  await t.test('says what was lost, and what to do again', () => {
    assert.equal(code, 0, err);
    assert.match(err, /^restored 2 signatures and 4 keys, as of 20/m);
    assert.match(err, /^lost since then: 1 signature\.stored, 1 signature\.withdrawn$/m);
    assert.match(err, /^ {2}20\S+ signature\.withdrawn registry\.example\.com\/acme\/app@sha256=/m);
    assert.match(err, /^upload again/m);
  });
  await t.test('keeps the replaced store beside it', async (t) => {
    const [kept = ''] = keptIn(dataDir);
    assert.ok(readFileSync(join(dataDir, kept)).equals(replaced));
    assert.equal(count(copyOf(t, join(dataDir, kept)).path, 'signatures'), 3);
  });
  await t.test('leaves nothing else behind', () =>
    assert.deepEqual(
      readdirSync(dataDir).filter((name) => !KEPT.test(name)),
      ['lookaside.db'],
    ),
  );
  await t.test('says in its audit log that it was', async () => {
    const { seq, hash } = /^(?<seq>\d+):(?<hash>[0-9a-f]{64})$/.exec(out)?.groups ?? {};
    const listed = await lookaside('audit', 'list', '--limit', '1', '--json');
    const event = JSON.parse(listed.out) as {
      action: string;
      seq: number;
      hash: string;
      detail: Record<string, string>;
    };
    assert.deepEqual([event.action, event.seq, event.hash], ['store.restored', Number(seq), hash]);
    assert.match(event.detail.replacedHead ?? '', /^\d+:[0-9a-f]{64}$/);
  });
  await t.test('ends every session', () => assert.equal(count(join(dataDir, 'lookaside.db'), 'sessions'), 0));
  await t.test('is served, and takes uploads', async (t) => {
    const server = await sceneOf(await testServer(t, settings));
    assert.deepEqual((await server.get(`/${IMAGE}/signature-1`)).body, signature('rsa2048'));
    assert.equal((await server.get(`/${IMAGE}/signature-3`)).status, 404);
    assert.equal((await server.uploadRaw(signature('rsa4096'))).status, 201);
  });
  await t.test('is in order', async () =>
    assert.deepEqual((await findingsOf(join(dataDir, 'lookaside.db'))).found, []),
  );
});

function empty(t: Parameters<typeof tempDir>[0]) {
  const dataDir = join(tempDir(t), 'data');
  return { dataDir, path: join(dataDir, 'lookaside.db'), lookaside: commandLine(t, { LOOKASIDE_DATA_DIR: dataDir }) };
}
function spoilt(t: Parameters<typeof tempDir>[0], file: string, ...sql: string[]) {
  const { path } = copyOf(t, file);
  spoil(path, ...sql);
  return path;
}

test('a restore', async (t) => {
  const file = await filledStore(t);

  await t.test('makes a store where there is none, for its owner alone', async (t) => {
    const { lookaside, path, dataDir } = empty(t);
    const { code, err } = await lookaside('restore', file);
    assert.equal(code, 0, err);
    assert.deepEqual(readdirSync(dataDir), ['lookaside.db']);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  });
  await t.test('takes the place of a store in which nothing ever happened', async (t) => {
    const { path, dataDir } = copyOf(t, file);
    const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: dataDir });
    copyFileSync(path, `${path}.away`);
    writeFileSync(path, '');
    assert.equal((await lookaside('restore', file)).code, 0);
  });
  await t.test('keeps owner and mode of the store that it replaces', async (t) => {
    const { path, dataDir } = copyOf(t, file);
    chmodSync(path, 0o640);
    assert.equal((await commandLine(t, { LOOKASIDE_DATA_DIR: dataDir })('restore', file, '--force')).code, 0);
    assert.equal(statSync(path).mode & 0o777, 0o640);
  });
  await t.test(
    'replaces a store that cannot be read, its WAL included, and says that it cannot tell what was lost',
    async (t) => {
      const { path, dataDir } = copyOf(t, file);
      for (const [suffix, content] of [
        ['', 'no database at all'],
        ['-wal', 'what is left of its WAL'],
        ['-shm', ''],
      ] as const)
        writeFileSync(path + suffix, content);
      const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: dataDir });
      assert.match((await lookaside('restore', file)).err, /cannot be read; --force .*\(STORE_NOT_EMPTY\)/);
      const { code, err } = await lookaside('restore', file, '--force');
      assert.equal(code, 0, err);
      assert.match(err, /cannot be told: the replaced store cannot be read/);
      const [kept = ''] = keptIn(dataDir);
      assert.equal(readFileSync(join(dataDir, kept), 'utf8'), 'no database at all');
      assert.equal(readFileSync(join(dataDir, `${kept}-wal`), 'utf8'), 'what is left of its WAL');
      assert.deepEqual((await findingsOf(path)).found, []);
    },
  );
  await t.test('replaces a store with damaged pages', async (t) => {
    for (const table of ['audit', 'signatures', 'audit_head']) {
      const { path, dataDir } = copyOf(t, file);
      overwrite(path, table);
      const { code, err } = await commandLine(t, { LOOKASIDE_DATA_DIR: dataDir })('restore', file, '--force');
      assert.equal(code, 0, err);
      assert.match(err, table === 'audit' ? /cannot be told/ : /nothing was lost/, table);
      assert.deepEqual((await findingsOf(path)).found, []);
    }
  });
  await t.test('brings what was committed last along into the store that it keeps', async (t) => {
    const { path, dataDir } = copyOf(t, file);
    // As after kill -9: a WAL that nobody has put into the database.
    const db = new Database(path);
    db.pragma('journal_mode = WAL');
    db.exec('UPDATE last_backup SET at = 17');
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, `${path}.copy${suffix}`);
    db.close();
    for (const suffix of ['', '-wal']) copyFileSync(`${path}.copy${suffix}`, path + suffix);
    assert.equal((await commandLine(t, { LOOKASIDE_DATA_DIR: dataDir })('restore', file, '--force')).code, 0);
    const [kept = ''] = keptIn(dataDir);
    assert.equal(count(join(dataDir, kept), 'last_backup WHERE at = 17'), 1);
    assert.equal(count(path, 'last_backup WHERE at = 17'), 0);
    assert.ok(!existsSync(`${path}-wal`));
  });
  await t.test('tells that the replaced store was another one', async (t) => {
    const other = await testStore(t);
    await other.registerKeys('rsa2048');
    await other.local.close();
    const { err } = await commandLine(t, { LOOKASIDE_DATA_DIR: other.dataDir })('restore', file, '--force');
    assert.match(err, /was another one/);
  });
  await t.test('migrates a backup of an older version', async (t) => {
    const { lookaside, path } = empty(t);
    const folder = tempDir(t);
    for (const name of readdirSync(MIGRATIONS).filter((name) => name < '0004'))
      copyFileSync(join(MIGRATIONS, name), join(folder, name));
    const older = join(tempDir(t), 'older.db');
    const db = new Database(older);
    migrate(db, folder);
    db.close();
    const { code, err } = await lookaside('restore', older);
    assert.equal(code, 0, err);
    assert.match(err, /as of a time it does not say/);
    assert.equal(count(path, 'migrations'), readdirSync(MIGRATIONS).length);
  });
});

test('a restore that is refused', async (t) => {
  const file = await filledStore(t);
  const refusals: readonly [why: string, make: (t: Parameters<typeof tempDir>[0]) => string, says: RegExp][] = [
    [
      'of a newer version',
      (t) => spoilt(t, file, "INSERT INTO migrations VALUES ('9999_x.sql', '')"),
      /9999_x\.sql.*newer version.*nothing was replaced \(MIGRATION_INVALID\)/,
    ],
    [
      'with a signature that does not hold',
      (t) => spoilt(t, file, "UPDATE signatures SET bytes = x'90' WHERE id = 1"),
      /^signature\.bad signature 1: [\s\S]*it has 1 fault; nothing was replaced \(BACKUP_INVALID\)/,
    ],
    [
      'with a log that was edited',
      (t) => spoilt(t, file, "UPDATE audit SET subject = 'x' WHERE seq = 2"),
      /^audit\.broken [\s\S]*BACKUP_INVALID/m,
    ],
    ['of another program', (t) => spoilt(t, file, 'DROP TABLE migrations'), /not one of Lookaside.*BACKUP_INVALID/],
    [
      'without bytes',
      (t) => {
        const path = join(tempDir(t), 'x');
        writeFileSync(path, '');
        return path;
      },
      /is empty \(BACKUP_INVALID\)/,
    ],
    [
      'that is no database',
      (t) => {
        const path = join(tempDir(t), 'x');
        writeFileSync(path, 'x'.repeat(5000));
        return path;
      },
      /no SQLite database \(BACKUP_INVALID\)/,
    ],
    [
      'that was cut short',
      (t) => {
        const { path } = copyOf(t, file);
        writeFileSync(path, readFileSync(path).subarray(0, 90_000));
        return path;
      },
      /damaged.*BACKUP_INVALID/,
    ],
    [
      'that has a WAL beside it',
      (t) => {
        const { path } = copyOf(t, file);
        writeFileSync(`${path}-wal`, 'x');
        return path;
      },
      /-wal.*BACKUP_INVALID/,
    ],
    ['that is not there', (t) => join(tempDir(t), 'none'), /there is no file.*USAGE_INVALID/],
    ['that is the store', () => '', /is the store itself.*USAGE_INVALID/],
  ];
  for (const [why, make, says] of refusals)
    await t.test(`refuses a backup ${why}, and replaces nothing`, async (t) => {
      const { path, dataDir } = copyOf(t, file);
      const before = readFileSync(path);
      const { code, err } = await commandLine(t, { LOOKASIDE_DATA_DIR: dataDir })(
        'restore',
        make(t) || path,
        '--force',
      );
      assert.ok(code > 0);
      assert.match(err, says);
      assert.ok(readFileSync(path).equals(before));
      assert.deepEqual(readdirSync(dataDir), ['lookaside.db']);
    });
});
