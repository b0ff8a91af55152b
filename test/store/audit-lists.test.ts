// Reading the audit log: what each filter finds, windows of time to the millisecond although rows are not in the order of
// time, and an export that is the list the other way round.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { Instant } from '../../server/domain/instant.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import type { AuditFilter, Store } from '../../server/store/port.ts';
import { type LongLog, MINUTE_MS, matching, openLongLog, RARE, seqs } from './audit-scene.ts';
import { follow } from './list-scene.ts';
import { ACT, NOW, newKey, openTestStore } from './scene.ts';

const ROWS = LIMITS.scannedRows * 2 + 300;

async function listed(store: Store, filter: AuditFilter, limit: number): Promise<number[]> {
  const ask = (before: number | null) => store.listAudit(filter, { limit, before });
  return seqs(await follow(ask, { limit, rows: ROWS }));
}

async function exported(store: Store, filter: AuditFilter): Promise<number[]> {
  const found: number[] = [];
  for (let after = 0, more = true; more; ) {
    const { items, next } = await store.exportAudit(filter, after);
    found.push(...seqs(items));
    assert.ok(next === null || next > after, 'an export goes on');
    [after, more] = [next ?? after, next !== null];
  }
  return found;
}

/** Minutes after the first row, and a millisecond around them. */
const instant = fc
  .tuple(fc.integer({ min: -200, max: ROWS + 10 }), fc.constantFrom(-1, 0, 1))
  .map(([minutes, off]) => (NOW + minutes * MINUTE_MS + off) as Instant);
const filter = fc.record(
  {
    subject: fc.constantFrom('quay.io/acme/app-3', RARE.subject, 'absent'),
    action: fc.constantFrom('signature.stored', 'key.updated', RARE.action, 'absent'),
    actor: fc.constantFrom('ci', '0a0a0a0a0a0a', 'alice', '0b0b0b0b0b0b', 'bob', 'absent'),
    since: instant,
    until: instant,
  },
  { requiredKeys: [] },
);

function agrees({ store, events }: LongLog, runs: number): Promise<void> {
  return Promise.resolve(
    fc.assert(
      fc.asyncProperty(filter, fc.constantFrom(7, 100, 1_000), async (filter, limit) => {
        const wanted = matching(events, filter);
        const most = wanted.length > 500 ? Math.max(limit, 100) : limit;
        assert.deepEqual(await listed(store, filter, most), wanted.toReversed());
        assert.deepEqual(await exported(store, filter), wanted);
      }),
      { numRuns: runs },
    ),
  );
}

test('the audit log', async (t) => {
  const log = await openLongLog(t, { rows: ROWS });
  const { store, events } = log;

  await t.test('is listed and exported as each filter says', () => agrees(log, 80));
  await t.test('takes more pages, not longer ones, for what is rare', async () => {
    const filter = { actor: 'absent', since: NOW };
    assert.deepEqual(await store.listAudit(filter, { limit: 10, before: null }), { items: [], next: null });
    const { items, next } = await store.listAudit(
      { since: NOW, until: (NOW + MINUTE_MS) as Instant },
      { limit: 10, before: null },
    );
    assert.deepEqual([seqs(items), next], [[1], null]);
  });
  await t.test('is cut at times to the millisecond: the first instant is in, the last is not', async () => {
    const at = events[5_000]?.at ?? assert.fail();
    const window = (since: number, until: number) =>
      exported(store, { since: since as Instant, until: until as Instant });
    assert.deepEqual(await window(at, at), []);
    assert.deepEqual(await window(at, at + 1), [5_001]);
    assert.deepEqual(await window(at + 1, at + MINUTE_MS), []);
    assert.deepEqual(await window(at - 1, at), []);
    assert.deepEqual(await window(at, at - 1), []);
    assert.deepEqual(await window(at, at + MINUTE_MS + 1), [5_001, 5_002]);
    assert.deepEqual(await exported(store, { since: (events.at(-1)?.at ?? NOW) as Instant }), [ROWS]);
    assert.deepEqual(await exported(store, { until: (NOW + 1) as Instant }), [1]);
    assert.deepEqual(await exported(store, { until: NOW }), []);
    assert.deepEqual(await exported(store, { since: (NOW + ROWS * MINUTE_MS) as Instant }), []);
  });
  await t.test('knows an actor by name and by id, whatever kind it is', async () => {
    const alice = await exported(store, { actor: 'alice' });
    const kinds = new Set(alice.map((seq) => events[seq - 1]?.actor.kind));
    assert.deepEqual([...kinds].sort(), ['token', 'user']);
    const byId = await exported(store, { actor: '0b0b0b0b0b0b' });
    assert.ok(byId.length > 0 && byId.every((seq) => alice.includes(seq)));
  });
  await t.test('goes on where an export was left, and begins before its start', async () => {
    const { items } = await store.exportAudit({}, ROWS - 5);
    assert.deepEqual(seqs(items), [ROWS - 4, ROWS - 3, ROWS - 2, ROWS - 1, ROWS]);
    assert.equal(seqs((await store.exportAudit({}, -100)).items)[0], 1);
    assert.deepEqual(await store.exportAudit({}, ROWS), { items: [], next: null });
    assert.deepEqual(await store.exportAudit({}, ROWS * 2), { items: [], next: null });
  });
});

test('an audit log whose clock was set back', async (t) => {
  for (const disorder of [3, 150, 2_500])
    await t.test(`by up to ${disorder} minutes loses no row of a window`, async (t) =>
      agrees(await openLongLog(t, { rows: ROWS, disorder }), 25),
    );
  await t.test('is known as well where it was written before there was a catalogue', async (t) => {
    const { path, store, events } = await openLongLog(t, { rows: 2_500, disorder: 90 });
    const db = new Database(path);
    const kept = db.prepare('SELECT * FROM audit_times ORDER BY thousand').all();
    const recounted = db
      .prepare('SELECT seq / 1000 AS thousand, min(at) AS earliest, max(at) AS latest FROM audit GROUP BY 1')
      .all();
    db.close();
    assert.deepEqual(kept, recounted);
    assert.deepEqual(
      await exported(store, { since: (NOW + 1_000 * MINUTE_MS) as Instant }),
      matching(events, { since: (NOW + 1_000 * MINUTE_MS) as Instant }),
    );
  });
});

test('an empty audit log', async (t) => {
  const { store } = await openTestStore(t);
  await t.test('has no rows, whatever is asked', async () => {
    for (const filter of [{}, { since: NOW }, { until: NOW }, { since: NOW, until: NOW, actor: 'x' }]) {
      assert.deepEqual(await store.listAudit(filter, { limit: 10, before: null }), { items: [], next: null });
      assert.deepEqual(await store.exportAudit(filter, 0), { items: [], next: null });
    }
    assert.deepEqual(await store.auditHead(), { seq: 0, hash: '0'.repeat(64) });
    assert.equal(await store.auditHash(1), null);
  });
  await t.test('has its first row as soon as something happens', async () => {
    await store.putKey(newKey());
    const { items } = await store.listAudit(
      { since: ACT.at, until: (ACT.at + 1) as Instant },
      { limit: 10, before: null },
    );
    assert.deepEqual(seqs(items), [1]);
  });
});
