// More connections than the process may have file descriptors: it turns some away, keeps those it has, and is itself
// again as soon as they go. A shell sets the limit, as a service manager would.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReadConnection } from '../concurrency/read-connection.ts';
import { send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { LAUNCHED, must, runCli, startService } from '../support/processes.ts';
import { postSignature, REPOSITORY, readList, slotUrl } from '../support/processes-cluster.ts';
import { testStore } from '../support/server.ts';

/** Of a process that has done nothing yet about forty are open. */
const DESCRIPTORS = 64;
const CONNECTIONS = 300;

for (const kind of ['idle', 'uploading'] as const)
  test(`a server out of file descriptors, by connections that are ${kind}`, async (t) => {
    const store = await testStore(t);
    const signer = await createFastSigner();
    await store.registerKeys(signer.publicKey);
    const token = await store.createToken(['upload']);
    const limited = ['-c', `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`, ...LAUNCHED, 'serve'];
    const settings = { LOOKASIDE_DATA_DIR: store.dataDir, LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0' };
    const server = startService(t, 'sh', limited, settings);
    const { input } = await server.line(/"event":"server.started"/);
    const { url } = JSON.parse(input) as { url: string };
    const digest = randomDigest();
    const stored = [signer.sign(`${REPOSITORY}:v1`, digest)];
    const head = `POST /api/v1/signatures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    const begun = `${head}Content-Type: application/octet-stream\r\nContent-Length: 500\r\n\r\nx`;
    const kept = await openReadConnection(url);
    const path = new URL(slotUrl(url, digest, 1)).pathname;
    if (kind === 'idle') assert.equal((await postSignature(url, token, stored[0] as Buffer)).status, 201);

    const sockets: Socket[] = [];
    t.after(() => sockets.forEach((socket) => void socket.destroy()));
    await t.test('lives', async () => {
      for (let count = 0; count < CONNECTIONS; count++) {
        const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
        socket.on('error', () => {});
        sockets.push(socket);
        await Promise.race([once(socket, 'connect'), once(socket, 'close'), sleep(1_000)]);
        if (kind === 'uploading') socket.write(begun);
      }
      await sleep(500);
      const open = readdirSync(`/proc/${server.pid}/fd`).length;
      assert.ok(open >= DESCRIPTORS - 2, `only ${open} are open; the test proves nothing`);
    });
    await t.test('answers on a connection that it has', async () => {
      const [answer] = await kept.ask(path);
      assert.equal(answer?.status, kind === 'idle' ? 200 : 404);
    });
    await t.test('is itself again when they are gone', async () => {
      for (const socket of sockets) socket.destroy();
      await sleep(500);
      if (kind === 'uploading') await postedAtLast(url, token, stored[0] as Buffer);
      stored.push(signer.sign(`${REPOSITORY}:v2`, digest));
      assert.equal((await postSignature(url, token, stored[1] as Buffer)).status, 201);
      assert.deepEqual(await readList(url, digest), stored);
      assert.equal((await send(url, '/readyz')).status, 200);
    });
    kept.end();
    await t.test('ends in order', async () => {
      assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
      await must(runCli(['audit', 'verify'], { env: { LOOKASIDE_DATA_DIR: store.dataDir } }));
    });
  });

/** Threads for uploads may have failed to start for want of descriptors; they must be there in the end. */
async function postedAtLast(url: string, token: string, bytes: Buffer): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const { status } = await postSignature(url, token, bytes);
    if (status === 201) return;
    assert.equal(status, 503);
    await sleep(500);
  }
  assert.fail('no upload is taken any more');
}
