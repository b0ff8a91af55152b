// What every connection promises, and that the hot read is one index search.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { parseTarget } from '../../server/domain/slot.ts';
import { openReader, openWriter } from '../../server/store/database.ts';
import { createLiveReads } from '../../server/store/live-rows.ts';
import { append, IMAGE_DIGEST, newSignature, openTestStore, storeWithKey } from './scene.ts';

test('a writing connection', async (t) => {
  const { path } = await openTestStore(t);
  // Twice: the connection that switches a file to WAL has other defaults than those that come after it.
  for (const which of ['first', 'second']) {
    const db = openWriter(path);
    t.after(() => db.close());
    const pragma = (name: string) => db.pragma(name, { simple: true });
    await t.test(`syncs every commit to the disk: the ${which}`, () => assert.equal(pragma('synchronous'), 2));
    await t.test(`writes ahead: the ${which}`, () => assert.equal(pragma('journal_mode'), 'wal'));
    await t.test(`enforces foreign keys: the ${which}`, () => assert.equal(pragma('foreign_keys'), 1));
    await t.test(`waits for others: the ${which}`, () => assert.equal(pragma('busy_timeout'), 5000));
  }
});

test('a reading connection', async (t) => {
  const { store, path } = await storeWithKey(t);
  const db = openReader(path);
  t.after(() => db.close());
  await t.test('cannot write', () => {
    assert.equal(db.pragma('query_only', { simple: true }), 1);
    assert.throws(() => db.exec('DELETE FROM audit'), { code: 'SQLITE_READONLY' });
  });
  await t.test('is not held up by a writer, and sees what was committed', async () => {
    const writer = openWriter(path);
    writer.exec('BEGIN IMMEDIATE');
    assert.equal(await store.countLive(), 0);
    writer.exec('ROLLBACK');
    writer.close();
    await store.append(append());
    assert.equal(await store.countLive(), 1);
  });
  await t.test('does not make a database that is not there', () =>
    assert.throws(() => openReader(`${path}.not-there`), { code: 'STORE_READ_ONLY' }),
  );
});

test('the hot read', async (t) => {
  const { store, path } = await storeWithKey(t);
  for (let count = 0; count < 20; count++) await store.append(append(newSignature()));
  const db = openReader(path);
  t.after(() => db.close());
  const statements: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = ((sql: string) => {
    statements.push(sql);
    return prepare(sql);
  }) as typeof db.prepare;
  const reads = createLiveReads(db);
  const plan = (words: string) => {
    const sql = statements.find((text) => text.includes('AS hashed') && text.includes(words)) ?? '';
    return prepare<object, { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replace(/@\w+|\?/g, 'NULL')}`)
      .all({})
      .map(({ detail }) => detail)
      .join('\n');
  };

  await t.test('of an image searches its index, without a sort', () => {
    const steps = plan('s.repository = +? AND s.digest = +?');
    assert.match(steps, /SEARCH s USING INDEX signatures_by_image \(repository=\? AND digest=\?\)/);
    assert.doesNotMatch(steps, /TEMP B-TREE|SCAN/);
  });
  await t.test('by digest searches its index, without a sort', () => {
    const steps = plan('s.digest = +@digest');
    assert.match(steps, /SEARCH s USING INDEX signatures_by_digest \(digest=\?\)/);
    assert.doesNotMatch(steps, /TEMP B-TREE|SCAN/);
  });
  await t.test('gives them in the order of acceptance', () => {
    const image = parseTarget(`quay.io/acme/app@${IMAGE_DIGEST}`, DOCKER_HUB);
    assert.equal(reads.live(image).length, 20);
  });
});
