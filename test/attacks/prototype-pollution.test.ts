// Members called __proto__ or constructor, in claims, bodies and queries: they are only members, and unknown ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, results, scene, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { refuses } from './refused.ts';

refuses('a claim with __proto__', [
  ['on top', 'claim-top-proto', 422, 'CLAIM_INVALID'],
  ['in critical', 'claim-critical-proto', 422, 'CLAIM_INVALID'],
]);

test('a claim with __proto__ in optional', async (t) => {
  const store = await scene(t);
  await t.test('is a claim with one more optional member, as runtimes see it', async () => {
    const answer = await store.uploadRaw(signature('claim-optional-proto'));
    assert.equal(answer.status, 201, answer.text);
    assert.ok(results(answer)[0]?.notes.some(({ code }) => code === 'optional-members'));
  });
});

test('a call with __proto__', async (t) => {
  const store = await scene(t);
  const headers = { 'content-type': 'application/json', ...bearer(store.token) };
  const post = (body: string) => send(store.url, '/api/v1/tokens', { method: 'POST', headers, body });
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString'])
    await t.test(`is refused or without effect: ${name}`, async () => {
      const grant = `"${name}":{"permissions":["admin"],"name":"x"}`;
      assertProblem(await post(`{${grant}}`), 400, 'REQUEST_INVALID');
      const answer = await post(`{"name":"x","permissions":["read"],${grant}}`);
      if (answer.status === 201) assert.deepEqual(answer.json<{ permissions: string[] }>().permissions, ['read']);
      else assertProblem(answer, 400, 'REQUEST_INVALID');
      assert.equal(({} as { permissions?: unknown }).permissions, undefined);
    });
  await t.test('is refused in a query', async () => {
    for (const query of ['__proto__=1', '__proto__[limit]=1', 'constructor=1'])
      assertProblem(await send(store.url, `/api/v1/signatures?${query}`, { headers }), 400, 'REQUEST_INVALID');
  });
});
