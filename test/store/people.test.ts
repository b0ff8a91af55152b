// Users and sessions in the database: each change with its audit row, and none on outdated knowledge.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import type { Instant } from '../../server/domain/instant.ts';
import { parseUserName, type Role } from '../../server/domain/user.ts';
import type { Store } from '../../server/store/port.ts';
import { ACT, NOW, openTestStore } from './scene.ts';

const HOUR = 60 * 60_000;
const [ALICE, BOB] = [parseUserName('alice'), parseUserName('bob')];
const hashed = (of: string) => `$argon2id$${of}`;

const newUser = (name = ALICE, role: Role = 'admin') => ({ ...ACT, name, role, password: hashed(name) });

function newSession(user = ALICE, at = NOW, sha256 = randomBytes(32)) {
  const expiresAt = (at + 12 * HOUR) as Instant;
  return { sha256, user, proven: hashed(user), rehashed: null, address: '192.0.2.1', at, expiresAt };
}

async function actions(store: Store): Promise<string[]> {
  const { items } = await store.listAudit({}, { limit: 100, before: null });
  return items.map(({ action }) => action).reverse();
}

for (const writer of ['local', 'thread'] as const)
  test(`people, written by a ${writer} writer`, async (t) => {
    const { store } = await openTestStore(t, writer);
    const session = newSession();
    await t.test('are found by name, with their hash', async () => {
      const user = await store.createUser(newUser());
      assert.deepEqual(await store.findUser(ALICE), { user, password: hashed('alice') });
      assert.equal(await store.findUser(BOB), null);
      assert.deepEqual(await store.listUsers(), [user]);
    });
    await t.test('are signed in with a session that is found by its hash', async () => {
      await store.createSession(session);
      const found = await store.findSession(session.sha256);
      assert.deepEqual([found?.user.name, found?.user.lastSignInAt, found?.lastSeenAt], [ALICE, NOW, NOW]);
      assert.deepEqual(Buffer.from(found?.sha256 ?? []), session.sha256);
      assert.equal(await store.findSession(randomBytes(32)), null);
    });
    await t.test('are seen, never earlier than they were', async () => {
      await store.touchSessions([{ sha256: session.sha256, at: (NOW + 5) as Instant }]);
      await store.touchSessions([{ sha256: session.sha256, at: (NOW + 3) as Instant }]);
      assert.equal((await store.findSession(session.sha256))?.lastSeenAt, NOW + 5);
    });
    await t.test('are signed out once', async () => {
      await store.endSession({ sha256: session.sha256, at: NOW });
      await store.endSession({ sha256: session.sha256, at: NOW });
      assert.equal(await store.findSession(session.sha256), null);
    });
    await t.test('have a row of the audit log for each change', async () =>
      assert.deepEqual(await actions(store), ['user.created', 'session.created', 'session.ended']),
    );
  });

test('a session', async (t) => {
  const { store, path } = await openTestStore(t);
  const db = new Database(path);
  t.after(() => db.close());
  const count = () => db.prepare<[], number>('SELECT count(*) FROM sessions').pluck().get();
  await store.createUser(newUser());
  await store.createUser(newUser(BOB, 'viewer'));

  await t.test('is not made for a password that was changed since it was checked', async () => {
    const late = newSession(BOB);
    await store.changeUser({ ...ACT, name: BOB, password: hashed('new') });
    await assert.rejects(store.createSession(late), { code: 'CREDENTIALS_INVALID' });
    assert.equal(count(), 0);
    assert.equal((await store.findUser(BOB))?.user.lastSignInAt, null);
  });
  await t.test('is not made for somebody who got the name of a user removed since', async () => {
    const late = newSession(BOB);
    await store.removeUser({ ...ACT, name: BOB });
    await assert.rejects(store.createSession(late), { code: 'CREDENTIALS_INVALID' });
    await store.createUser({ ...newUser(BOB), password: hashed('another bob') });
    await assert.rejects(store.createSession(late), { code: 'CREDENTIALS_INVALID' });
  });
  await t.test('keeps the same password with better parameters, and says nothing of it', async () => {
    const before = await actions(store);
    await store.createSession({ ...newSession(), rehashed: hashed('better') });
    const record = await store.findUser(ALICE);
    assert.deepEqual([record?.password, record?.user.passwordChangedAt], [hashed('better'), NOW]);
    assert.deepEqual(await actions(store), [...before, 'session.created']);
    assert.equal(count(), 1);
  });
  await t.test('goes with the others of its user when the password changes', async () => {
    await store.createSession({ ...newSession(), proven: hashed('better') });
    await store.changeUser({ ...ACT, name: ALICE, password: hashed('alice') });
    assert.equal(count(), 0);
  });
  await t.test('goes with its user', async () => {
    await store.createUser(newUser(parseUserName('carol')));
    await store.createSession(newSession(parseUserName('carol')));
    await store.removeUser({ ...ACT, name: parseUserName('carol') });
    assert.equal(count(), 0);
  });
  await t.test('is removed when it has expired and another is made', async () => {
    await store.createSession(newSession());
    await store.createSession(newSession(ALICE, (NOW + 12 * HOUR - 1) as Instant));
    assert.equal(count(), 2);
    await store.createSession(newSession(ALICE, (NOW + 12 * HOUR) as Instant));
    assert.equal(count(), 2);
  });
  await t.test('is found, made and removed by index', () => {
    for (const sql of [
      "SELECT 1 FROM sessions s JOIN users u ON u.name = s.user WHERE s.sha256 = x'00'",
      "DELETE FROM sessions WHERE user = 'alice'",
      'DELETE FROM sessions WHERE expires_at <= 1',
    ]) {
      const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
      for (const { detail } of plan) assert.match(detail, /^SEARCH/, sql);
    }
  });
});

test('a change of one’s own password on outdated knowledge', async (t) => {
  const { store } = await openTestStore(t);
  await store.createUser(newUser());
  await t.test('is refused, and the newer password stays', async () => {
    await store.changeUser({ ...ACT, name: ALICE, password: hashed('by the admin') });
    const own = { ...ACT, name: ALICE, password: hashed('own'), proven: hashed('alice') };
    await assert.rejects(store.changeUser(own), { code: 'CREDENTIALS_INVALID' });
    assert.equal((await store.findUser(ALICE))?.password, hashed('by the admin'));
  });
});

test('the first user', async (t) => {
  const { store, path } = await openTestStore(t, 'thread');
  const { store: other } = await openTestStore(t, 'thread', path);
  await t.test('is made once, of many who try at once', async () => {
    const tries = [store, other, store, other].map((each) => each.createFirstUser(newUser()));
    const made = await Promise.all(tries);
    assert.equal(made.filter(Boolean).length, 1);
    assert.deepEqual(await actions(store), ['user.created']);
  });
  await t.test('is not made where there is another user, even a viewer', async () => {
    const { store: third } = await openTestStore(t);
    await third.createUser(newUser(BOB, 'viewer'));
    assert.equal(await third.createFirstUser(newUser()), false);
  });
});
