// The chain of a long audit log is checked in slices: what somebody with a SQL prompt does is found wherever it is, at the
// edges of a slice as well, and nothing that was right is called broken.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { verifyChain } from '../../server/services/audit.ts';
import type { AuditHead, Store } from '../../server/store/port.ts';
import { openLongLog } from './audit-scene.ts';
import { append, newKey, newSignature } from './scene.ts';

const START: AuditHead = { seq: 0, hash: '0'.repeat(64) };

type Lie = readonly [what: string, change: (at: number) => string, says: (at: number) => RegExp];

const LIES: readonly Lie[] = [
  [
    'an edited detail',
    (at) => `UPDATE audit SET detail = '{}' WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} was edited`),
  ],
  [
    'an edited time',
    (at) => `UPDATE audit SET at = at + 1 WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} was edited`),
  ],
  [
    'an edited actor',
    (at) => `UPDATE audit SET actor = '{}' WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} was edited`),
  ],
  [
    'an edited action',
    (at) => `UPDATE audit SET action = 'x' WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} was edited`),
  ],
  [
    'an edited subject',
    (at) => `UPDATE audit SET subject = 'x' WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} was edited`),
  ],
  [
    'an edited hash',
    (at) => `UPDATE audit SET hash = zeroblob(32) WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} was edited`),
  ],
  [
    'an edited link',
    (at) => `UPDATE audit SET previous = randomblob(32) WHERE seq = ${at}`,
    (at) => new RegExp(`row ${at} does not continue`),
  ],
  ['a removed row', (at) => `DELETE FROM audit WHERE seq = ${at}`, (at) => new RegExp(`row ${at} is missing`)],
  [
    'a removed row with the next one in its place',
    (at) => `DELETE FROM audit WHERE seq = ${at}; UPDATE audit SET seq = ${at} WHERE seq = ${at} + 1`,
    (at) => new RegExp(`row ${at} does not continue`),
  ],
  [
    'two rows swapped',
    (at) =>
      `UPDATE audit SET seq = 0 WHERE seq = ${at}; UPDATE audit SET seq = ${at} WHERE seq = ${at} + 1; UPDATE audit SET seq = ${at} + 1 WHERE seq = 0`,
    (at) => new RegExp(`row ${at} does not continue`),
  ],
  [
    'a tail cut off',
    (at) => `DELETE FROM audit WHERE seq >= ${at}`,
    (at) => new RegExp(`row ${at} is missing.*cut after row ${at - 1}`),
  ],
];

/** As many rows as a slice has, found out by asking. */
async function sliceOf(store: Store): Promise<number> {
  return (await store.verifyAudit(START)).seq;
}

async function openScene(t: Pick<TestContext, 'after'>, rows: number) {
  const { store, path } = await openLongLog(t, { rows });
  const db = new Database(path);
  t.after(() => db.close());
  return { store, db };
}

test('a long chain', async (t) => {
  const { store, db } = await openScene(t, 6_500);
  const slice = await sliceOf(store);
  assert.ok(slice < 3_000, 'two slices and more');
  db.exec('CREATE TEMP TABLE kept AS SELECT * FROM audit');

  await t.test('is checked a slice at a time, and is intact', async () => {
    const reached = [];
    let from: AuditHead & { readonly done?: boolean } = START;
    while (!from.done) {
      from = await store.verifyAudit(from);
      reached.push(from.seq);
    }
    assert.deepEqual(reached.at(-1), 6_500);
    assert.equal(reached.length, Math.ceil((6_500 + 1) / slice));
    assert.deepEqual(await verifyChain(store, null), await store.auditHead());
  });

  for (const at of [1, slice - 1, slice, slice + 1, 2 * slice, 2 * slice + 1, 6_498])
    await t.test(`is found broken at row ${at}`, async (t) => {
      for (const [what, change, says] of LIES)
        await t.test(`after ${what}`, async () => {
          db.exec(change(at));
          await assert.rejects(verifyChain(store, null), { code: 'AUDIT_BROKEN', message: says(at) });
          db.exec('BEGIN; DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; COMMIT');
        });
    });
});

test('a chain that ends where a slice ends', async (t) => {
  const longer = await openScene(t, 5_000);
  const slice = await sliceOf(longer.store);
  const { store, db } = await openScene(t, 2 * slice);
  await t.test('is intact', async () => assert.equal((await verifyChain(store, null)).seq, 2 * slice));
  await t.test('is found cut there', async () => {
    db.exec(`DELETE FROM audit WHERE seq > ${slice}`);
    await assert.rejects(verifyChain(store, null), {
      code: 'AUDIT_BROKEN',
      message: new RegExp(`row ${slice + 1} is missing`),
    });
  });
});

test('a check that goes on', async (t) => {
  await t.test('takes rows that were added meanwhile for what they are', async (t) => {
    const { store } = await openScene(t, 5_000);
    await store.putKey(newKey());
    let from: AuditHead & { readonly done?: boolean } = START;
    while (!from.done) {
      from = await store.verifyAudit(from);
      if (!from.done) await store.append(append(newSignature()));
    }
    assert.deepEqual({ seq: from.seq, hash: from.hash }, await store.auditHead());
  });
  await t.test('from a row that was rewritten meanwhile is broken', async (t) => {
    const { store } = await openScene(t, 5_000);
    const reached = await store.verifyAudit(START);
    const wrong = { seq: reached.seq, hash: 'ab'.repeat(32) };
    await assert.rejects(store.verifyAudit(wrong), { message: new RegExp(`row ${reached.seq + 1} does not continue`) });
  });
  await t.test('from beyond the end is broken', async (t) => {
    const { store } = await openScene(t, 10);
    await assert.rejects(store.verifyAudit({ seq: 11, hash: 'ab'.repeat(32) }), { code: 'AUDIT_BROKEN' });
  });
});
