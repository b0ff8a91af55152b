// The audit log's hash chain: whatever somebody with a SQL prompt does to it is found, and named.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { verifyChain } from '../../server/services/audit.ts';
import { ACT, append, newSignature, storeWithKey } from './scene.ts';

type Db = Database.Database;

/** Six rows: a key, four signatures, a withdrawal. */
async function written(t: Pick<TestContext, 'after'>) {
  const { store, path } = await storeWithKey(t);
  for (let count = 0; count < 4; count++) await store.append(append(newSignature()));
  await store.withdraw({ ...ACT, id: 2, reason: 'mistake' });
  const known = await verifyChain(store, null);
  assert.equal(known.seq, 6);
  const tamper = (change: (db: Db) => void) => {
    const db = new Database(path);
    change(db);
    db.close();
  };
  return { store, known, tamper };
}

const sql = (text: string) => (db: Db) => void db.exec(text);

const LIES: readonly [what: string, change: (db: Db) => void, says: RegExp][] = [
  ['an edited detail', sql(`UPDATE audit SET detail = '{}' WHERE seq = 3`), /row 3 was edited/],
  ['an edited time', sql('UPDATE audit SET at = at + 1 WHERE seq = 1'), /row 1 was edited/],
  ['an edited actor', sql(`UPDATE audit SET actor = json_set(actor, '$.name', 'x') WHERE seq = 2`), /row 2 was edited/],
  ['an edited action', sql(`UPDATE audit SET action = 'key.updated' WHERE seq = 1`), /row 1 was edited/],
  ['an edited subject', sql(`UPDATE audit SET subject = subject || '0' WHERE seq = 4`), /row 4 was edited/],
  ['an edited last row', sql(`UPDATE audit SET detail = '{}' WHERE seq = 6`), /row 6 was edited/],
  ['an edited hash', sql('UPDATE audit SET hash = zeroblob(32) WHERE seq = 3'), /row 3 was edited/],
  ['a removed row', sql('DELETE FROM audit WHERE seq = 3'), /row 3 is missing/],
  ['a removed first row', sql('DELETE FROM audit WHERE seq = 1'), /row 1 is missing/],
  [
    'a removed row with the rest moved up',
    sql('DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3'),
    /row 3 does not continue/,
  ],
  ['a tail cut off', sql('DELETE FROM audit WHERE seq > 4'), /row 5 is missing.*cut after row 4/],
  ['a last row cut off', sql('DELETE FROM audit WHERE seq = 6'), /row 6 is missing/],
  ['everything cut off', sql('DELETE FROM audit'), /row 1 is missing/],
  ['a head removed', sql('DELETE FROM audit_head'), /head says nothing/],
  [
    'two rows swapped',
    sql(
      'UPDATE audit SET seq = 99 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 99',
    ),
    /row 3 does not continue/,
  ],
];

test('the audit log', async (t) => {
  await t.test('is intact as it was written, and grows out of a head noted earlier', async (t) => {
    const { store, known } = await written(t);
    await store.append(append(newSignature()));
    const { seq } = await verifyChain(store, known);
    assert.equal(seq, 7);
  });
  await t.test('is intact when it is empty', async (t) => {
    const { store } = await storeWithKey(t);
    assert.equal((await verifyChain(store, { seq: 0, hash: '0'.repeat(64) })).seq, 1);
  });
  for (const [what, change, says] of LIES)
    await t.test(`is found broken after ${what}`, async (t) => {
      const { store, tamper } = await written(t);
      tamper(change);
      await assert.rejects(verifyChain(store, null), { code: 'AUDIT_BROKEN', message: says });
    });
  await t.test('is not continued without its head', async (t) => {
    const { store, tamper } = await written(t);
    tamper(sql('DELETE FROM audit_head'));
    await assert.rejects(store.append(append()), { code: 'AUDIT_BROKEN' });
    assert.equal(await store.countLive(), 3);
  });
});

/** Somebody who knows how the chain is made writes it anew, so that it fits itself. */
function rewrite(db: Db): void {
  db.exec(`UPDATE audit SET detail = '{}' WHERE seq = 2`);
  const rows = db
    .prepare<[], { seq: number; at: number; actor: string; action: string; subject: string; detail: string }>(
      'SELECT seq, at, actor, action, subject, detail FROM audit ORDER BY seq',
    )
    .all();
  let previous = Buffer.alloc(32);
  for (const { seq, at, actor, action, subject, detail } of rows) {
    const text = JSON.stringify([seq, at, actor, action, subject, detail]);
    const hash = createHash('sha256').update(previous).update(text).digest();
    db.prepare('UPDATE audit SET previous = ?, hash = ? WHERE seq = ?').run(previous, hash, seq);
    db.prepare('UPDATE audit_head SET hash = ?').run(hash);
    previous = hash;
  }
}

test('a chain that was rewritten', async (t) => {
  const { store, known, tamper } = await written(t);
  tamper(rewrite);
  await t.test('fits itself', async () => assert.equal((await verifyChain(store, null)).seq, 6));
  await t.test('does not fit a head that was kept elsewhere', () =>
    assert.rejects(verifyChain(store, known), { code: 'AUDIT_BROKEN', message: /row 6.*rewritten/ }),
  );
  await t.test('and cut short does not either', async () => {
    tamper((db) => {
      db.exec('DELETE FROM audit WHERE seq > 4');
      db.exec('UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4)');
    });
    assert.equal((await verifyChain(store, null)).seq, 4);
    await assert.rejects(verifyChain(store, known), { code: 'AUDIT_BROKEN' });
  });
});
