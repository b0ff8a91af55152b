// PUT lets an uploader name a number: it must not replace, reserve, or push apart what is there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, IMAGE, results, scene, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';

test('PUT of a number', async (t) => {
  const store = await scene(t);
  const put = (number: number, name: string) =>
    send(store.url, `/${IMAGE}/signature-${number}`, {
      method: 'PUT',
      headers: bearer(store.token),
      body: signature(name),
    });

  await t.test('does not reserve one further on', async () => {
    for (const number of [2, 9, 127]) assertProblem(await put(number, 'rsa2048'), 409, 'SLOT_GAP');
    assert.equal(results(await store.uploadRaw(signature('rsa2048')))[0]?.number, 1);
  });
  await t.test('does not replace what is there', async () => {
    assertProblem(await put(1, 'ed25519'), 409, 'SLOT_TAKEN');
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('rsa2048'));
  });
  await t.test('gives one number to one signature when several want it', async () => {
    const names = ['rsa4096', 'ed25519', 'ecdsa-p256'];
    const statuses = (await Promise.all(names.map((name) => put(2, name)))).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [201, 409, 409]);
    assert.equal((await store.get(`/${IMAGE}/signature-3`)).status, 404);
  });
});
