// Somebody hands in a private key: by mistake, which happens, in every place that takes a file. It is refused in plain
// words, and no byte of it is kept in the database, its side files, or the log.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generateKey, readPrivateKey } from 'openpgp';
import { createLog } from '../../server/ops/log.ts';
import { problemOf, sceneOf } from '../http/scene.ts';
import { type Answer, bearer, send } from '../http/wire.ts';
import { fixture, testServer } from '../support/server.ts';

/** Any of these in a file means that some of the key is there. */
function traces(armored: string, binary: Uint8Array): Buffer[] {
  const [, , , line = ''] = armored.split('\n').filter((text) => text.length >= 60);
  const middle = Buffer.from(binary).subarray(binary.length >> 1, (binary.length >> 1) + 24);
  return [
    middle,
    Buffer.from(middle.toString('base64').slice(2, -2)),
    Buffer.from(line.slice(0, 40)),
    Buffer.from('PRIVATE KEY BLOCK'),
  ];
}

test('a private key', async (t) => {
  const userIDs = [{ name: 'careless', email: 'careless@example.com' }];
  const { privateKey: armored } = await generateKey({ type: 'rsa', rsaBits: 2048, userIDs });
  const binary = (await readPrivateKey({ armoredKey: armored })).write();
  let written = '';
  const write = (line: string) => {
    written += line;
  };
  const log = createLog('debug', { write });
  const store = await sceneOf(await testServer(t, {}, { log }));
  const post = (path: string, type: string, body: string | Uint8Array): Promise<Answer> =>
    send(store.url, path, { method: 'POST', headers: { 'content-type': type, ...bearer(store.token) }, body });

  const good = fixture('keys/subkey.asc').toString();
  const ways: readonly [where: string, answer: () => Promise<Answer>][] = [
    ['as a key, armored', () => post('/api/v1/keys', 'application/pgp-keys', armored)],
    ['as a key, binary', () => post('/api/v1/keys', 'application/octet-stream', binary)],
    ['as a key, in JSON', () => post('/api/v1/keys', 'application/json', JSON.stringify({ key: armored }))],
    ['behind a public key', () => post('/api/v1/keys', 'application/pgp-keys', good + armored)],
    ['as a signature, armored', () => post('/api/v1/signatures', 'application/octet-stream', armored)],
    ['as a signature, in a form', () => store.upload({ bytes: armored })],
  ];
  for (const [where, answer] of ways)
    await t.test(`is refused in plain words: ${where}`, async () => {
      assert.match(problemOf(await answer(), 422, 'KEY_PRIVATE').detail, /PRIVATE KEY.*replace it/s);
    });
  await t.test('is refused as a binary signature, too', async () => {
    assert.equal((await post('/api/v1/signatures', 'application/octet-stream', binary)).status, 422);
  });
  await t.test('takes nothing of its file along: the public key before it is not registered', async () => {
    const { items } = (await store.get('/api/v1/keys', { authorization: `Bearer ${store.token}` })).json<{
      items: readonly unknown[];
    }>();
    assert.equal(items.length, 4);
  });
  await t.test('leaves no byte in any file of the store', () => {
    for (const name of readdirSync(store.dataDir)) {
      const bytes = readFileSync(join(store.dataDir, name));
      for (const trace of traces(armored, binary)) assert.ok(!bytes.includes(trace), name);
    }
  });
  await t.test('leaves no byte in the log', () => {
    assert.ok(written.includes('KEY_PRIVATE'));
    for (const trace of traces(armored, binary)) assert.ok(!written.includes(trace.toString('latin1')));
  });
});
