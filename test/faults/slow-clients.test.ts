// Clients that are slow in every way there is, all at once and at a server process as it is run: reads and uploads of
// everybody else go on, and an orderly end does not wait for them for ever.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { makeCertificate } from '../../bench/certificate.ts';
import type { Environment } from '../../server/config.ts';
import { send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, REPOSITORY } from '../support/processes-cluster.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { LONG, rounds } from './long.ts';

const EACH = rounds({ short: 100, long: 500 });
/** Not all of them in the same moment, or this process would be the slow one: a byte a second each. */
const TURNS = 20;
const READS = 200;
/** Generous on a busy machine, and far below what any of the slow ones takes. */
const READ_P99_MS = 500;
/** How long a handshake may take, and a little. */
const HANDSHAKE_MS = 12_000;
/** How long requests under way are waited for at the end, and a little. */
const END_MS = 15_000;

type Ask = (method: string, path: string, body?: Buffer) => Promise<{ status: number; body: Buffer }>;

for (const [name, workers, tls] of [
  ['a server', '1', false],
  ['a server with TLS and two threads for reads', '2', true],
] as const)
  test(`slow clients of ${name}`, needs('openssl'), async (t) => {
    const { server, ask, open, stored, path, next, token } = await createScene(t, { LOOKASIDE_WORKERS: workers }, tls);
    const upload = `POST /api/v1/signatures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    const slow: { readonly socket: Socket; readonly drip: string }[] = [];
    const begin = async (text: string, drip: string) => {
      const socket = await open();
      socket.on('error', () => {}).pause();
      socket.write(text);
      slow.push({ socket, drip });
    };
    t.after(() => slow.forEach(({ socket }) => void socket.destroy()));
    for (let count = 0; count < EACH; count++) {
      await begin(`GET ${path}1 HTTP/1.1\r\nHos`, 'x'); // a head that does not end
      await begin(`${upload}Content-Type: application/octet-stream\r\nContent-Length: 5000\r\n\r\n`, 'x'); // a body
      await begin(`${upload}Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n--b`, 'x');
      await begin(`GET ${path}1 HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(40), ''); // answers that nobody takes
    }
    const handshakes = tls ? await beginHandshakes(server.url, slow) : [];
    let turn = 0;
    const dripping = setInterval(() => {
      turn = (turn + 1) % TURNS;
      for (let index = turn; index < slow.length; index += TURNS) {
        const { socket, drip } = slow[index] ?? {};
        if (drip && !socket?.destroyed) socket?.write(drip);
      }
    }, 1_000 / TURNS);
    t.after(() => clearInterval(dripping));

    await t.test('do not hold up reads', async (t) => {
      const times: number[] = [];
      for (let count = 0; count < READS; count++) {
        const began = performance.now();
        const { status, body } = await ask('GET', `${path}${1 + (count % 2)}`);
        times.push(performance.now() - began);
        assert.equal(status, count % 2 === 0 ? 200 : 404);
        if (status === 200) assert.deepEqual(body, stored);
      }
      times.sort((a, b) => a - b);
      t.diagnostic(
        `${slow.length} slow ones; p50 ${times[READS / 2]?.toFixed(1)} ms, p99 ${times.at(-3)?.toFixed(1)} ms`,
      );
      assert.ok((times.at(-3) ?? 0) < READ_P99_MS);
    });
    await t.test('do not hold up uploads', async () => {
      const began = performance.now();
      assert.equal((await ask('POST', '/api/v1/signatures', next)).status, 201);
      assert.ok(performance.now() - began < 5_000);
    });
    if (tls)
      await t.test('that do not finish a handshake are cut off', async () => {
        const until = performance.now() + HANDSHAKE_MS;
        while (handshakes.some((socket) => !socket.destroyed) && performance.now() < until) await sleep(100);
        assert.ok(handshakes.every((socket) => socket.destroyed));
      });
    await t.test('do not hold up the end', { skip: !LONG && 'what is under way is waited for' }, async () => {
      const began = performance.now();
      assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
      assert.ok(performance.now() - began < END_MS);
    });
  });

/** Half of them say nothing, half begin to. */
async function beginHandshakes(url: string, slow: { socket: Socket; drip: string }[]): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let count = 0; count < EACH; count++) {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
    socket.on('error', () => {}).resume();
    await once(socket, 'connect');
    if (count % 2) socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1])); // a record of 512 bytes begins
    sockets.push(socket);
    slow.push({ socket, drip: '' });
  }
  return sockets;
}

async function createScene(t: TestContext, settings: Environment, tls: boolean) {
  const { cert, key } = tls ? makeCertificate(tempDir(t)) : { cert: '', key: '' };
  const own: Environment = tls ? { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key } : {};
  const cluster = await createCluster(t, 1, { ...settings, ...own });
  const [server] = cluster.servers;
  assert.ok(server);
  const { token, signer } = cluster;
  const port = Number(new URL(server.url).port);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
  const ask: Ask = (method, path, body) =>
    tls
      ? askTls({ port, method, path, headers }, body)
      : send(server.url, path, { method, headers, ...(body ? { body } : {}) });

  async function open(): Promise<Socket> {
    const options = { port, host: '127.0.0.1' };
    const socket: Socket | TLSSocket = tls ? connectTls({ ...options, rejectUnauthorized: false }) : connect(options);
    await once(socket, tls ? 'secureConnect' : 'connect');
    return socket;
  }
  const digest = randomDigest();
  const [stored = Buffer.alloc(0), next = Buffer.alloc(0)] = await signer.signTags(REPOSITORY, digest, 2);
  assert.equal((await ask('POST', '/api/v1/signatures', stored)).status, 201);
  const path = `/${REPOSITORY}@${digest.replace(':', '=')}/signature-`;
  return { server, ask, open, stored, next, path, token };
}

function askTls(
  options: { port: number; method: string; path: string; headers: Record<string, string> },
  body?: Buffer,
): ReturnType<Ask> {
  return new Promise((resolve, reject) => {
    const asking = request({ ...options, host: '127.0.0.1', rejectUnauthorized: false, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
