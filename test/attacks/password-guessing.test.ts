// Guessing passwords over the network: one account from everywhere, every account from one place, all at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, problemOf } from '../http/scene.ts';
import type { Answer } from '../http/wire.ts';
import { PASSWORD, peopleScene } from '../support/people.ts';

const PROXY = { LOOKASIDE_TRUST_PROXY: '1' };
const from = (address: string) => ({ 'x-forwarded-for': address });
const statuses = (answers: readonly Answer[]) => answers.map(({ status }) => status);
const count = (answers: readonly Answer[], status: number) =>
  statuses(answers).filter((each) => each === status).length;

test('guessing at one account', async (t) => {
  const store = await peopleScene(t, PROXY);
  let host = 0;
  const guess = () => store.signIn('admin', 'a guess', from(`198.51.100.${host++}`));

  await t.test('from ever new addresses is slowed, and told for how long', async () => {
    for (let free = 0; free < 5; free++) assertProblem(await guess(), 401, 'CREDENTIALS_INVALID');
    const answer = await guess();
    assert.match(problemOf(answer, 429, 'SIGN_IN_SLOWED').detail, /try again in 1 second$/);
    assert.equal(answer.headers['retry-after'], '1');
  });
  await t.test('is slowed without a look at the password: the right one is refused as well', async () =>
    assertProblem(await store.signIn('admin', PASSWORD, from('203.0.113.1')), 429, 'SIGN_IN_SLOWED'),
  );
  await t.test('keeps its owner out for half a minute at most', async () => {
    for (let waited = 0; waited < 10; waited++) {
      store.later(30_000);
      assertProblem(await guess(), 401, 'CREDENTIALS_INVALID');
    }
    assert.equal((await guess()).headers['retry-after'], '30');
    store.later(30_000);
    assert.equal((await store.signIn('admin', PASSWORD, from('203.0.113.1'))).status, 200);
  });
  await t.test('does not keep its owner out from where they signed in before', async () => {
    for (let failed = 0; failed < 30; failed++) await guess();
    assert.equal((await guess()).status, 429);
    assert.equal((await store.signIn('admin', PASSWORD, from('203.0.113.1'))).status, 200);
  });
  await t.test('is in the audit log as far as a password was looked at, and no further', async () => {
    const refused = await store.audit('session.refused');
    assert.ok(refused.length >= 15 && refused.length < 30, String(refused.length));
    assert.ok(refused.every(({ subject, detail }) => subject === 'admin' && detail.attempts === 1));
    assert.match(String(refused[0]?.detail.address), /^198\.51\.100\.\d+$/);
  });
});

test('guessing from one place', async (t) => {
  const store = await peopleScene(t, PROXY);
  const guess = (name: string, address: string) => store.signIn(name, 'a guess', from(address));
  await t.test('is slowed whichever account it tries', async () => {
    for (let user = 0; user < 10; user++) assert.equal((await guess(`user${user}`, '192.0.2.9')).status, 401);
    assert.equal((await guess('user10', '192.0.2.9')).status, 429);
    assert.equal((await guess('user10', '192.0.2.10')).status, 401);
  });
  await t.test('is slowed across a whole IPv6 network of one customer', async () => {
    for (let user = 0; user < 10; user++)
      assert.equal((await guess(`user2${user}`, `2001:db8:1:2:${user}::${user}`)).status, 401);
    assert.equal((await guess('user30', '2001:db8:1:2:ffff::1')).status, 429);
    assert.equal((await guess('user30', '2001:db8:1:3::1')).status, 401);
  });
});

test('guessing at once', async (t) => {
  const store = await peopleScene(t, PROXY);
  await t.test('at one account gets no more guesses than one after the other', async () => {
    const guesses = Array.from({ length: 50 }, (_, host) =>
      store.signIn('admin', 'a guess', from(`198.51.100.${host}`)),
    );
    const answers = await Promise.all(guesses);
    assert.deepEqual([count(answers, 401), count(answers, 429)], [5, 45]);
  });
  await t.test('with the right password among the guesses gets no more either', async () => {
    store.later(60 * 60_000);
    const guesses = Array.from({ length: 50 }, (_, host) =>
      store.signIn('admin', host === 40 ? PASSWORD : 'a guess', from(`192.0.2.${host}`)),
    );
    assert.equal(count(await Promise.all(guesses), 200), 0);
  });
  await t.test('from one place at many accounts gets no more either', async () => {
    const guesses = Array.from({ length: 50 }, (_, user) =>
      store.signIn(`user${user}`, 'a guess', from('203.0.113.5')),
    );
    const answers = await Promise.all(guesses);
    assert.deepEqual([count(answers, 401), count(answers, 429)], [10, 40]);
  });
});

test('guessing the current password with a stolen session', async (t) => {
  const store = await peopleScene(t);
  const stolen = await store.person();
  await t.test('is slowed in the same way', async () => {
    const guess = () => stolen.call('PUT', '/api/v1/session/password', { current: 'a guess', password: 'long enough' });
    for (let free = 0; free < 5; free++) assertProblem(await guess(), 401, 'CREDENTIALS_INVALID');
    assertProblem(await guess(), 429, 'SIGN_IN_SLOWED');
  });
});

test('an address that the client makes up', async (t) => {
  const store = await peopleScene(t);
  await t.test('counts for nothing without a trusted proxy', async () => {
    for (let host = 0; host < 10; host++)
      assert.equal((await store.signIn(`user${host}`, 'a guess', from(`10.0.0.${host}`))).status, 401);
    assert.equal((await store.signIn('user10', 'a guess', from('10.0.0.200'))).status, 429);
    assert.equal(
      (await store.audit('session.refused')).some(({ detail }) => String(detail.address).startsWith('10.')),
      false,
    );
  });
});

test('an address behind a trusted proxy that is none', async (t) => {
  const store = await peopleScene(t, PROXY);
  await t.test('is counted as one, and not written down', async () => {
    for (const junk of ['unknown', '"><script>', 'x'.repeat(5_000)])
      assert.equal((await store.signIn('admin', 'a guess', from(junk))).status, 401);
    const rows = await store.audit('session.refused');
    assert.deepEqual(
      rows.map(({ detail }) => detail.address),
      ['unknown', 'unknown', 'unknown'],
    );
  });
});
