// A good signature of one image, filed under another: runtimes would refuse it late, and it would use up a place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, DIGEST, IMAGE, REPOSITORY, results, scene, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';

const HEX = DIGEST.slice('sha256:'.length);
const OTHER = '0'.repeat(64);

const SLOTS: readonly [what: string, target: string, code: string][] = [
  ['another digest', `${REPOSITORY}@sha256=${OTHER}`, 'CLAIM_DIGEST_MISMATCH'],
  ['another repository', `registry.example.com/acme/other@sha256=${HEX}`, 'CLAIM_REPOSITORY_MISMATCH'],
  ['another registry', `quay.io/acme/app@sha256=${HEX}`, 'CLAIM_REPOSITORY_MISMATCH'],
  ['another port', `registry.example.com:443/acme/app@sha256=${HEX}`, 'CLAIM_REPOSITORY_MISMATCH'],
  ['a repository below', `${REPOSITORY}/deeper@sha256=${HEX}`, 'CLAIM_REPOSITORY_MISMATCH'],
  ['a repository above', `registry.example.com/acme@sha256=${HEX}`, 'CLAIM_REPOSITORY_MISMATCH'],
  ['the default registry', `acme/app@sha256=${HEX}`, 'CLAIM_REPOSITORY_MISMATCH'],
];

test('a signature for another slot', async (t) => {
  const store = await scene(t);
  const body = signature('rsa2048');
  const attempt = async (code: string, target: string) => {
    assertProblem(await store.uploadRaw(body, target), 422, code);
    assertProblem(await store.upload({ bytes: body, filename: `${target}/signature-1` }), 422, code);
    const put = { method: 'PUT', headers: bearer(store.token), body };
    assertProblem(await send(store.url, `/${target}/signature-1`, put), 422, code);
    assert.equal((await store.get(`/${target}/signature-1`)).status, 404);
  };
  for (const [what, target, code] of SLOTS)
    await t.test(`is refused, whichever way it comes: ${what}`, () => attempt(code, target));
  await t.test('is refused also once it is stored in its own', async () => {
    assert.equal(results(await store.uploadRaw(body, IMAGE))[0]?.status, 'stored');
    for (const [, target, code] of SLOTS) await attempt(code, target);
  });
});
