// Read workers with TLS: each holds the certificate itself, and what it carries over is decrypted and known to have been
// encrypted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { TlsMaterial } from '../../server/http/tls.ts';
import { PASSWORD } from '../support/people.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { CONNECTIONS, faulty, MISS, many, started, startFault, until, workersScene } from './read-workers-scene.ts';
import { IMAGE, signature } from './scene.ts';
import { bearer } from './wire.ts';

function newCertificate(folder: string, name: string) {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...made, '-subj', `/CN=${name}`], { stdio: 'pipe' });
  return { cert, key };
}

function materialOf(folder: string, name: string): TlsMaterial {
  const { cert, key } = newCertificate(folder, name);
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

type Asked = { method?: string; headers?: Record<string, string>; body?: Uint8Array | string };
type Told = { status: number; body: Buffer; headers: NodeJS.Dict<string | string[]> };

/** On a connection of its own. */
function send(url: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Told> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const options = { method, headers: { ...headers, ...length }, rejectUnauthorized: false, agent: false };
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks), headers: incoming.headers }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}

async function opened(t: TestContext, port: number): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket.on('error', () => {});
}

test('a server with a certificate and read workers', needs('openssl'), async (t) => {
  const { cert, key } = newCertificate(tempDir(t), 'first');
  const settings = { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key, LOOKASIDE_ADMIN_PASSWORD: PASSWORD };
  const store = await testServer(t, { ...settings, LOOKASIDE_WORKERS: '3' });
  await store.registerKeys('rsa2048');
  const token = await store.createToken(['upload', 'read']);

  await t.test('takes uploads and serves them, on every connection', async () => {
    const headers = { 'content-type': 'application/octet-stream', ...(bearer(token) as Record<string, string>) };
    const upload = { method: 'POST', headers, body: signature('rsa2048') };
    const statuses = (await many(CONNECTIONS, () => send(`${store.url}/api/v1/signatures`, upload))).map(
      ({ status }) => status,
    );
    assert.deepEqual(statuses.sort(), [...Array(CONNECTIONS - 1).fill(200), 201]);
    for (const { status, body } of await many(CONNECTIONS, () => send(`${store.url}/${IMAGE}/signature-1`))) {
      assert.equal(status, 200);
      assert.deepEqual(body, signature('rsa2048'));
    }
    for (const { status } of await many(CONNECTIONS, () => send(`${store.url}/${IMAGE}/signature-2`)))
      assert.equal(status, 404);
  });
  await t.test('binds the cookie to TLS on every connection', async () => {
    const headers = { 'content-type': 'application/json', origin: store.url };
    const body = JSON.stringify({ username: 'admin', password: PASSWORD });
    for (let turn = 0; turn < 12; turn++) {
      const answer = await send(`${store.url}/api/v1/session`, { method: 'POST', headers, body });
      assert.match(String(answer.headers['set-cookie']), /^__Host-.*; Secure/);
    }
  });
});

test('a renewed certificate', needs('openssl'), async (t) => {
  const folder = tempDir(t);
  const [first, second] = [materialOf(folder, 'first'), materialOf(folder, 'second')];
  const entry = faulty("throw new Error('broken on purpose');");
  const server = await workersScene(t, { entry, tls: first });
  await server.starting;
  const subjects = async () => {
    const sockets = await many(CONNECTIONS, () => opened(t, server.port));
    const names = sockets.map((socket) => String(socket.getPeerCertificate().subject.CN));
    for (const socket of sockets) socket.destroy();
    return [...new Set(names)];
  };
  assert.deepEqual(await subjects(), ['first']);
  const before = await many(CONNECTIONS, () => opened(t, server.port));

  await t.test('is used by every thread', async () => {
    if ('setSecureContext' in server.server) server.server.setSecureContext(second);
    server.workers.renew(second);
    let seen: string[] = [];
    for (let tries = 0; tries < 100 && seen.join() !== 'second'; tries++) seen = await subjects();
    assert.deepEqual(seen, ['second']);
  });
  await t.test('ends no connection', async () => {
    for (const socket of before) {
      socket.write(`GET ${MISS} HTTP/1.1\r\nHost: x\r\n\r\n`);
      const [answer] = await once(socket, 'data');
      assert.match(String(answer), /^HTTP\/1\.1 404 /);
      socket.destroy();
    }
  });
  await t.test('is used by a thread that replaces another', async () => {
    startFault(server);
    await until(() => started(server) === 3, 'it was not replaced');
    for (let turn = 0; turn < 5; turn++) assert.deepEqual(await subjects(), ['second']);
  });
});

test('carried TLS connections', needs('openssl'), async (t) => {
  const body = randomBytes(6 * 1024 * 1024);
  const server = await workersScene(t, {
    tls: materialOf(tempDir(t), 'first'),
    answer: (_req, res) => void res.setHeader('Connection', 'close').end(body),
  });
  await server.starting;

  await t.test('end with the last byte of a large answer, however late it is read', async () => {
    const sockets = await many(12, async () => {
      const socket = (await opened(t, server.port)).pause();
      socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
      return socket;
    });
    await until(() => server.taken() > 0, 'none was carried');
    await sleep(500);
    for (const socket of sockets) {
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      const answer = Buffer.concat(chunks);
      assert.ok(answer.subarray(-body.length).equals(body), `${answer.length} bytes came`);
    }
    await until(() => server.carried.size === 0, 'some are still there');
  });
  await t.test('are not disturbed by who speaks plain HTTP, or nonsense, or goes away', async () => {
    for (const text of [`GET ${MISS} HTTP/1.1\r\nHost: x\r\n\r\n`, '\x16\x03\x01\xff\xff', ''])
      await many(CONNECTIONS, async () => {
        const socket = connect(server.port, '127.0.0.1', () => socket.end(text, 'latin1'));
        socket.on('error', () => {}).resume();
        await once(socket, 'close');
      });
    await many(CONNECTIONS, async () => (await opened(t, server.port)).destroy());
    for (const { status } of await many(CONNECTIONS, () => send(`${server.url}${MISS}`)))
      assert.ok(status === 404 || status === 200, String(status)); // the main thread here has but one answer
    assert.deepEqual(server.logged('read_worker.lost'), []);
  });
});

test('clients that never finish their handshake', needs('openssl'), async (t) => {
  const { cert, key } = newCertificate(tempDir(t), 'first');
  for (const workers of ['1', '3'])
    await t.test(`do not hold up the end with ${workers} thread(s)`, async (t) => {
      const settings = { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key, LOOKASIDE_WORKERS: workers };
      const store = await testServer(t, settings);
      const port = Number(new URL(store.url).port);
      const silent = await many(CONNECTIONS, async () => {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        t.after(() => socket.destroy());
        await once(socket, 'connect');
        return socket.resume();
      });
      assert.equal((await send(`${store.url}/livez`)).status, 200);
      assert.ok(silent.every(({ destroyed }) => !destroyed));
      const began = performance.now();
      await store.stop();
      assert.ok(performance.now() - began < 6_000);
      for (const socket of silent) if (!socket.destroyed) await once(socket, 'close');
    });
});
