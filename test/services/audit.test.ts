// Whether the audit log's chain holds, as a page shows it: checked in the background, looked at again in a while.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { AppError } from '../../server/domain/errors.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { localPrincipal, type Principal } from '../../server/domain/principal.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { realWorld } from '../../server/ops/world.ts';
import { type AuditLog, type AuditStatus, createAuditLog } from '../../server/services/audit.ts';
import type { Store } from '../../server/store/port.ts';
import { matching, openLongLog, seqs } from '../store/audit-scene.ts';
import { append, NOW, newKey, newSignature, openTestStore, storeWithKey } from '../store/scene.ts';

const ADMIN = localPrincipal('root');
const LATER_MS = 11 * 60 * 1000;
const LONG = 9_000;

function createClock() {
  const clock = { now: NOW as number };
  const world = { ...realWorld, now: () => clock.now as Instant };
  const later = (ms: number) => {
    clock.now += ms;
  };
  return { world, later };
}

async function until(audit: AuditLog, done: (status: AuditStatus) => boolean): Promise<AuditStatus[]> {
  const seen: AuditStatus[] = [];
  for (let tries = 0; tries < 2_000; tries++) {
    const status = await audit.status(ADMIN);
    seen.push(status);
    if (done(status)) return seen;
    await sleep(1);
  }
  return assert.fail(`still ${JSON.stringify(seen.at(-1))}`);
}

const decided = ({ state }: AuditStatus) => state !== 'checking';

