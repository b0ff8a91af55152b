// A few hundred bytes that expand to gigabytes, or that are compressed a hundred times over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { assertProblem, scene, signature } from '../http/scene.ts';
import { refuses } from './refused.ts';

/** An OpenPGP compressed data packet around `contents` (RFC 4880 §5.6, ZIP). */
function compressed(contents: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0xa3, 1]), deflateRawSync(contents)]);
}

refuses('a signature that expands without end', [
  ['zeros, by ZIP', 'bomb-zip', 422, 'SIGNATURE_EXPANDS'],
  ['zeros, by ZLIB', 'bomb-zlib', 422, 'SIGNATURE_EXPANDS'],
  ['zeros, compressed twice', 'bomb-twice', 422, 'SIGNATURE_EXPANDS'],
  ['zeros behind a good message', 'bomb-behind-message-twice', 422, 'SIGNATURE_EXPANDS'],
  ['a good message compressed a hundred times', 'compressed-100-times', 422, 'SIGNATURE_NESTED'],
]);

test('many bombs at once', async (t) => {
  const store = await scene(t);
  const bomb = compressed(compressed(Buffer.alloc(16 * 1024 * 1024)));
  await t.test('are all refused, while reads and good uploads go on', async () => {
    const bombs = Promise.all(Array.from({ length: 40 }, () => store.uploadRaw(bomb)));
    const good = await store.uploadRaw(signature('rsa2048'));
    assert.equal(good.status, 201, good.text);
    assert.equal((await store.get('/livez')).status, 200);
    for (const answer of await bombs) assertProblem(answer, 422, 'SIGNATURE_EXPANDS');
  });
});
