// A session ends when it is not used, and after a day's work in any case.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { LIMITS } from '../../server/domain/limits.ts';
import { type Person, peopleScene } from '../support/people.ts';
import { assertProblem, problemOf } from './scene.ts';

const MINUTE = 60_000;
const use = (person: Person) => person.call('GET', '/api/v1/session');

test('a session', async (t) => {
  const store = await peopleScene(t);
  await t.test('ends when it is not used for half an hour, to the millisecond', async () => {
    const [used, idle] = [await store.person(), await store.person()];
    store.later(LIMITS.sessionIdleMs - 1);
    assert.equal((await use(used)).status, 200);
    store.later(1);
    assert.match(problemOf(await use(idle), 401, 'CREDENTIALS_EXPIRED').detail, /sign in again/);
    assert.equal((await use(used)).status, 200);
  });
  await t.test('goes on as long as it is used, and ends after twelve hours all the same', async () => {
    const person = await store.person();
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      store.later(20 * MINUTE);
      assert.equal((await use(person)).status, 200, `after ${minutes + 20} minutes`);
    }
    store.later(20 * MINUTE - 1);
    assert.equal((await use(person)).status, 200);
    store.later(1);
    assertProblem(await use(person), 401, 'CREDENTIALS_EXPIRED');
  });
  await t.test('is not ended too late by uses that are less than a minute apart', async () => {
    const person = await store.person();
    store.later(MINUTE - 1);
    assert.equal((await use(person)).status, 200); // not worth a write
    store.later(LIMITS.sessionIdleMs - MINUTE);
    assert.equal((await use(person)).status, 200);
    store.later(LIMITS.sessionIdleMs);
    assertProblem(await use(person), 401, 'CREDENTIALS_EXPIRED');
  });
});

test('sessions in the database', async (t) => {
  const store = await peopleScene(t);
  const db = new Database(store.config.databasePath, { readonly: true });
  t.after(() => db.close());
  const rows = () => db.prepare<[], { last_seen_at: number; created_at: number }>('SELECT * FROM sessions').all();

  await t.test('learn of their last use when the server stops, at the latest', async (t) => {
    const other = await peopleScene(t, { LOOKASIDE_DATA_DIR: store.dataDir });
    const person = await other.person();
    other.later(5 * MINUTE);
    assert.equal((await use(person)).status, 200);
    await other.stop();
    const [row] = rows();
    assert.equal((row?.last_seen_at ?? 0) - (row?.created_at ?? 0), 5 * MINUTE);
  });
  await t.test('are removed when they have expired, as soon as somebody signs in', async () => {
    for (let count = 0; count < 3; count++) await store.person();
    assert.equal(rows().length, 4);
    store.later(LIMITS.sessionLifetimeMs);
    await store.person();
    assert.equal(rows().length, 1);
  });
});
