// 127 signatures of one image are served; a 128th would make runtimes refuse them all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { LOCAL } from '../support/server.ts';
import { assertProblem, problemOf, results, scene } from './scene.ts';
import { bearer, send } from './wire.ts';

test('an image with 127 signatures', async (t) => {
  const store = await scene(t);
  const signer = await createSigner();
  await store.registerKeys(signer.publicKey);
  const repository = 'quay.io/acme/app';
  const digest = randomDigest();
  const path = `/${repository}@${digest.replace(':', '=')}`;
  const signed = await signer.signTags(repository, digest, 128);
  const last = signed.at(-1) ?? Buffer.alloc(0);
  const answer = await store.upload(...signed.slice(0, 127).map((bytes) => ({ bytes })));

  await t.test('holds them all, in order', async () => {
    assert.equal(answer.status, 201);
    assert.deepEqual(
      results(answer).map(({ number }) => number),
      Array.from({ length: 127 }, (_, index) => index + 1),
    );
    assert.deepEqual((await store.get(`${path}/signature-127`)).body, signed[126]);
  });
  await t.test('takes no other: 409 IMAGE_FULL', async () => {
    assert.match(problemOf(await store.uploadRaw(last), 409, 'IMAGE_FULL').detail, /withdraw one first/);
    const put = await send(store.url, `${path}/signature-127`, {
      method: 'PUT',
      headers: bearer(store.token),
      body: last,
    });
    assertProblem(put, 409, 'IMAGE_FULL');
    assert.equal((await store.get(`${path}/signature-128`)).status, 404);
  });
  await t.test('still knows those it has', async () => {
    assert.equal((await store.uploadRaw(signed[0] ?? last)).status, 200);
  });
  await t.test('takes one more when one is withdrawn, and the list stays dense', async () => {
    const [first] = results(answer);
    await store.local.signatures.withdraw(first?.id ?? 0, 'make room', LOCAL);
    assert.equal(results(await store.uploadRaw(last))[0]?.number, 127);
    assert.deepEqual((await store.get(`${path}/signature-1`)).body, signed[1]);
    assert.deepEqual((await store.get(`${path}/signature-127`)).body, last);
  });
});
