// A form of which one part cannot be made sense of. Left out in silence, it would be missing in the store while the
// pipeline is green.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, IMAGE, results, scene, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';

const RIGHT = 'Content-Disposition: form-data; name="signature"; filename="x"';

const WRONG: readonly [what: string, head: string][] = [
  ['a quote within its file name', RIGHT.replace('"x"', '"a"b"')],
  ['a file name with a broken escape', RIGHT.replace('filename="x"', "filename*=UTF-8''%zz")],
  ['no content-disposition', 'Content-Type: application/octet-stream'],
  ['the content-disposition of an attachment', RIGHT.replace('form-data', 'attachment')],
  ['no file name', 'Content-Disposition: form-data; name="signature"\r\nContent-Type: application/octet-stream'],
];

test('a form with a part that has', async (t) => {
  const store = await scene(t);
  const post = (heads: readonly string[], behind = '') => {
    const parts = heads.flatMap((head) => [
      Buffer.from(`--b\r\n${head}\r\n\r\n`),
      signature('rsa2048'),
      Buffer.from('\r\n'),
    ]);
    const headers = { 'content-type': 'multipart/form-data; boundary=b', ...bearer(store.token) };
    const body = Buffer.concat([...parts, Buffer.from(`--b--\r\n${behind}`)]);
    return send(store.url, '/api/v1/signatures', { method: 'POST', headers, body });
  };
  for (const [what, head] of WRONG)
    await t.test(`${what} is refused as a whole, wherever it stands`, async () => {
      for (const heads of [
        [RIGHT, head],
        [head, RIGHT],
        [RIGHT, head, RIGHT],
      ])
        assertProblem(await post(heads), 400, 'REQUEST_MALFORMED');
      assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404);
    });
  await t.test('another form behind its end is refused', async () =>
    assertProblem(await post([RIGHT], `--b\r\n${RIGHT}\r\n\r\nx\r\n--b--\r\n`), 400, 'REQUEST_MALFORMED'),
  );
  await t.test('nothing wrong is taken', async () => {
    const answer = await post([RIGHT, RIGHT], 'the end');
    assert.equal(answer.status, 201, answer.text);
    assert.equal(results(answer).length, 2);
  });
});
