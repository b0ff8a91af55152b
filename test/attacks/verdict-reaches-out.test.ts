// A question to the verdict is made to open files of the server, or connections from it to where only it can reach.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RuntimeVerdict } from '../../server/services/runtime-verdict.ts';
import { DIGEST, REPOSITORY, scene, stored } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { fixture } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

test('a verdict reaches out', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const ask = (body: object) =>
    send(store.url, '/api/v1/verdict', {
      method: 'POST',
      headers: { ...bearer(store.token), 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    });

  await t.test('to no file that a policy names, not even the right key', async () => {
    const keyPath = join(tempDir(t), 'key.gpg');
    writeFileSync(keyPath, fixture('keys/rsa2048.gpg'));
    const requirement = { type: 'signedBy', keyType: 'GPGKeys', keyPath };
    const policy = JSON.stringify({ default: [requirement] });
    const there = (await ask({ image: `${REPOSITORY}@${DIGEST}`, policy })).json<RuntimeVerdict>();
    const missing = JSON.stringify({ default: [{ ...requirement, keyPath: '/nowhere/key.gpg' }] });
    const nowhere = (await ask({ image: `${REPOSITORY}@${DIGEST}`, policy: missing })).json<RuntimeVerdict>();
    assert.equal(there.readers[0]?.outcome, 'unknown');
    // Not even whether the file is there can be learned.
    const plain = (verdict: RuntimeVerdict, path: string) => JSON.stringify(verdict).replaceAll(path, 'PATH');
    assert.equal(plain(there, keyPath), plain(nowhere, '/nowhere/key.gpg'));
  });

  await t.test('to no registry, whatever the image is called', async () => {
    let connections = 0;
    const listener = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    t.after(() => listener.close());
    const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
    assert.equal((await ask({ image: `${host}/acme/app:v1` })).status, 400);
    const index = { manifests: [{ digest: DIGEST, urls: [`http://${host}/`], platform: {} }] };
    assert.equal((await ask({ image: `${host}/acme/app:v1`, manifest: JSON.stringify(index) })).status, 200);
    assert.equal((await ask({ image: `${host}/acme/app:v1`, fetch: true })).status, 400);
    assert.equal(connections, 0);
  });
});
