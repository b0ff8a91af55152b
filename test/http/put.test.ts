// PUT of a lookaside path: the uploader names a number, and the store says whether it is the right one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, DIGEST, IMAGE, problemOf, results, type Scene, scene, signature } from './scene.ts';
import { type Answer, bearer, send } from './wire.ts';

function put(store: Scene, path: string, name: string, token = store.token): Promise<Answer> {
  return send(store.url, path, { method: 'PUT', headers: bearer(token), body: signature(name) });
}

test('PUT', async (t) => {
  const store = await scene(t);
  const place = (number: number) => `${store.url}/${IMAGE}/signature-${number}`;

  await t.test('is 201 with its Location at the next number', async () => {
    const answer = await put(store, `/${IMAGE}/signature-1`, 'rsa2048');
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers.location, place(1));
    assert.equal(results(answer)[0]?.status, 'stored');
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('rsa2048'));
  });
  await t.test('is 200 with the same Location the second time', async () => {
    const answer = await put(store, `/${IMAGE}/signature-1`, 'rsa2048');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.location, place(1));
  });
  await t.test('is 200 with the real Location when the same signature has another number', async () => {
    const answer = await put(store, `/${IMAGE}/signature-9`, 'rsa2048');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.location, place(1));
  });
  await t.test('is 409 when the number is another signature, and says the free one', async () => {
    const answer = await put(store, `/${IMAGE}/signature-1`, 'ed25519');
    assert.match(problemOf(answer, 409, 'SLOT_TAKEN').detail, /next free number is 2/);
    assert.equal(answer.headers.location, undefined);
  });
  await t.test('is 409 when the number leaves a gap, and says the next one', async () => {
    const { detail } = problemOf(await put(store, `/${IMAGE}/signature-3`, 'ed25519'), 409, 'SLOT_GAP');
    assert.match(detail, /next number is 2/);
    assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404);
  });
  await t.test('takes a query and repeated slashes as reads do', async () => {
    const answer = await put(store, `//${IMAGE}/signature-2?token=x`, 'ed25519');
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.headers.location, place(2));
  });
  await t.test('takes any content type', async () => {
    const headers = { ...bearer(store.token), 'content-type': 'application/json' };
    const body = signature('ecdsa-p256');
    const answer = await send(store.url, `/${IMAGE}/signature-3`, { method: 'PUT', headers, body });
    assert.equal(answer.status, 201, answer.text);
  });

  const BAD: readonly [what: string, path: string][] = [
    ['signature-0', `/${IMAGE}/signature-0`],
    ['signature-128', `/${IMAGE}/signature-128`],
    ['a leading zero', `/${IMAGE}/signature-01`],
    ['the layout by digest', `/${DIGEST.replace(':', '=')}/signature-1`],
    ['the image alone', `/${IMAGE}`],
    ['an escaped slash', `/registry.example.com%2Facme/app@${DIGEST.replace(':', '=')}/signature-1`],
    ['a step up', `/registry.example.com/../app@${DIGEST.replace(':', '=')}/signature-1`],
    ['nothing', '/'],
  ];
  for (const [what, path] of BAD)
    await t.test(`is 400 for ${what}`, async () =>
      assertProblem(await put(store, path, 'rsa4096'), 400, 'TARGET_INVALID'),
    );

  await t.test('is 422 for the signature of another image', async () =>
    assertProblem(
      await put(store, `/${IMAGE.replace('/app@', '/other@')}/signature-1`, 'rsa4096'),
      422,
      'CLAIM_REPOSITORY_MISMATCH',
    ),
  );
  await t.test('is 422 for an empty body', async () => {
    const answer = await send(store.url, `/${IMAGE}/signature-4`, { method: 'PUT', headers: bearer(store.token) });
    assertProblem(answer, 422, 'SIGNATURE_EMPTY');
  });
  await t.test('is 401 without a token and 403 without the permission', async () => {
    const path = `/${IMAGE}/signature-4`;
    const nobody = await send(store.url, path, { method: 'PUT', body: signature('rsa4096') });
    assertProblem(nobody, 401, 'CREDENTIALS_MISSING');
    const reader = await store.createToken(['read', 'withdraw', 'admin']);
    assertProblem(await put(store, path, 'rsa4096', reader), 403, 'PERMISSION_MISSING');
    const elsewhere = await store.createToken(['upload'], ['quay.io']);
    assertProblem(await put(store, path, 'rsa4096', elsewhere), 403, 'TOKEN_SCOPE');
  });
});

test('PUT of a repository whose name starts like the API', async (t) => {
  const store = await scene(t);
  await t.test('is an upload, as GET of it is a read', async () => {
    const answer = await put(store, `/api/v1@${DIGEST.replace(':', '=')}/signature-1`, 'rsa2048');
    assertProblem(answer, 422, 'CLAIM_REPOSITORY_MISMATCH');
  });
});
