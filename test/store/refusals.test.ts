// Refused uploads as the store keeps them: the latest, and counts by day that stay when they are forgotten.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { ErrorCode } from '../../server/domain/errors.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import type { Actor } from '../../server/domain/principal.ts';
import type { NewRefusal, RefusalFilter, Store } from '../../server/store/port.ts';
import { DAY_MS, follow } from './list-scene.ts';
import { ACTOR, append, NOW, newSignature, openTestStore, storeWithKey } from './scene.ts';

const CODES: readonly ErrorCode[] = ['KEY_UNKNOWN', 'SIGNATURE_BAD', 'IMAGE_FULL'];
const ACTORS: readonly Actor[] = [{ kind: 'token', id: '0a0a', name: 'ci' }, { kind: 'user', name: 'alice' }, ACTOR];

function refused(index: number, at: number = NOW): NewRefusal {
  const code = index === 5 ? 'IMAGE_FULL' : (CODES[index % 2] ?? 'SIGNATURE_BAD');
  const actor = ACTORS[index % 7 === 0 ? 1 : index % 2] ?? ACTOR;
  return {
    at: at as Instant,
    actor,
    code,
    detail: `refused ${index}`,
    target: index % 3 === 0 ? null : `target ${index}`,
  };
}

const many = (count: number, at?: number) => Array.from({ length: count }, (_, index) => refused(index, at));
const ALL = { limit: 1_000, before: null };

async function rowsOf(store: Store, filter: RefusalFilter = {}, limit = 1_000) {
  return follow((before: number | null) => store.listRefusals(filter, { limit, before }), {
    limit,
    rows: LIMITS.refusalsKept,
  });
}

async function openKept(t: Pick<TestContext, 'after'>, kept: readonly NewRefusal[]): Promise<Store> {
  const { store } = await openTestStore(t);
  await store.recordRefusals(kept);
  return store;
}

test('refused uploads', async (t) => {
  await t.test('are listed as they were noted, newest first', async (t) => {
    const noted = many(4);
    const store = await openKept(t, noted);
    const { items, next } = await store.listRefusals({}, ALL);
    assert.deepEqual(
      items.map(({ id, ...refusal }) => refusal),
      noted.toReversed(),
    );
    assert.equal(next, null);
  });

  await t.test('are found by code and by the name or id of whoever uploaded', async (t) => {
    const noted = many(LIMITS.scannedRows + 500);
    const store = await openKept(t, noted);
    const filter = fc.record(
      {
        code: fc.constantFrom(...CODES, 'KEY_EXPIRED' as const),
        actor: fc.constantFrom('ci', '0a0a', 'alice', 'nobody'),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filter, fc.constantFrom(100, 1_000), async (filter, limit) => {
        const wanted = noted.filter(
          ({ code, actor }) =>
            (filter.code === undefined || code === filter.code) &&
            (filter.actor === undefined ||
              actor.name === filter.actor ||
              (actor.kind === 'token' && actor.id === filter.actor)),
        );
        assert.deepEqual(
          (await rowsOf(store, filter, limit)).map(({ detail }) => detail),
          wanted.map(({ detail }) => detail).reverse(),
        );
      }),
      { numRuns: 30 },
    );
  });

  await t.test('are forgotten but for the latest, and their counts by day stay', async (t) => {
    const yesterday = NOW - DAY_MS;
    const store = await openKept(t, many(LIMITS.refusalsKept, yesterday));
    assert.equal((await rowsOf(store)).length, LIMITS.refusalsKept);
    await store.recordRefusals(many(300));
    const kept = await rowsOf(store);
    assert.equal(kept.length, LIMITS.refusalsKept);
    assert.equal(kept.filter(({ at }) => at === NOW).length, 300);
    assert.deepEqual([kept[0]?.detail, kept.at(-1)?.detail], ['refused 299', 'refused 300']);

    const { days, refusals } = await store.days(NOW, 2);
    assert.deepEqual(
      days.map(({ refused }) => refused),
      [LIMITS.refusalsKept, 300],
    );
    const counts = CODES.map((code) => ({ code, count: 0 }));
    for (const { code } of [...many(LIMITS.refusalsKept), ...many(300)])
      for (const line of counts) if (line.code === code) line.count++;
    assert.deepEqual(
      refusals,
      counts.toSorted((a, b) => b.count - a.count),
    );
    assert.equal((await store.days(NOW, 1)).days[0]?.refused, 300);
  });

  await t.test('may be more at once than are kept', async (t) => {
    const store = await openKept(t, many(LIMITS.refusalsKept + 50));
    assert.equal((await rowsOf(store)).length, LIMITS.refusalsKept);
    assert.equal((await store.days(NOW, 1)).days[0]?.refused, LIMITS.refusalsKept + 50);
  });

  await t.test('are counted on the day of the clock in UTC', async (t) => {
    const midnight = Date.UTC(2026, 5, 2);
    const store = await openKept(t, [
      refused(0, midnight - 1),
      refused(0, midnight),
      refused(0, midnight + DAY_MS - 1),
    ]);
    const { days } = await store.days((midnight + 5) as Instant, 3);
    assert.deepEqual(
      days.map(({ day, refused }) => [day, refused]),
      [
        ['2026-05-31', 0],
        ['2026-06-01', 1],
        ['2026-06-02', 2],
      ],
    );
  });

  await t.test('leave no trace in the audit log', async (t) => {
    const store = await openKept(t, many(10));
    assert.equal((await store.auditHead()).seq, 0);
  });
});

test('refusals that cannot be written', async (t) => {
  const { store, path } = await storeWithKey(t, 'thread');
  const db = new Database(path);
  t.after(() => db.close());
  db.exec(
    `CREATE TRIGGER broken BEFORE INSERT ON refusals WHEN new.detail = 'refused 3' BEGIN SELECT RAISE(ABORT, 'broken'); END`,
  );

  await t.test('are refused whole, and take nothing else along that shares their commit', async () => {
    const signatures = Array.from({ length: 6 }, () => store.append(append(newSignature())));
    const outcomes = await Promise.allSettled([
      ...signatures.slice(0, 3),
      store.recordRefusals(many(5)),
      ...signatures.slice(3),
      store.recordRefusals(many(2)),
    ]);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled'],
    );
    assert.equal(await store.countLive(), 6);
    assert.deepEqual(
      (await store.listRefusals({}, ALL)).items.map(({ detail }) => detail),
      ['refused 1', 'refused 0'],
    );
    assert.equal((await store.days(NOW, 1)).days[0]?.refused, 2);
  });
  await t.test('are written again when the fault is gone', async () => {
    db.exec('DROP TRIGGER broken');
    await store.recordRefusals(many(5));
    assert.equal((await store.listRefusals({}, ALL)).items.length, 7);
  });
});
