// A signed notation at which GPGME stops reading: the signature holds, but runtimes never learn who made it, and refuse it.
// A pipeline that signs so, or somebody who makes it sign so, would fill the list with what no pull accepts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, IMAGE, scene } from '../http/scene.ts';
import { fixture } from '../support/server.ts';

test('a signature with a notation that is neither text nor anything else', async (t) => {
  const store = await scene(t);
  await store.registerKeys(fixture('findings/keys.gpg'));
  for (const name of ['notation-binary-empty', 'notation-binary-empty-between'])
    await t.test(`is refused: ${name}`, async () => {
      assertProblem(await store.uploadRaw(fixture(`findings/${name}.sig`), IMAGE), 422, 'SIGNATURE_MALFORMED');
      assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404);
    });
  await t.test('is taken when the notation is text, or stands where nobody signs', async () => {
    for (const name of ['notation-text-empty', 'notation-binary-empty-unsigned'])
      assert.equal((await store.uploadRaw(fixture(`findings/${name}.sig`), IMAGE)).status, 201);
  });
});
