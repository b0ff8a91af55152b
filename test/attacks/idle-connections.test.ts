// Thousands of connections that say nothing, or nothing any more: they cost little, and reads go on.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, postSignature, REPOSITORY, readSignature, slotUrl } from '../support/processes-cluster.ts';

const CONNECTIONS = 10_000;
/** As large as a request is together with what the runtime keeps of a socket. */
const EACH_BYTES = 16 * 1024;

test('idle connections', async (t) => {
  const cluster = await createCluster(t, 1);
  const [server] = cluster.servers;
  assert.ok(server);
  const digest = randomDigest();
  const bytes = await cluster.signer.sign(`${REPOSITORY}:v1`, digest);
  assert.equal((await postSignature(server.url, cluster.token, bytes)).status, 201);
  const [hit, miss] = [slotUrl(server.url, digest, 1), slotUrl(server.url, digest, 2)];
  const { port, pathname } = new URL(hit);

  const sockets: Socket[] = [];
  t.after(() => sockets.forEach((socket) => void socket.destroy()));
  const residentBefore = resident(server.pid);

  await t.test(`can be ${CONNECTIONS}, half of them after a read`, async () => {
    while (sockets.length < CONNECTIONS) {
      const more = await Promise.all(
        Array.from({ length: 100 }, (_, index) => idle(Number(port), pathname, index % 2 === 0)),
      );
      sockets.push(...more);
    }
  });
  await t.test('cost little', (t) => {
    const each = (resident(server.pid) - residentBefore) / CONNECTIONS;
    t.diagnostic(`${Math.round(each)} bytes each`);
    assert.ok(each < EACH_BYTES, `${Math.round(each)} bytes each`);
  });
  await t.test('do not hold up reads', async () => {
    const started = performance.now();
    for (let turn = 0; turn < 50; turn++) {
      assert.deepEqual(await readSignature(hit), bytes);
      assert.equal(await readSignature(miss), null);
    }
    assert.ok(performance.now() - started < 5_000);
  });
  await t.test('do not hold up the end', async () => {
    const started = performance.now();
    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
    assert.ok(performance.now() - started < 5_000);
  });
});

/** A connection, asked once or never. */
async function idle(port: number, path: string, asks: boolean): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  await once(socket, 'connect');
  if (!asks) return socket;
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(socket, 'data');
  return socket;
}

function resident(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
