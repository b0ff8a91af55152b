// Numbers that one reader rounds, another refuses, and a third reads as infinite.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, scene } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { refuses } from './refused.ts';

refuses('a claim with a number out of range', [
  ['one that is infinite to most readers', 'claim-timestamp-infinite', 422, 'CLAIM_INVALID'],
  ['one of four hundred digits', 'claim-timestamp-400-digits', 422, 'CLAIM_INVALID'],
  ['2⁶³, one more than runtimes count', 'claim-timestamp-2-to-63', 422, 'CLAIM_INVALID'],
  ['a fraction', 'claim-timestamp-fraction', 422, 'CLAIM_INVALID'],
  ['a fraction too small for a double to see', 'claim-timestamp-tiny-fraction', 422, 'CLAIM_INVALID'],
]);

test('a call with a number out of range', async (t) => {
  const store = await scene(t);
  const headers = { 'content-type': 'application/json', ...bearer(store.token) };
  for (const days of ['1e999', `1${'0'.repeat(400)}`, '-1', '1e-400'])
    await t.test(`is refused: ${days.slice(0, 8)}`, async () => {
      const body = `{"name":"x","permissions":["read"],"expiresInDays":${days}}`;
      const answer = await send(store.url, '/api/v1/tokens', { method: 'POST', headers, body });
      assertProblem(answer, 400, 'REQUEST_INVALID');
    });
  await t.test('is refused as a cursor, too', async () => {
    const path = `/api/v1/signatures?cursor=${'9'.repeat(30)}`;
    assert.equal((await send(store.url, path, { headers: bearer(store.token) })).status, 400);
  });
});
