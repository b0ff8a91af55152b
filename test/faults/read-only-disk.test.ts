// A disk that the system takes away for writing, as it does with a file system that has errors: reads go on, writes are
// refused, and nothing that was acknowledged is missing when it is mounted again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearer, send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { must, runCli, serverProcess } from '../support/processes.ts';
import { postSignature, REPOSITORY, readList } from '../support/processes-cluster.ts';
import { preparedStore } from '../support/server.ts';
import { needsMount, smallDisk } from './small-disk.ts';

test('a file system that becomes read-only', needsMount(), async (t) => {
  const disk = smallDisk(t, 'ext4', 64);
  const settings = { LOOKASIDE_DATA_DIR: disk.dataDir };
  const signer = await createFastSigner();
  const { token } = await preparedStore(settings, async (store) => {
    await store.registerKeys(signer.publicKey);
    return { token: await store.createToken(['upload', 'read', 'admin']) };
  });
  const server = await serverProcess(t, settings);
  const digest = randomDigest();
  const stored: Buffer[] = [];
  const sign = () => signer.sign(`${REPOSITORY}:v${Math.random()}`, digest);
  while (stored.length < 5) {
    const bytes = sign();
    assert.equal((await postSignature(server.url, token, bytes)).status, 201);
    stored.push(bytes);
  }
  disk.fail();

  await t.test('refuses uploads with 503', async () => {
    for (let tries = 0; tries < 5; tries++) {
      const { status, code } = await postSignature(server.url, token, sign());
      assert.equal(status, 503);
      assert.match(code, /^STORE_(FAULT|READ_ONLY)$/);
    }
  });
  await t.test('is read on', async () => {
    assert.deepEqual(await readList(server.url, digest), stored);
    assert.equal((await send(server.url, '/api/v1/signatures', { headers: bearer(token) })).status, 200);
    assert.equal((await send(server.url, '/livez')).status, 200);
    assert.equal((await send(server.url, '/readyz')).status, 503);
  });
  await t.test('lets the server end in order', async () => {
    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
  });
  await t.test('has lost nothing when it is mounted again', async () => {
    disk.mountAgain();
    await must(runCli(['audit', 'verify'], { env: settings }));
    const next = await serverProcess(t, settings);
    assert.deepEqual(await readList(next.url, digest), stored);
    assert.equal((await postSignature(next.url, token, sign())).status, 201);
    await next.end('SIGTERM');
  });
});
