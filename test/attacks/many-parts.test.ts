// A form of more parts, headers or letters than anybody sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../server/domain/limits.ts';
import { assertProblem, IMAGE, results, scene, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';

test('a form', async (t) => {
  const store = await scene(t);
  const junk = (count: number) => Array.from({ length: count }, () => ({ bytes: 'x' }));

  await t.test('of as many parts as are taken has a result for each', async () => {
    const answer = await store.upload(...junk(LIMITS.signaturesPerRequest));
    assertProblem(answer, 422, 'SIGNATURE_UNRECOGNIZED');
    assert.equal(results(answer).length, LIMITS.signaturesPerRequest);
  });
  await t.test('of one more is 413, and stores none of them', async () => {
    const parts = [{ bytes: signature('rsa2048') }, ...junk(LIMITS.signaturesPerRequest)];
    assertProblem(await store.upload(...parts), 413, 'REQUEST_TOO_LARGE');
    assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404);
  });

  const post = (body: string) =>
    send(store.url, '/api/v1/signatures', {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', ...bearer(store.token) },
      body,
    });
  const disposition = 'Content-Disposition: form-data; name="signature"; filename="x"\r\n';
  const BAD: readonly [what: string, body: string][] = [
    ['a thousand headers in a part', `--b\r\n${disposition}${'X: y\r\n'.repeat(1000)}\r\nx\r\n--b--\r\n`],
    ['a header of a megabyte', `--b\r\n${disposition}X: ${'y'.repeat(1024 * 1024)}\r\n\r\nx\r\n--b--\r\n`],
    [
      'a name of ten thousand letters',
      `--b\r\n${disposition.replace('signature', 'n'.repeat(10_000))}\r\nx\r\n--b--\r\n`,
    ],
    [
      'a file name of ten thousand letters',
      `--b\r\n${disposition.replace('"x"', `"a/${'n'.repeat(10_000)}"`)}\r\nx\r\n--b--\r\n`,
    ],
    [
      'a form inside the form',
      `--b\r\n${disposition}Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n--c--\r\n--b--\r\n`,
    ],
    [
      'a member of a nested name',
      `--b\r\n${disposition.replace('signature', 'signature[0][__proto__]')}\r\nx\r\n--b--\r\n`,
    ],
  ];
  for (const [what, body] of BAD)
    await t.test(`with ${what} is refused, and the server goes on`, async () => {
      const { status, text } = await post(body);
      assert.ok(status >= 400 && status < 500, `${status} ${text}`);
      assert.ok(text.length < 2_000, 'the answer repeats the request');
      assert.equal((await store.get('/livez')).status, 200);
    });
});
