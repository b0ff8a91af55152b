// Somebody plants a cookie in the victim's browser, before or after the victim signs in, to share the session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem } from '../http/scene.ts';
import { send } from '../http/wire.ts';
import { cookieOf, peopleScene, personWith } from '../support/people.ts';

const SESSION = '/api/v1/session';
const PLANTED = `lookaside_session=${'A'.repeat(43)}`;

test('a cookie planted before signing in', async (t) => {
  const store = await peopleScene(t);
  await t.test('does not become a session', async () => {
    const answer = await store.signIn('admin', undefined, { cookie: PLANTED });
    assert.equal(answer.status, 200);
    assert.notEqual(cookieOf(answer), PLANTED);
    assertProblem(await personWith(store.url, PLANTED).call('GET', SESSION), 401, 'CREDENTIALS_EXPIRED');
  });
  await t.test('does not become the victim’s session when it is one of the attacker’s own', async () => {
    const attacker = await store.newPerson('mallory', 'viewer');
    const answer = await store.signIn('admin', undefined, { cookie: attacker.cookie });
    assert.notEqual(cookieOf(answer), attacker.cookie);
    // The session that was there is ended, not handed on.
    assertProblem(await attacker.call('GET', SESSION), 401, 'CREDENTIALS_EXPIRED');
  });
  await t.test('ends nothing when signing in fails', async () => {
    const admin = await store.person();
    assertProblem(await store.signIn('admin', 'wrong', { cookie: admin.cookie }), 401, 'CREDENTIALS_INVALID');
    assert.equal((await admin.call('GET', SESSION)).status, 200);
  });
});

test('a cookie planted from a sibling domain', async (t) => {
  const host = 'sigs.example.com';
  const store = await peopleScene(t, { LOOKASIDE_PUBLIC_URL: `https://${host}` });
  const own = cookieOf(await store.signIn('admin', undefined, { host, origin: `https://${host}` }));
  const planted = cookieOf(await store.signIn()); // a session of the attacker, under the name without __Host-
  const get = (cookie: string, headers = {}) => send(store.url, SESSION, { headers: { cookie, ...headers } });
  await t.test('counts for nothing over TLS, where a sibling cannot set the name that counts', async () => {
    assert.match(planted, /^lookaside_session=/);
    assertProblem(await get(planted, { host }), 401, 'CREDENTIALS_MISSING');
  });
  await t.test('does not come before the real one, on whichever side it stands', async () => {
    for (const cookie of [`${planted}; ${own}`, `${own}; ${planted}`]) {
      await send(store.url, SESSION, { method: 'DELETE', headers: { cookie: planted, origin: store.url } });
      assert.equal((await get(cookie)).status, 200);
    }
  });
  await t.test('of the same name makes both count for nothing', async () => {
    assertProblem(await get(`${PLANTED}; ${PLANTED}x`), 401, 'CREDENTIALS_MISSING');
  });
});
