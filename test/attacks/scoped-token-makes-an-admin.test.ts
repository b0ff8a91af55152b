// People see and do everything. So a token that may not must not make people, nor take one over by a new password.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { PASSWORD, peopleScene } from '../support/people.ts';

test('an admin token of one namespace', async (t) => {
  const store = await peopleScene(t);
  const token = await store.createToken(['admin'], ['quay.io/acme']);
  const call = (method: string, path: string, body?: unknown) =>
    send(store.url, `/api/v1/users${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...bearer(token) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  await t.test('adds, changes, removes and lists nobody', async () => {
    const mallory = { name: 'mallory', role: 'admin', password: PASSWORD };
    assertProblem(await call('POST', '', mallory), 403, 'TOKEN_SCOPE');
    assertProblem(await call('PATCH', '/admin', { password: PASSWORD }), 403, 'TOKEN_SCOPE');
    assertProblem(await call('DELETE', '/admin'), 403, 'TOKEN_SCOPE');
    assertProblem(await call('GET', ''), 403, 'TOKEN_SCOPE');
    assert.deepEqual(
      (await store.audit()).map(({ action }) => action),
      ['token.created', 'user.created'],
    );
  });
});

test('a token without the permission', async (t) => {
  const store = await peopleScene(t);
  await t.test('does not even list people', async () => {
    const headers = bearer(await store.createToken(['upload', 'withdraw', 'read']));
    assertProblem(await send(store.url, '/api/v1/users', { headers }), 403, 'PERMISSION_MISSING');
  });
});
