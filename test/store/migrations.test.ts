// Migrations: a database is exactly what the files say, or the program does not start.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { openStore } from '../../server/store/sqlite-store.ts';
import { runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { MIGRATIONS, openTestStore } from './scene.ts';

async function open(path: string, migrations: string): Promise<void> {
  await (await openStore({ path, migrations, writer: 'local' })).close();
}

function copies(t: Parameters<typeof tempDir>[0]): { path: string; migrations: string } {
  const folder = tempDir(t);
  const migrations = join(folder, 'migrations');
  cpSync(MIGRATIONS, migrations, { recursive: true });
  return { path: join(folder, 'lookaside.db'), migrations };
}

function tables(path: string): { name: string; strict: number }[] {
  const db = new Database(path, { readonly: true });
  const found = db.prepare<[], { name: string; strict: number }>(
    `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'`,
  );
  const rows = found.all();
  db.close();
  return rows;
}

test('a migration', async (t) => {
  await t.test('is applied to a database that is not there yet, in a directory that is not there yet', async (t) => {
    const path = join(tempDir(t), 'data', 'lookaside.db');
    await open(path, MIGRATIONS);
    assert.ok(tables(path).some(({ name }) => name === 'signatures'));
    assert.equal(statSync(dirname(path)).mode & 0o077, 0);
  });
  await t.test('makes the directories above the database', async (t) => {
    const path = join(tempDir(t), 'a', 'b', 'lookaside.db');
    await open(path, MIGRATIONS);
    assert.ok(existsSync(path));
  });
  await t.test('says so, and soon, where a directory cannot be made', () =>
    assert.rejects(open('/proc/a/b/lookaside.db', MIGRATIONS), {
      code: 'CONFIG_INVALID',
      message: /LOOKASIDE_DATA_DIR/,
    }),
  );
  await t.test('is applied once', async (t) => {
    const { path, migrations } = copies(t);
    for (let time = 0; time < 3; time++) await open(path, migrations);
  });
  await t.test('that was added since is applied to a database that has the others', async (t) => {
    const { path, migrations } = copies(t);
    await open(path, migrations);
    writeFileSync(join(migrations, '9998_more.sql'), 'CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT;');
    await open(path, migrations);
    assert.ok(tables(path).some(({ name }) => name === 'more'));
  });
  await t.test('that fails changes nothing, and says which fault it was', async (t) => {
    const { path, migrations } = copies(t);
    await open(path, migrations);
    writeFileSync(join(migrations, '9998_bad.sql'), 'CREATE TABLE more (id INTEGER) STRICT; CREATE TABLE more (id);');
    await assert.rejects(open(path, migrations), { code: 'STORE_FAULT' });
    assert.ok(!tables(path).some(({ name }) => name === 'more'));
  });
  await t.test('that was edited after it ran stops the start', async (t) => {
    const { path, migrations } = copies(t);
    await open(path, migrations);
    appendFileSync(join(migrations, '0001_init.sql'), '\n-- a harmless comment\n');
    await assert.rejects(open(path, migrations), { code: 'MIGRATION_INVALID', message: /0001_init\.sql/ });
  });
  await t.test('that a newer version made stops the start', async (t) => {
    const { path, migrations } = copies(t);
    const newer = join(migrations, '../newer');
    cpSync(migrations, newer, { recursive: true });
    writeFileSync(join(newer, '9999_future.sql'), 'SELECT 1;');
    await open(path, newer);
    await assert.rejects(open(path, migrations), { code: 'MIGRATION_INVALID', message: /9999_future\.sql.*newer/ });
  });
  await t.test('that is missing stops the start', async (t) => {
    const { path, migrations } = copies(t);
    await open(path, migrations);
    const empty = join(migrations, '../empty');
    mkdirSync(empty);
    await assert.rejects(open(path, empty), { code: 'MIGRATION_INVALID' });
  });
  await t.test('is applied once when several processes start at the same time', async (t) => {
    const env = { LOOKASIDE_DATA_DIR: tempDir(t) };
    const exits = await Promise.all(
      Array.from({ length: 6 }, () => runCli(['token', 'create', '--name', 'ci', '--allow', 'upload'], { env })),
    );
    for (const { code, stderr } of exits) assert.equal(code, 0, stderr);
  });
});

test('a file that is no database stops the start', async (t) => {
  const path = join(tempDir(t), 'lookaside.db');
  writeFileSync(path, 'hello '.repeat(1000));
  await assert.rejects(open(path, MIGRATIONS), { code: 'STORE_CORRUPT' });
});

test('every table', async (t) => {
  const { path } = await openTestStore(t);
  for (const { name, strict } of tables(path)) await t.test(`is STRICT: ${name}`, () => assert.equal(strict, 1));
});
