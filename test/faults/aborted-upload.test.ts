// Clients that go away in the middle of an upload, after any number of bytes and in every form there is: nothing of it is
// stored, and nothing of it is kept.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, form, send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { createCluster, postSignature, REPOSITORY, readList, slotUrl } from '../support/processes-cluster.ts';
import { rounds } from './long.ts';

const ABORTS = rounds({ short: 900, long: 12_000 });
const WARM_UP = rounds({ short: 300, long: 3_000 });
const AT_A_TIME = 30;
/** What the runtime keeps of so many connections for a while, and no upload of any size. */
const MOST_MIB = 64;

test('uploads that end in the middle', async (t) => {
  const cluster = await createCluster(t, 1);
  const [server] = cluster.servers;
  assert.ok(server);
  const signer = await createFastSigner();
  await cluster.registerKeys(signer.publicKey);
  const digest = randomDigest();
  const bytes = signer.sign(`${REPOSITORY}:v1`, digest);
  const { headers, body } = form([{ bytes }, { bytes: signer.sign(`${REPOSITORY}:v2`, digest) }]);
  const requests = [
    requestOf('POST /api/v1/signatures', 'application/octet-stream', bytes),
    requestOf('POST /api/v1/signatures', String(headers['content-type']), body),
    requestOf(`PUT ${new URL(slotUrl(server.url, digest, 1)).pathname}`, 'application/octet-stream', bytes),
    requestOf('POST /api/v1/verify', 'application/octet-stream', bytes),
  ];
  function requestOf(line: string, type: string, content: Buffer): Buffer {
    const fields = `Authorization: Bearer ${cluster.token}\r\nContent-Type: ${type}\r\nContent-Length: ${content.length}`;
    return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\nHost: x\r\n${fields}\r\n\r\n`), content]);
  }

  // Everything that an upload starts is there before it is looked at what is left of others.
  const other = randomDigest();
  assert.equal((await postSignature(server.url, cluster.token, signer.sign(`${REPOSITORY}:v1`, other))).status, 201);
  const token = await cluster.createToken(['read']);
  const listed = async () => {
    const path = `/api/v1/signatures?repository=${REPOSITORY}`;
    return (await send(server.url, path, { headers: bearer(token) })).json<{ items: unknown[] }>().items.length;
  };
  assert.equal(await listed(), 1);
  await abortMany(WARM_UP);
  await sleep(500);
  const before = { descriptors: descriptors(server.pid), residentMiB: residentMiB(server.pid) };
  await abortMany(ABORTS);

  async function abortMany(count: number): Promise<void> {
    for (let begun = 0; begun < count; begun += AT_A_TIME)
      await Promise.all(Array.from({ length: AT_A_TIME }, (_, index) => abortOne(begun + index)));
  }

  /** Every place where a request can be cut, again and again; by an end, or by a reset. */
  function abortOne(index: number): Promise<void> {
    const request = requests[index % requests.length] ?? Buffer.alloc(0);
    const cut = 1 + Math.floor(Math.random() * (request.length - 1));
    return new Promise((resolve, reject) => {
      const socket = connect({ port: Number(new URL(server?.url ?? '').port), host: '127.0.0.1' });
      socket.on('connect', () =>
        socket.write(request.subarray(0, cut), () => {
          const late = Math.random() < 0.3 ? 5 : 0; // some when the server has begun with it
          setTimeout(() => (index % 2 ? socket.resetAndDestroy() : socket.end()), late);
        }),
      );
      socket.on('data', (answer) => {
        if (!/^HTTP\/1\.1 4\d\d /.test(answer.toString())) reject(new Error(`cut at ${cut}: ${answer}`));
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  }

  await t.test('leave nothing in the store', async () => {
    assert.deepEqual(await readList(server.url, digest), []);
    assert.equal(await listed(), 1);
  });
  await t.test('leave no file descriptor', async () => {
    for (let tries = 0; tries < 50 && descriptors(server.pid) > before.descriptors; tries++) await sleep(100);
    assert.ok(descriptors(server.pid) <= before.descriptors, `${descriptors(server.pid)} of ${before.descriptors}`);
  });
  await t.test('leave no memory', (t) => {
    const grown = residentMiB(server.pid) - before.residentMiB;
    t.diagnostic(`${ABORTS} aborted: ${grown.toFixed(1)} MiB more`);
    assert.ok(grown < MOST_MIB, `${grown.toFixed(1)} MiB more after ${ABORTS}`);
  });
  await t.test('stop nobody from sending it whole', async () => {
    assert.equal((await postSignature(server.url, cluster.token, bytes)).status, 201);
  });
});

function descriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function residentMiB(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
