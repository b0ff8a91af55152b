// Compression, packet headers, file name and date of a message are signed by nobody. With them anybody can make many
// files of one signature, and fill the 127 places of an image with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { assertProblem, IMAGE, results, scene, signature } from '../http/scene.ts';
import { LOCAL } from '../support/server.ts';

const plain = signature('rsa2048-uncompressed');

function wrap(algorithm: number, contents: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([0xa3, algorithm]), contents]);
}

function newHeader(contents: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(contents.length);
  return Buffer.concat([Buffer.from([0xc8, 0xff]), length, contents]);
}

const CLOTHES: readonly [what: string, bytes: Buffer][] = [
  ['not compressed', plain],
  ['compressed by ZIP', wrap(1, deflateRawSync(plain))],
  ['compressed by ZIP, less', wrap(1, deflateRawSync(plain, { level: 1 }))],
  ['compressed by ZIP, not at all', wrap(1, deflateRawSync(plain, { level: 0 }))],
  ['compressed by ZLIB', wrap(2, deflateSync(plain))],
  ['compressed by nothing', wrap(0, plain)],
  ['compressed twice', wrap(1, deflateRawSync(wrap(2, deflateSync(plain))))],
  ['under a header of the new format', newHeader(Buffer.concat([Buffer.from([1]), deflateRawSync(plain)]))],
];

test('a signature in other clothes', async (t) => {
  const store = await scene(t);
  const [original = plain] = CLOTHES.map(([, bytes]) => bytes);
  assert.equal(results(await store.uploadRaw(original))[0]?.status, 'stored');

  for (const [what, bytes] of CLOTHES)
    await t.test(`takes no second place: ${what}`, async () => {
      const answer = await store.uploadRaw(bytes);
      assert.equal(answer.status, 200, answer.text);
      const [result] = results(answer);
      assert.deepEqual([result?.status, result?.number], ['exists', 1]);
      assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404);
    });
  await t.test('leaves what is served as it came first', async () =>
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, original),
  );
  await t.test('takes no second place when all come at once', async () => {
    const other = await scene(t);
    const answer = await other.upload(...CLOTHES.map(([, bytes]) => ({ bytes })));
    assert.equal(answer.status, 201);
    assert.equal(results(answer).filter(({ status }) => status === 'stored').length, 1);
  });
  await t.test('does not come back once it was withdrawn', async () => {
    await store.local.signatures.withdraw(1, 'mistake', LOCAL);
    for (const [, bytes] of CLOTHES) assertProblem(await store.uploadRaw(bytes), 409, 'SIGNATURE_WITHDRAWN');
    assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404);
  });
});

test('two signatures of one claim by one key', async (t) => {
  const store = await scene(t);
  await t.test('are two', async () => {
    const answer = await store.upload({ bytes: signature('rsa2048') }, { bytes: signature('skopeo') });
    assert.deepEqual(
      results(answer).map(({ number }) => number),
      [1, 2],
      answer.text,
    );
  });
});
