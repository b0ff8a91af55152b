// Most attacks end the same way: an upload is refused with the code that fits, and nothing of it is kept.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { assertProblem, IMAGE, scene, signature } from '../http/scene.ts';
import { LOCAL } from '../support/server.ts';

export type Vector = readonly [what: string, vector: string | Uint8Array, status: number, code: string];

/** Uploads each, by name of a vector or as bytes, with the image they are for as target. */
export function refuses(title: string, vectors: readonly Vector[]): void {
  test(title, async (t: TestContext) => {
    const store = await scene(t);
    for (const [what, vector, status, code] of vectors)
      await t.test(`is refused: ${what}`, async () => {
        const bytes = typeof vector === 'string' ? signature(vector) : vector;
        assertProblem(await store.uploadRaw(bytes, IMAGE), status, code);
        assertProblem(await store.upload({ bytes }), status, code);
      });
    await t.test('leaves nothing behind, and the server as it was', async () => {
      assert.equal((await store.local.signatures.list({}, { limit: 1, before: null }, LOCAL)).items.length, 0);
      assert.equal((await store.uploadRaw(signature('rsa2048'))).status, 201);
    });
  });
}
