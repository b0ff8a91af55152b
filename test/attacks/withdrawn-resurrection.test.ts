// A signature was withdrawn, and a pipeline (or somebody with the file) uploads it again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, IMAGE, problemOf, results, scene, signature, stored } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { fixture } from '../support/server.ts';

test('a withdrawn signature', async (t) => {
  const store = await scene(t);
  const [first] = await stored(store, 'rsa2048', 'ed25519');
  const json = { 'content-type': 'application/json', ...bearer(store.token) };
  const body = JSON.stringify({ reason: 'wrong build' });
  const path = `/api/v1/signatures/${first?.id}`;
  assert.equal((await send(store.url, path, { method: 'DELETE', headers: json, body })).status, 204);
  const gone = async () => assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('ed25519'));

  await t.test('does not come back by another upload, which is told why', async () => {
    for (const answer of [
      await store.uploadRaw(signature('rsa2048')),
      await store.upload({ bytes: signature('rsa2048') }),
    ])
      assert.match(problemOf(answer, 409, 'SIGNATURE_WITHDRAWN').detail, /wrong build/);
    await gone();
  });
  await t.test('does not come back by PUT, under any number', async () => {
    for (const number of [1, 2, 3]) {
      const put = { method: 'PUT', headers: bearer(store.token), body: signature('rsa2048') };
      assertProblem(await send(store.url, `/${IMAGE}/signature-${number}`, put), 409, 'SIGNATURE_WITHDRAWN');
    }
    await gone();
  });
  await t.test('does not come back because its key is registered again', async () => {
    const headers = { 'content-type': 'application/pgp-keys', ...bearer(store.token) };
    await send(store.url, '/api/v1/keys', { method: 'POST', headers, body: fixture('keys/rsa2048.asc') });
    await gone();
  });
  await t.test('does not keep others out', async () =>
    assert.equal(results(await store.uploadRaw(signature('rsa4096')))[0]?.number, 2),
  );
});
