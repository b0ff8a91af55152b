// What --repair mends is as new afterwards, and it keeps its hands off what it could only make worse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { Finding } from '../../server/domain/finding.ts';
import { realWorld } from '../../server/ops/world.ts';
import { createFsck } from '../../server/services/fsck-repair.ts';
import { keptCatalogue, readTables, recountCatalogue } from '../store/recount.ts';
import { LOCAL } from '../support/server.ts';
import { copyOf, filledStore, findingsOf, overwrite, placeOf, QUIET, spoil } from './upkeep-scene.ts';

async function repaired(path: string) {
  const found: Finding[] = [];
  const onFinding = (finding: Finding) => void found.push(finding);
  const fsck = createFsck(placeOf(path), realWorld);
  return { found, ...(await fsck({ ...QUIET, onFinding, actor: LOCAL.actor, repair: true })) };
}

/** Rows change while SQLite believes that the index has none of them. */
function leaveBehind(path: string, index: string, change: string): void {
  const [sql] = select<{ sql: string }>(path, `SELECT sql FROM sqlite_schema WHERE name = '${index}'`);
  const schema = (text: string) =>
    `UPDATE sqlite_schema SET sql = '${text.replaceAll("'", "''")}' WHERE name = '${index}'`;
  spoil(path, schema(`${sql?.sql} WHERE 0`));
  spoil(path, change);
  spoil(path, schema(sql?.sql ?? ''));
}

function select<T>(path: string, sql: string): T[] {
  const db = new Database(path);
  const rows = db.prepare<[], T>(sql).all();
  db.close();
  return rows;
}

test('fsck --repair', async (t) => {
  const file = await filledStore(t);

  await t.test('rebuilds an index that has fallen behind', async (t) => {
    const { path } = copyOf(t, file);
    leaveBehind(path, 'keys_by_age', 'UPDATE keys SET registered_at = registered_at + 1');
    const { found, repaired: done, faults } = await repaired(path);
    assert.deepEqual([...new Set(found.map(({ code, subject }) => `${code} ${subject}`))], ['index.wrong keys_by_age']);
    assert.deepEqual(done, ['rebuilt the index keys_by_age']);
    assert.equal(faults, 0);
    assert.deepEqual((await findingsOf(path)).found, []);
  });

  await t.test('makes indexes, triggers and the catalogue anew', async (t) => {
    const { path } = copyOf(t, file);
    spoil(
      path,
      'DROP INDEX signatures_by_image',
      'DROP TRIGGER signature_stored',
      'DELETE FROM images',
      'UPDATE totals SET repositories = 7',
    );
    const { repaired: done, faults } = await repaired(path);
    assert.deepEqual(done.toSorted(), [
      'counted the catalogue anew',
      'made signature_stored anew',
      'made signatures_by_image anew',
    ]);
    assert.equal(faults, 0);
    assert.deepEqual((await findingsOf(path)).found, []);
    const db = new Database(path);
    assert.deepEqual(keptCatalogue(db), recountCatalogue(readTables(db)));
    db.close();
  });

  await t.test('says in the audit log what it did', async (t) => {
    const { path } = copyOf(t, file);
    spoil(path, 'UPDATE totals SET repositories = 7');
    await repaired(path);
    const [event] = select<{ action: string; what: string; name: string }>(
      path,
      "SELECT action, detail ->> 'what' AS what, actor ->> 'name' AS name FROM audit ORDER BY seq DESC LIMIT 1",
    );
    assert.deepEqual(event, { action: 'store.repaired', what: 'counted the catalogue anew', name: 'tester' });
  });

  await t.test('writes nothing where there is nothing to repair', async (t) => {
    const { path } = copyOf(t, file);
    const before = readFileSync(path);
    spoil(path, "UPDATE tokens SET name = 'mine'");
    const spoilt = readFileSync(path);
    assert.ok(!before.equals(spoilt));
    const { faults, repaired: done } = await repaired(path);
    assert.deepEqual([done, faults > 0], [[], true]);
    assert.deepEqual(select(path, 'SELECT max(seq) FROM audit'), select(file, 'SELECT max(seq) FROM audit'));
  });

  await t.test('leaves a damaged file alone', async (t) => {
    for (const table of ['signatures', 'audit_by_subject', 'refusals']) {
      const { path } = copyOf(t, file);
      spoil(path, 'UPDATE totals SET repositories = 7');
      overwrite(path, table);
      const { found, faults, repaired: done, unrepaired } = await repaired(path);
      assert.ok(
        found.some(({ code, subject }) => code === 'file.damaged' && [table, 'the file'].includes(subject)),
        JSON.stringify(found, null, 1),
      );
      assert.ok(faults > 0);
      assert.deepEqual(done, []);
      assert.match(unrepaired ?? '', /restore a backup/);
    }
  });

  await t.test('leaves an index alone that knows of a lost row', async (t) => {
    const { path } = copyOf(t, file);
    leaveBehind(path, 'keys_by_age', 'UPDATE keys SET registered_at = registered_at + 1');
    spoil(path, 'DELETE FROM signatures WHERE id = 3');
    const { repaired: done, unrepaired } = await repaired(path);
    assert.deepEqual(done, []);
    assert.match(unrepaired ?? '', /restore a backup/);
  });
});
