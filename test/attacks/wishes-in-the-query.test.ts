// What a call does not ask for is refused. Ignored, `?scope=quay.io/acme` beside a JSON body would look as if it had
// narrowed a key or token that is in truth for everything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, problemOf, scene } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { fixture, LOCAL } from '../support/server.ts';

test('a wish where nobody looks', async (t) => {
  const store = await scene(t);
  const post = (path: string, body: object) =>
    send(store.url, `/api/v1${path}`, {
      method: 'POST',
      headers: { ...bearer(store.token), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const key = fixture('keys/rsa2048.asc').toString();
  await t.test('does not make a token for everything', async () => {
    assertProblem(await post('/tokens?scope=quay.io', { name: 'ci', permissions: ['upload'] }), 400, 'REQUEST_INVALID');
  });
  await t.test('does not make a key for everything', async () => {
    assertProblem(await post('/keys?scope=quay.io', { key }), 400, 'REQUEST_INVALID');
  });
  await t.test('is refused by every list', async () => {
    for (const path of ['/overview', '/users', '/audit/status', '/session'])
      assertProblem(
        await send(store.url, `/api/v1${path}?x=1`, { headers: bearer(store.token) }),
        400,
        'REQUEST_INVALID',
      );
  });
  await t.test('for a key without any scope is refused', async () => {
    assertProblem(await post('/keys', { key, scopes: [] }), 400, 'REQUEST_INVALID');
    await assert.rejects(store.local.keys.register(fixture('keys/rsa2048.asc'), { scopes: [] }, LOCAL), {
      code: 'REQUEST_INVALID',
    });
  });
  await t.test('for a part of a millisecond is rounded', async () => {
    assert.equal((await post('/tokens', { name: 'x', permissions: ['read'], expiresInDays: 0.123456789 })).status, 201);
  });
  await t.test('by a token that cannot be read is not granted to somebody else', async () => {
    const answer = await send(store.url, '/api/v1/session', {
      headers: { authorization: 'Bearer a b', cookie: `lookaside_session=${'A'.repeat(43)}` },
    });
    problemOf(answer, 401, 'CREDENTIALS_MISSING');
  });
});
