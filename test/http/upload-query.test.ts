// A target is a check the uploader asks for. Where it would not be made, the upload is refused instead.
import { test } from 'node:test';
import { IMAGE, problemOf, scene, signature } from './scene.ts';
import { bearer, form, send } from './wire.ts';

test('an upload with a query that would be ignored', async (t) => {
  const store = await scene(t);
  const { headers, body } = form([{ bytes: signature('rsa2048') }]);
  const post = (path: string) =>
    send(store.url, path, { method: 'POST', headers: { ...headers, ...bearer(store.token) }, body });
  for (const call of ['/api/v1/signatures', '/api/v1/verify']) {
    await t.test(`is refused for a target beside a form: ${call}`, async () => {
      problemOf(await post(`${call}?target=${IMAGE}`), 400, 'REQUEST_INVALID');
    });
    await t.test(`is refused for a misspelt target: ${call}`, async () => {
      problemOf(await post(`${call}?tagret=${IMAGE}`), 400, 'REQUEST_INVALID');
    });
  }
});
