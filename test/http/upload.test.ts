// Uploads that are accepted: what the answer says, and that what it says is true at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL } from '../support/server.ts';
import { assertProblem, DIGEST, IMAGE, problemOf, REPOSITORY, results, scene, signature, stored } from './scene.ts';
import { bearer, form, type Problem, type Result, send } from './wire.ts';

test('a raw upload', async (t) => {
  const store = await scene(t);

  await t.test('is 201 with its place, signer and notes, and is served at once', async () => {
    const answer = await store.uploadRaw(signature('ed25519'), IMAGE);
    assert.equal(answer.status, 201, answer.text);
    const [result] = results(answer);
    assert.equal(result?.status, 'stored');
    assert.equal(result?.repository, REPOSITORY);
    assert.equal(result?.digest, DIGEST);
    assert.equal(result?.number, 1);
    assert.equal(result?.url, `${store.url}/${IMAGE}/signature-1`);
    assert.match(String(result?.signer), /^[0-9A-F]{40}$/);
    assert.deepEqual(
      result?.notes.map(({ code }) => code),
      ['eddsa'],
    );
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('ed25519'));
  });

  await t.test('is 200 and the same place the second time', async () => {
    const answer = await store.uploadRaw(signature('ed25519'));
    assert.equal(answer.status, 200);
    assert.equal(results(answer)[0]?.status, 'exists');
    assert.equal(results(answer)[0]?.number, 1);
    assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404);
  });

  await t.test('takes the image from the claim when it names no target', async () => {
    const answer = await store.uploadRaw(signature('rsa4096'));
    assert.equal(answer.status, 201);
    assert.equal(results(answer)[0]?.number, 2);
  });

  const TARGETS: readonly [what: string, target: string][] = [
    ['a slash before it', `/${IMAGE}`],
    ['a number after it, which is not the uploader’s to choose', `${IMAGE}/signature-77`],
    ['a colon in the digest', IMAGE.replace('sha256=', 'sha256:')],
    ['repeated slashes', IMAGE.replace('/acme', '//acme')],
  ];
  for (const [what, target] of TARGETS)
    await t.test(`takes a target with ${what}`, async () => {
      const answer = await store.uploadRaw(signature('rsa4096'), target);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(results(answer)[0]?.number, 2);
    });
});

test('a form', async (t) => {
  const store = await scene(t);

  await t.test('is numbered in the order of its parts', async () => {
    const names = ['rsa2048', 'ed25519', 'ecdsa-p256'];
    const answer = await store.upload(...names.map((name) => ({ bytes: signature(name), filename: IMAGE })));
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(
      results(answer).map(({ number }) => number),
      [1, 2, 3],
    );
    for (const [index, name] of names.entries())
      assert.deepEqual((await store.get(`/${IMAGE}/signature-${index + 1}`)).body, signature(name));
  });

  await t.test('is 201 when at least one is new, and 200 when none is', async () => {
    const both = [{ bytes: signature('rsa2048') }, { bytes: signature('rsa4096') }];
    const first = await store.upload(...both);
    assert.equal(first.status, 201);
    assert.deepEqual(
      results(first).map(({ status }) => status),
      ['exists', 'stored'],
    );
    assert.equal((await store.upload(...both)).status, 200);
  });

  await t.test('may hold the same signature twice', async () => {
    const other = await scene(t);
    const answer = await other.upload({ bytes: signature('rsa2048') }, { bytes: signature('rsa2048') });
    assert.equal(answer.status, 201);
    assert.deepEqual(
      results(answer).map(({ status, number }) => [status, number]),
      [
        ['stored', 1],
        ['exists', 1],
      ],
    );
  });

  await t.test('takes a bare file name as no target', async () => {
    for (const filename of ['signature-1', 'app.gpg'])
      assert.equal((await store.upload({ bytes: signature('rsa2048'), filename })).status, 200, filename);
  });
});

test('a form in which some are refused', async (t) => {
  const store = await scene(t);
  const parts = ['rsa2048', 'stranger', 'ed25519', 'empty', 'rsa4096'].map((name) => ({ bytes: signature(name) }));

  const check = async (status: string) => {
    const answer = await store.upload(...parts);
    const problem = problemOf(answer, 422, 'KEY_UNKNOWN');
    const { results } = problem as Problem & { results: readonly Result[] };
    assert.deepEqual(
      results.map((result) => result.status),
      [status, 'refused', status, 'refused', status],
    );
    assert.equal(results[1]?.problem?.code, 'KEY_UNKNOWN');
    assert.equal(results[3]?.problem?.code, 'SIGNATURE_EMPTY');
    assert.deepEqual(
      results.flatMap(({ number }) => number ?? []),
      [1, 2, 3],
    );
  };

  await t.test('has the status of the first refusal, and lists every part', () => check('stored'));
  await t.test('keeps those that were accepted', async () => {
    for (const [index, name] of ['rsa2048', 'ed25519', 'rsa4096'].entries())
      assert.deepEqual((await store.get(`/${IMAGE}/signature-${index + 1}`)).body, signature(name));
  });
  await t.test('can be sent again without harm', () => check('exists'));
  await t.test('can be sent again once the reason is gone', async () => {
    await store.registerKeys('stranger');
    const answer = await store.upload(...parts);
    assertProblem(answer, 422, 'SIGNATURE_EMPTY');
    assert.equal(results(answer)[1]?.status, 'stored');
    assert.equal(results(answer)[1]?.number, 4);
  });
});

test('a dry run', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const token = await store.createToken(['read'], ['registry.example.com']);
  const { headers, body } = form(['rsa2048', 'ed25519', 'stranger'].map((name) => ({ bytes: signature(name) })));
  const verify = (by: string) =>
    send(store.url, '/api/v1/verify', { method: 'POST', headers: { ...headers, ...bearer(by) }, body });

  await t.test('gives each verdict with 200, to any token', async () => {
    const answer = await verify(token);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(
      results(answer).map(({ status }) => status),
      ['exists', 'acceptable', 'refused'],
    );
    assert.equal(results(answer)[1]?.repository, REPOSITORY);
    assert.equal(results(answer)[2]?.problem?.code, 'KEY_UNKNOWN');
  });
  await t.test('stores nothing', async () => assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404));
  await t.test('needs a token all the same', async () => assertProblem(await verify('x'), 401, 'CREDENTIALS_INVALID'));
  await t.test('says of a withdrawn signature what an upload would say', async () => {
    await store.local.signatures.withdraw(1, 'test', LOCAL);
    assert.equal(results(await verify(token))[0]?.problem?.code, 'SIGNATURE_WITHDRAWN');
  });
});
