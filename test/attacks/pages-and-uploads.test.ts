// The admin pages share addresses with lookaside paths: a repository may be called ui/…. What is not a GET of a page must
// not be answered by one, least of all an upload, which would look as if it were stored.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { assertProblem, scene, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { CORPUS_DIGEST_HEX } from '../support/server.ts';

const BUILT = existsSync(fileURLToPath(new URL('../../web/dist/index.html', import.meta.url)));
const PATH = `/ui/app@sha256=${CORPUS_DIGEST_HEX}/signature-1`;

test('below /ui/', { skip: BUILT ? false : 'the pages are not built' }, async (t) => {
  const store = await scene(t);
  await t.test('an upload needs a token, and is refused for what it is', async () => {
    const body = signature('rsa2048');
    assertProblem(await send(store.url, PATH, { method: 'PUT', body }), 401, 'CREDENTIALS_MISSING');
    const answer = await send(store.url, PATH, { method: 'PUT', body, headers: bearer(store.token) });
    assertProblem(answer, 422, 'CLAIM_REPOSITORY_MISMATCH');
  });
  await t.test('a lookaside path is read as one', async () => {
    assert.equal((await store.get(PATH)).status, 404);
  });
  for (const method of ['POST', 'DELETE', 'PATCH', 'PUT'])
    await t.test(`${method} is answered by no page`, async () => {
      const answer = await send(store.url, '/ui/', { method, headers: bearer(store.token), body: 'x' });
      assert.ok(answer.status >= 400, String(answer.status));
      assert.doesNotMatch(String(answer.headers['content-type']), /html/);
    });
  await t.test('a range that makes no sense is the whole page', async () => {
    const answer = await store.get('/ui/', { range: 'bytes=5-2' });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /<html/);
  });
  await t.test('a file that is not there is missing, and nothing of it is kept for ever', async () => {
    assertProblem(await store.get('/ui/assets/gone.js'), 404, 'NOT_FOUND');
    assertProblem(await store.get('/ui/assets/gone'), 404, 'NOT_FOUND');
    assertProblem(await store.get('/ui/..%2f..%2fpackage.json'), 404, 'NOT_FOUND');
    const page = await store.get('/ui/keys/assets/x');
    assert.equal(page.headers['cache-control'], 'no-cache');
  });
  await t.test('a page is compressed as the client understands, and told to be the same', async () => {
    const plain = await store.get('/ui/');
    const packed = await store.get('/ui/', { 'accept-encoding': 'gzip, deflate, br, zstd' });
    assert.equal(packed.headers['content-encoding'], 'br');
    assert.equal(plain.headers['content-encoding'], undefined);
    const again = await store.get('/ui/', { 'if-none-match': String(plain.headers.etag) });
    assert.equal(again.status, 304);
  });
});
