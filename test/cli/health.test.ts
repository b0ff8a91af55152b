// health: what a container engine, a service manager or a person at night asks of the server of these settings.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { commandLine } from './scene.ts';

test('health', async (t) => {
  const server = await testServer(t);
  const port = new URL(server.url).port;

  await t.test('says that the server answers, on the address it listens on', async () => {
    const asked = await commandLine(t, { LOOKASIDE_PORT: port })('health');
    assert.deepEqual(asked, { code: 0, out: `http://127.0.0.1:${port} is live`, err: '' });
  });
  await t.test('reaches a server that listens on all addresses', async () => {
    const { code } = await commandLine(t, { LOOKASIDE_PORT: port, LOOKASIDE_HOST: '0.0.0.0' })('health');
    assert.equal(code, 0);
  });
  await t.test('--ready tells a server that answers from one that can write', async () => {
    const lookaside = commandLine(t, { LOOKASIDE_PORT: port });
    assert.deepEqual(await lookaside('health', '--ready'), {
      code: 0,
      out: `http://127.0.0.1:${port} is ready`,
      err: '',
    });
    const broken = await testServer(t);
    const database = join(broken.dataDir, 'lookaside.db');
    renameSync(database, `${database}.away`);
    const night = commandLine(t, { LOOKASIDE_PORT: new URL(broken.url).port });
    const asked = await night('health', '--ready');
    assert.deepEqual([asked.code, asked.out], [1, '']);
    assert.match(asked.err, /^lookaside: http:\S+ answered 503 to GET \/readyz; its log says why$/);
    assert.equal((await night('health')).code, 0);
  });
  await t.test('asks over the unix socket where the server listens on one', async (t) => {
    const socket = { LOOKASIDE_SOCKET: join(tempDir(t), 'http'), LOOKASIDE_PUBLIC_URL: 'https://sigs.example.com' };
    await testServer(t, socket);
    const asked = await commandLine(t, socket)('health');
    assert.deepEqual(asked, { code: 0, out: `unix:${socket.LOOKASIDE_SOCKET} is live`, err: '' });
  });
  await t.test('ends with 3 where nobody listens', async () => {
    const gone = await testServer(t);
    await gone.stop();
    const asked = await commandLine(t, { LOOKASIDE_PORT: new URL(gone.url).port })('health');
    assert.equal(asked.code, 3);
    assert.match(
      asked.err,
      /^lookaside: no answer from http:\S+: nobody listens there; is the server running, .*\? \(SERVER_UNREACHABLE\)$/,
    );
  });
  await t.test('does not wait for a server that hangs', async (t) => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => silent.close());
    const { port } = silent.address() as AddressInfo;
    const { code, err } = await commandLine(t, { LOOKASIDE_PORT: String(port) })('health');
    assert.deepEqual([code, /: none within 2 seconds \(SERVER_UNREACHABLE\)$/.test(err)], [3, true], err);
  });
  await t.test('cannot know a port that the server chose', async () => {
    const asked = await commandLine(t, { LOOKASIDE_PORT: '0' })('health');
    assert.equal(asked.code, 2);
    assert.match(asked.err, /LOOKASIDE_PORT is 0/);
  });
});

test('health of a server with a certificate', needs('openssl'), async (t) => {
  const folder = tempDir(t);
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  const made = ['-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=sigs.example.com', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', ...made], { stdio: 'pipe' });
  const tls = { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key };
  const server = await testServer(t, tls);
  const port = new URL(server.url).port;

  await t.test('is asked over TLS, whatever name the certificate has', async () => {
    const asked = await commandLine(t, { ...tls, LOOKASIDE_PORT: port })('health');
    assert.deepEqual(asked, { code: 0, out: `https://127.0.0.1:${port} is live`, err: '' });
  });
});
