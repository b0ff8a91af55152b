// An orderly end of a server with read workers. Most uploads are on connections that a worker has accepted and carried
// over, and the end has to reach those that are idle, wherever they are.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomDigest } from '../support/gpg-claims.ts';
import { type Cluster, createCluster, REPOSITORY, readList } from '../support/processes-cluster.ts';

const WORKERS = { LOOKASIDE_WORKERS: '3' };
/** With so many connections, some come to every thread. */
const UPLOADS = 24;
/** From the last answer to the end of the process: well under the time that requests under way have. */
const PROMPTLY_MS = 5_000;
const GRACE_MS = 10_000;

async function serverOf(cluster: Cluster) {
  const [server] = cluster.servers;
  assert.ok(server);
  return server;
}

/** Kept open, with all that comes on it. */
async function open(t: TestContext, url: string) {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname);
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  /** What has come when it matches. */
  async function until(pattern: RegExp): Promise<string> {
    for (const started = performance.now(); !pattern.test(text); await sleep(5))
      assert.ok(performance.now() - started < 20_000 && !socket.destroyed, `${pattern} never came, but ${text}`);
    return text;
  }
  return { socket, closed, until };
}

type Open = Awaited<ReturnType<typeof open>>;
const many = <T>(count: number, make: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** Connections that were used, and are idle now: in the threads that read, and carried over. */
async function idleOnes(t: TestContext, url: string): Promise<Open[]> {
  const paths = [`/${REPOSITORY}@sha256=${'0'.repeat(64)}/signature-1`, '/livez'];
  return many(UPLOADS, async (index) => {
    const connection = await open(t, url);
    connection.socket.write(`GET ${paths[index % 2]} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await connection.until(/^HTTP\/1\.1 (?:404|200) .*\r\n\r\n/s);
    return connection;
  });
}

/** All of an upload but its last byte. */
async function begin(t: TestContext, { token }: Cluster, { url, bytes }: { url: string; bytes: Buffer }) {
  const connection = await open(t, url);
  const head = `POST /api/v1/signatures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
  connection.socket.write(`${head}Content-Type: application/octet-stream\r\nContent-Length: ${bytes.length}\r\n\r\n`);
  connection.socket.write(bytes.subarray(0, -1));
  return { ...connection, finish: () => connection.socket.write(bytes.subarray(-1)) };
}

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`with read workers, finishes uploads under way on ${signal}`, async (t) => {
    const cluster = await createCluster(t, 1, WORKERS);
    const server = await serverOf(cluster);
    const idle = await idleOnes(t, server.url);
    const digest = randomDigest();
    const signatures = await cluster.signer.signTags(REPOSITORY, digest, UPLOADS);
    const uploads = await Promise.all(signatures.map((bytes) => begin(t, cluster, { url: server.url, bytes })));
    await sleep(200);
    const ended = server.end(signal);
    await server.line(/"event":"server.stopping"/);
    await Promise.all(idle.map(({ closed }) => closed));
    await assert.rejects(fetch(`${server.url}/livez`), 'a new connection is for the next process');

    for (const { finish } of uploads) finish();
    for (const { until } of uploads) assert.match(await until(/\r\n\r\n\{.*\}$/s), /^HTTP\/1\.1 201 /);
    const answered = performance.now();
    await Promise.all(uploads.map(({ closed }) => closed));
    assert.deepEqual(await ended, { code: 0, signal: null });
    const waited = performance.now() - answered;
    const next = await cluster.start();
    assert.equal((await readList(next.url, digest)).length, UPLOADS);
    assert.ok(waited < PROMPTLY_MS, `ended ${Math.round(waited)} ms after the last answer`);
  });

test('with read workers and one carried upload, ends as soon as it is answered', async (t) => {
  // Whichever thread has it: the others have long been done by then.
  for (let turn = 0; turn < 4; turn++) {
    const cluster = await createCluster(t, 1, WORKERS);
    const server = await serverOf(cluster);
    const bytes = await cluster.signer.sign(`${REPOSITORY}:v1`, randomDigest());
    const upload = await begin(t, cluster, { url: server.url, bytes });
    await sleep(100);
    const ended = server.end('SIGTERM');
    await server.line(/"event":"server.stopping"/);
    await sleep(300);
    upload.finish();
    await upload.until(/^HTTP\/1\.1 201 .*\}$/s);
    const answered = performance.now();
    assert.deepEqual(await ended, { code: 0, signal: null });
    const waited = performance.now() - answered;
    assert.ok(waited < PROMPTLY_MS, `ended ${Math.round(waited)} ms after the answer`);
  }
});

test('with read workers, cuts off what is not done in time', async (t) => {
  const cluster = await createCluster(t, 1, WORKERS);
  const server = await serverOf(cluster);
  const bytes = await cluster.signer.sign(`${REPOSITORY}:v1`, randomDigest());
  const uploads = await many(UPLOADS, () => begin(t, cluster, { url: server.url, bytes }));
  await sleep(200);
  const started = performance.now();
  assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
  const waited = performance.now() - started;
  assert.ok(waited > GRACE_MS / 2 && waited < GRACE_MS + PROMPTLY_MS, `${Math.round(waited)} ms`);
  await Promise.all(uploads.map(({ closed }) => closed));
});

test('with read workers, ends on the second Ctrl-C', async (t) => {
  const cluster = await createCluster(t, 1, WORKERS);
  const server = await serverOf(cluster);
  const bytes = await cluster.signer.sign(`${REPOSITORY}:v1`, randomDigest());
  await many(UPLOADS, () => begin(t, cluster, { url: server.url, bytes }));
  await sleep(200);
  const ended = server.end('SIGINT');
  await server.line(/"event":"server.stopping"/);
  const started = performance.now();
  await server.end('SIGINT');
  assert.deepEqual(await ended, { code: null, signal: 'SIGINT' });
  assert.ok(performance.now() - started < PROMPTLY_MS);
});

test('with read workers, answers whole or not at all while it ends', async (t) => {
  const cluster = await createCluster(t, 1, WORKERS);
  const server = await serverOf(cluster);
  const path = `/${REPOSITORY}@sha256=${'0'.repeat(64)}/signature-1`;
  let answers = 0;
  let stopping = false;
  const readers = await many(UPLOADS, () => open(t, server.url));
  const reading = readers.map(async ({ socket, closed }) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      const ends = text.indexOf('\r\n\r\n');
      if (ends < 0) return;
      assert.match(text, /^HTTP\/1\.1 404 /);
      answers++;
      text = text.slice(ends + 4);
      ask(socket);
    });
    ask(socket);
    await closed;
    assert.ok(stopping, 'a connection was lost before the end');
    assert.equal(text, '');
  });
  function ask(socket: Socket): void {
    if (!socket.destroyed) socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  }
  while (answers < 2_000) await sleep(5);
  stopping = true;
  const started = performance.now();
  assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
  assert.ok(performance.now() - started < PROMPTLY_MS);
  await Promise.all(reading);
});
