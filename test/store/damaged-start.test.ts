// A start on a database that is not one, or not ours, or damaged: it ends with one line that says what to do, and changes
// nothing. An empty store made in its place would tell every runtime that nothing is signed.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { openStore } from '../../server/store/sqlite-store.ts';
import { runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { MIGRATIONS, newKey } from './scene.ts';

/** `from` that byte on. */
function overwrite(path: string, from: number, length: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, from, from + length);
  writeFileSync(path, bytes);
}

function sql(path: string, statement: string): void {
  const db = new Database(path);
  db.exec(statement);
  db.close();
}

const RESTORE = /`lookaside restore FILE --force`/;

const DAMAGES: readonly [what: string, damage: (path: string) => void, code: string, says: RegExp][] = [
  ['a file without bytes', (path) => truncateSync(path), 'STORE_CORRUPT', RESTORE],
  ['a file of some bytes', (path) => truncateSync(path, 100), 'STORE_CORRUPT', RESTORE],
  ['half of the file', (path) => truncateSync(path, 100_000), 'STORE_CORRUPT', RESTORE],
  ['a text', (path) => writeFileSync(path, 'x'.repeat(10_000)), 'STORE_CORRUPT', RESTORE],
  ['a lost header', (path) => overwrite(path, 0, 100), 'STORE_CORRUPT', RESTORE],
  ['a lost schema', (path) => overwrite(path, 100, 400), 'STORE_CORRUPT', RESTORE],
  [
    'the database of a newer version',
    (path) => sql(path, "INSERT INTO migrations VALUES ('9999_x.sql', '')"),
    'MIGRATION_INVALID',
    /newer version/,
  ],
  [
    'the database of another program',
    (path) => sql(path, 'DROP TABLE migrations'),
    'MIGRATION_INVALID',
    /another program; check LOOKASIDE_DATA_DIR/,
  ],
];

test('a start on', async (t) => {
  for (const [what, damage, code, says] of DAMAGES)
    await t.test(`${what} is refused, and changes nothing`, async (t) => {
      const dataDir = tempDir(t);
      const path = `${dataDir}/lookaside.db`;
      const store = await openStore({ path, migrations: MIGRATIONS, writer: 'local' });
      await store.putKey(newKey());
      await store.close();
      damage(path);
      const before = readFileSync(path);
      for (const command of [['serve'], ['fsck'], ['backup', `${dataDir}/backup.db`]]) {
        const env = { LOOKASIDE_DATA_DIR: dataDir, LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0' };
        const { code: exit, stderr } = await runCli(command, { env, timeoutMs: 30_000 });
        assert.equal(exit, 1, stderr);
        assert.match(stderr, says, command[0]);
        assert.match(stderr, /^lookaside: [^\n]+\n$/);
        assert.match(stderr, new RegExp(`\\(${code}\\)$`, 'm'));
      }
      assert.ok(readFileSync(path).equals(before));
    });

  await t.test('a database that was cut leaves its WAL, which may be all that is left', async (t) => {
    const path = `${tempDir(t)}/lookaside.db`;
    appendFileSync(path, 'x');
    appendFileSync(`${path}-wal`, 'all that is left');
    await assert.rejects(openStore({ path, migrations: MIGRATIONS, writer: 'local' }), {
      code: 'STORE_CORRUPT',
      message: RESTORE,
    });
    assert.equal(readFileSync(`${path}-wal`, 'utf8'), 'all that is left');
  });
});
