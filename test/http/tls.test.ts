// The server's own TLS: reads and the API over it, and certificates that are renewed while it runs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { loadConfig } from '../../server/config.ts';
import { createStoreServer } from '../../server/http/server.ts';
import { keepTlsCurrent, readTls, type TlsMaterial } from '../../server/http/tls.ts';
import { createLog } from '../../server/ops/log.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { IMAGE, signature } from './scene.ts';
import { bearer } from './wire.ts';

type Files = { readonly cert: string; readonly key: string };

function newCertificate(folder: string, name: string): Files {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...made, ...subject], { stdio: 'pipe' });
  return { cert, key };
}

const settingsOf = ({ cert, key }: Files) => ({ LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key });

type Asked = { method?: string; headers?: Record<string, string | number>; body?: Uint8Array };

function send(url: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; body: Buffer; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const outgoing = request(url, { method, headers, rejectUnauthorized: false, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks), headers: incoming.headers }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}

function subjectOf(port: number): Promise<{ subject: string; socket: TLSSocket }> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
      resolve({ subject: String(socket.getPeerCertificate().subject.CN), socket }),
    );
    socket.on('error', reject);
  });
}

test('a server with a certificate', needs('openssl'), async (t) => {
  const files = newCertificate(tempDir(t), 'first');
  const store = await testServer(t, settingsOf(files));
  await store.registerKeys('rsa2048');
  const token = await store.createToken(['upload', 'read']);

  await t.test('says that it speaks https', () => assert.match(store.url, /^https:\/\/127\.0\.0\.1:\d+$/));
  await t.test('takes uploads and serves them, byte for byte', async () => {
    const bytes = signature('rsa2048');
    const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes.length, ...bearer(token) };
    const stored = await send(`${store.url}/api/v1/signatures`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: bytes,
    });
    assert.equal(stored.status, 201, stored.body.toString());
    const read = await send(`${store.url}/${IMAGE}/signature-1`);
    assert.equal(read.status, 200);
    assert.deepEqual(read.body, bytes);
    assert.equal((await send(`${store.url}/${IMAGE}/signature-2`)).status, 404);
  });
  await t.test('answers what is not plain as well', async () => {
    const { headers } = await send(`${store.url}/${IMAGE}/signature-1`);
    const conditions = { 'if-none-match': String(headers.etag) };
    assert.equal((await send(`${store.url}/${IMAGE}/signature-1`, { headers: conditions })).status, 304);
    assert.equal((await send(`${store.url}/${IMAGE}/signature-1`, { method: 'HEAD' })).status, 200);
    assert.equal((await send(`${store.url}/livez`)).status, 200);
  });
  await t.test('is not disturbed by who speaks plain HTTP, or nonsense', async () => {
    for (const text of ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', '\x16\x03\x01\xff\xff', ''])
      await new Promise((resolve) => {
        const socket = connect(Number(new URL(store.url).port), '127.0.0.1', () => socket.end(text, 'latin1'));
        socket.on('error', () => {}).on('close', resolve);
        socket.resume();
      });
    assert.equal((await send(`${store.url}/livez`)).status, 200);
  });
});

test('a renewed certificate', needs('openssl'), async (t) => {
  const folder = tempDir(t);
  const [first, second] = [newCertificate(folder, 'first'), newCertificate(folder, 'second')];
  const listener = createStoreServer({
    plainReads: null,
    lookaside: () => false,
    app: (_req, res) => res.end('here'),
    inTurn: (step) => step(),
    tls: readTls(first),
  });
  const lines: string[] = [];
  const log = createLog('info', { write: (line: string) => void lines.push(line) });
  const use = (material: TlsMaterial) => {
    if ('setSecureContext' in listener.server) listener.server.setSecureContext(material);
  };
  const stop = keepTlsCurrent({ files: first, use, log, lookMs: 20 });
  t.after(() => {
    stop();
    listener.server.close();
    listener.server.closeAllConnections();
  });
  await new Promise<void>((resolve) => listener.server.listen(0, '127.0.0.1', resolve));
  const { port } = listener.server.address() as { port: number };
  const before = await subjectOf(port);
  assert.equal(before.subject, 'first');

  await t.test('that is half written leaves the old one in use', async () => {
    writeFileSync(first.cert, 'half of a cert');
    await sleep(100);
    const { subject, socket } = await subjectOf(port);
    socket.destroy();
    assert.equal(subject, 'first');
    assert.ok(lines.some((line) => line.includes('tls.not_renewed')));
  });
  await t.test('is used for new connections, and drops none', async () => {
    renameSync(second.key, first.key);
    renameSync(second.cert, first.cert);
    let subject = '';
    for (let tries = 0; tries < 200 && subject !== 'second'; tries++) {
      await sleep(20);
      const after = await subjectOf(port);
      after.socket.destroy();
      subject = after.subject;
    }
    assert.equal(subject, 'second');
    const answer = new Promise((resolve) => before.socket.once('data', (bytes: Buffer) => resolve(String(bytes))));
    before.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    assert.match(String(await answer), /^HTTP\/1\.1 200 OK/);
    before.socket.destroy();
  });
});

test('TLS files', needs('openssl'), async (t) => {
  const folder = tempDir(t);
  const [one, other] = [newCertificate(folder, 'one'), newCertificate(folder, 'other')];
  const refusals: readonly [what: string, files: Files, message: RegExp][] = [
    ['a certificate that is not there', { ...one, cert: join(folder, 'none') }, /LOOKASIDE_TLS_CERT is .*none.*ENOENT/],
    ['a key that is not there', { ...one, key: join(folder, 'none') }, /LOOKASIDE_TLS_KEY is .*none.*ENOENT/],
    ['a certificate that is none', { ...one, cert: one.key }, /not a PEM certificate and its private key/],
    ['the key of another', { ...one, key: other.key }, /not a PEM certificate and its private key/],
  ];
  for (const [what, files, message] of refusals)
    await t.test(`stop the start by name: ${what}`, () =>
      assert.rejects(testServer(t, settingsOf(files)), { code: 'CONFIG_INVALID', message }),
    );
  for (const name of ['LOOKASIDE_TLS_CERT', 'LOOKASIDE_TLS_KEY'])
    await t.test(`are both given, or none: ${name} alone`, () =>
      assert.throws(() => loadConfig({ [name]: 'x' }), { code: 'CONFIG_INVALID', message: /set both, or none/ }),
    );
});