function tamper(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

async function openLong(t: Pick<TestContext, 'after'>) {
  const { store, path, events } = await openLongLog(t, { rows: LONG });
  const { world, later } = createClock();
  return { store, path, events, later, audit: createAuditLog(store, world) };
}

test('the status of the audit log', async (t) => {
  await t.test('is intact at the first look where the log is short', async (t) => {
    const { store } = await storeWithKey(t);
    const audit = createAuditLog(store, createClock().world);
    const head = await store.auditHead();
    assert.deepEqual(await audit.status(ADMIN), { head, state: 'intact', checkedTo: 1, problem: null });
    await store.append(append(newSignature()));
    const { state, checkedTo } = await audit.status(ADMIN);
    assert.deepEqual([state, checkedTo], ['intact', 2]);
  });
  await t.test('is intact where there is none', async (t) => {
    const { store } = await openTestStore(t);
    const { state, checkedTo } = await createAuditLog(store, createClock().world).status(ADMIN);
    assert.deepEqual([state, checkedTo], ['intact', 0]);
  });
  await t.test('is checking until the whole of a long one was looked at, and then intact', async (t) => {
    const { audit } = await openLong(t);
    const seen = await until(audit, decided);
    assert.deepEqual([seen[0]?.state, seen[0]?.problem], ['checking', null]);
    assert.ok((seen[0]?.checkedTo ?? 0) > 0 && (seen[0]?.checkedTo ?? LONG) < LONG);
    assert.deepEqual([seen.at(-1)?.state, seen.at(-1)?.checkedTo], ['intact', LONG]);
    const reached = seen.map(({ checkedTo }) => checkedTo);
    assert.deepEqual(
      reached,
      reached.toSorted((a, b) => a - b),
    );
  });
  await t.test('goes on in the background, without anybody looking', async (t) => {
    const { audit, store } = await openLong(t);
    await audit.status(ADMIN);
    let calls = 0;
    const { verifyAudit } = store;
    const counted = (from: Parameters<typeof verifyAudit>[0]) => {
      calls++;
      return verifyAudit(from);
    };
    Object.assign(store, { verifyAudit: counted });
    for (let tries = 0; tries < 500 && calls < 3; tries++) await sleep(2);
    assert.ok(calls >= 3);
  });
  for (const row of [1, 4_000, LONG])
    await t.test(`is broken at row ${row}, and says how`, async (t) => {
      const { audit, path } = await openLong(t);
      tamper(path, `UPDATE audit SET detail = '{}' WHERE seq = ${row}`);
      const last = (await until(audit, decided)).at(-1);
      assert.equal(last?.state, 'broken');
      assert.match(last?.problem ?? '', new RegExp(`row ${row} was edited`));
      assert.ok((last?.checkedTo ?? LONG) < row);
    });
  await t.test('finds within a while what was done behind its back, and that it was undone', async (t) => {
    const { audit, path, later } = await openLong(t);
    await until(audit, decided);
    tamper(path, 'UPDATE audit SET at = at + 1 WHERE seq = 10');
    assert.equal((await audit.status(ADMIN)).state, 'intact'); // not looked at again yet
    later(LATER_MS);
    const found = await until(audit, ({ state }) => state === 'broken');
    assert.match(found.at(-1)?.problem ?? '', /row 10 was edited/);
    tamper(path, 'UPDATE audit SET at = at - 1 WHERE seq = 10');
    later(-LATER_MS); // a clock that is set back makes it no later
    const repaired = await until(audit, ({ state }) => state === 'intact');
    assert.equal(repaired.at(-1)?.problem, null);
  });
  await t.test('is broken where the log was cut short after it was found intact', async (t) => {
    const { audit, path } = await openLong(t);
    await until(audit, decided);
    tamper(
      path,
      `DELETE FROM audit WHERE seq > ${LONG - 5}; UPDATE audit_head SET seq = ${LONG - 5},
                    hash = (SELECT hash FROM audit WHERE seq = ${LONG - 5})`,
    );
    const { state } = await audit.status(ADMIN);
    assert.equal(state, 'broken');
  });
  await t.test('is not decided by a fault of the store, and goes on after it', async (t) => {
    const { store } = await openLong(t);
    let broken = true;
    const verifyAudit: Store['verifyAudit'] = (from) =>
      broken ? Promise.reject(new AppError('STORE_FAULT', 'the disk failed')) : store.verifyAudit(from);
    const audit = createAuditLog({ ...store, verifyAudit }, createClock().world);
    await assert.rejects(audit.status(ADMIN), { code: 'STORE_FAULT' });
    broken = false;
    await until(audit, ({ state }) => state === 'intact');
  });
  await t.test('outlives its store without a word, and without a thread', async (t) => {
    const { path } = await openLongLog(t, { rows: LONG });
    const { store } = await openTestStore({ after: () => {} }, 'thread', path);
    const audit = createAuditLog(store, createClock().world);
    assert.equal((await audit.status(ADMIN)).state, 'checking');
    await store.close();
    await sleep(20);
    await assert.rejects(audit.status(ADMIN), { code: 'STORE_FAULT' });
  });
});

test('the audit log', async (t) => {
  const { audit, events, store } = await openLong(t);
  const exported = async (filter: Parameters<AuditLog['export']>[0]) => {
    const slices: number[][] = [];
    for await (const rows of audit.export(filter, ADMIN)) slices.push(seqs(rows));
    return slices;
  };

  await t.test('is exported whole, slice by slice', async () => {
    const slices = await exported({});
    assert.ok(slices.length > 3);
    assert.deepEqual(
      slices.flat(),
      events.map((_, index) => index + 1),
    );
    for (const filter of [{ actor: 'alice' }, { action: 'user.removed' }, { since: events[7_000]?.at }])
      assert.deepEqual((await exported(filter)).flat(), matching(events, filter));
  });
  await t.test('is verified from a head that was noted', async () => {
    const head = await store.auditHead();
    assert.deepEqual(await audit.verify(head, ADMIN), head);
    const [first] = (await store.exportAudit({}, 0)).items;
    assert.deepEqual(await audit.verify({ seq: 1, hash: first?.hash ?? '' }, ADMIN), head);
    await assert.rejects(audit.verify({ seq: 1, hash: '00'.repeat(32) }, ADMIN), { code: 'AUDIT_BROKEN' });
    await assert.rejects(audit.verify({ seq: LONG + 1, hash: head.hash }, ADMIN), { code: 'AUDIT_BROKEN' });
  });
  await t.test('is for those who may see everything', async () => {
    const token = { kind: 'token', id: 'x', name: 'x' } as const;
    const calls = (held: Omit<Principal, 'actor' | 'keys'>, principal = { actor: token, keys: null, ...held }) => [
      () => audit.list({}, { limit: 1, before: null }, principal),
      () => audit.export({}, principal).next(),
      () => audit.verify(null, principal),
      () => audit.status(principal),
    ];
    for (const call of calls({ permissions: ['read', 'upload', 'withdraw'], scopes: [parseScope('')] }))
      await assert.rejects(call(), { code: 'PERMISSION_MISSING' });
    for (const call of calls({ permissions: ['admin'], scopes: [parseScope('quay.io')] }))
      await assert.rejects(call(), { code: 'TOKEN_SCOPE' });
    for (const call of calls({ permissions: ['view'], scopes: [parseScope('')] })) await call();
  });
  await t.test('grows while it is exported, and no row is missed', async (t) => {
    const { audit, store } = await openLong(t);
    await store.putKey(newKey());
    const found: number[] = [];
    for await (const rows of audit.export({}, ADMIN)) {
      found.push(...seqs(rows));
      if (found.length < 3_000) await store.append(append(newSignature()));
    }
    assert.deepEqual(
      found,
      found.map((_, index) => index + 1),
    );
    assert.equal(found.length, (await store.auditHead()).seq);
  });
});
