// JSON nested until a recursive reader runs out of stack, in a claim and in the body of a call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scene } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { refuses } from './refused.ts';

refuses('a claim nested without end', [
  ['a few levels more than any signer makes', 'claim-nested-40', 422, 'CLAIM_INVALID'],
  ['thousands of levels', 'claim-nested-5000', 422, 'CLAIM_INVALID'],
]);

test('a call with JSON nested without end', async (t) => {
  const store = await scene(t);
  const headers = { 'content-type': 'application/json', ...bearer(store.token) };
  for (const [open, close] of [
    ['[', ']'],
    ['{"name":', '}'],
  ] as const)
    await t.test(`is a refusal and not the end of the server: ${open}`, async () => {
      const body = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
      const { status } = await send(store.url, '/api/v1/tokens', { method: 'POST', headers, body });
      assert.equal(status, 400);
      assert.equal((await store.get('/livez')).status, 200);
    });
});
