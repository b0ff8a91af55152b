// Threads that answer reads beside the main one: whichever thread a connection reaches, the answers are the same.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { startServer } from '../../server/compose.ts';
import { loadConfig } from '../../server/config.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { createLog } from '../../server/ops/log.ts';
import { ALL, LOCAL } from '../support/server.ts';
import { IMAGE, problemOf, scene, signature, stored } from './scene.ts';
import { bearer, form, send } from './wire.ts';

const SETTINGS = { LOOKASIDE_WORKERS: '3' };
/** Each is on a connection of its own, so they spread over the threads. */
const CONNECTIONS = 40;
const PATH = `/${IMAGE}/signature-`;

const many = <T>(ask: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: CONNECTIONS }, ask));

async function readsOf(metricsUrl: string): Promise<Record<string, number>> {
  const text = await (await fetch(metricsUrl)).text();
  const counts = text.matchAll(/^lookaside_reads_total\{outcome="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...counts].map(([, outcome, count]) => [outcome, Number(count)]));
}

test('a server with three read workers', async (t) => {
  const store = await scene(t, SETTINGS);
  await t.test('answers a miss on every connection, and then a hit as soon as it was acknowledged', async () => {
    for (const { status } of await many(() => store.get(`${PATH}1`))) assert.equal(status, 404);
    await stored(store, 'rsa2048');
    for (const { status, body } of await many(() => store.get(`${PATH}1`))) {
      assert.equal(status, 200);
      assert.deepEqual(body, signature('rsa2048'));
    }
    for (const { status } of await many(() => store.get(`${PATH}2`))) assert.equal(status, 404);
  });
  await t.test('answers what is not plain, wherever it arrives', async () => {
    const etag = String((await store.get(`${PATH}1`)).headers.etag);
    for (const { status } of await many(() => store.get(`${PATH}1`, { 'if-none-match': etag })))
      assert.equal(status, 304);
    for (const { headers, body } of await many(() => send(store.url, `${PATH}1`, { method: 'HEAD' }))) {
      assert.equal(headers['content-length'], String(signature('rsa2048').length));
      assert.equal(body.length, 0);
    }
    for (const { status } of await many(() => send(store.url, '/livez'))) assert.equal(status, 200);
    for (const answer of await many(() => send(store.url, '/api/v1/keys')))
      problemOf(answer, 401, 'CREDENTIALS_MISSING');
  });
  await t.test('takes uploads, wherever they arrive', async () => {
    const { headers, body } = form([{ bytes: signature('rsa2048') }, { bytes: signature('ed25519') }]);
    const upload = { method: 'POST', headers: { ...headers, ...bearer(store.token) }, body };
    const statuses = (await many(() => send(store.url, '/api/v1/signatures', upload))).map(({ status }) => status);
    assert.deepEqual(statuses.sort(), [...Array(CONNECTIONS - 1).fill(200), 201]);
    for (const { body } of await many(() => store.get(`${PATH}2`))) assert.deepEqual(body, signature('ed25519'));
  });
  await t.test('takes a body that is larger than any buffer on the way', async () => {
    const large = { method: 'POST', headers: bearer(store.token), body: Buffer.alloc(8 * 1024 * 1024, 1) };
    const headers = { ...large.headers, 'content-type': 'application/octet-stream' };
    const answers = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(() => send(store.url, '/api/v1/signatures', { ...large, headers }).catch(() => null)),
    );
    // A client that is still sending may find the connection closed before it has read why.
    for (const answer of answers) if (answer) problemOf(answer, 413, 'SIGNATURE_TOO_LARGE');
    assert.equal((await store.get(`${PATH}1`)).status, 200);
  });
  await t.test('keeps a connection that goes from plain reads to other requests, and back', async () => {
    const host = 'Host: x\r\n\r\n';
    const requests = [
      `GET ${PATH}1 HTTP/1.1\r\n${host}`,
      `HEAD ${PATH}1 HTTP/1.1\r\n${host}`,
      `GET ${PATH}9 HTTP/1.1\r\n${host}`,
      `GET /livez HTTP/1.1\r\n${host}`,
    ];
    for (const answers of await many(() => inTurn(store.url, requests)))
      assert.deepEqual(
        answers.map((answer) => answer.slice(9, 12)),
        ['200', '200', '404', '200'],
      );
  });
  await t.test('counts all reads', async () => {
    const before = await settled(store.metricsUrl);
    await many(() => store.get(`${PATH}1`));
    await many(() => store.get(`${PATH}7`));
    const after = await settled(store.metricsUrl);
    assert.equal(after.hit, (before.hit ?? 0) + CONNECTIONS);
    assert.equal(after.miss, (before.miss ?? 0) + CONNECTIONS);
  });
  await t.test('shares its port with no other server', async () => {
    const { port } = new URL(store.url);
    const other = loadConfig({
      LOOKASIDE_DATA_DIR: store.dataDir,
      LOOKASIDE_PORT: port,
      LOOKASIDE_METRICS_PORT: '0',
      ...SETTINGS,
    });
    await assert.rejects(startServer(other, createLog('silent')), {
      code: 'CONFIG_INVALID',
      message: /the port is in use/,
    });
  });
  await t.test('forgets what was withdrawn on every connection', async () => {
    const [{ id } = { id: 0 }] = (await send(store.url, '/api/v1/signatures', { headers: bearer(store.token) }))
      .json<{ items: { id: number }[] }>()
      .items.toReversed();
    const answer = await send(store.url, `/api/v1/signatures/${id}`, {
      method: 'DELETE',
      headers: { ...bearer(store.token), 'content-type': 'application/json' },
      body: '{"reason":"mistake"}',
    });
    assert.equal(answer.status, 204, answer.text);
    for (const { body } of await many(() => store.get(`${PATH}1`))) assert.deepEqual(body, signature('ed25519'));
    for (const { status } of await many(() => store.get(`${PATH}2`))) assert.equal(status, 404);
  });
});

test('a private server with three read workers', async (t) => {
  const store = await scene(t, { ...SETTINGS, LOOKASIDE_READ_ACCESS: 'token' });
  await stored(store, 'rsa2048');
  const read = await store.createToken(['read']);
  const scoped = await store.createToken(['read'], ['quay.io']);
  const statuses = async (headers: Record<string, string>) =>
    new Set((await many(() => store.get(`${PATH}1`, headers))).map(({ status }) => status));

  await t.test('lets those read who may, on every connection', async () => {
    assert.deepEqual(await statuses({ authorization: `Bearer ${read}` }), new Set([200]));
    const basic = Buffer.from(`anybody:${read}`).toString('base64');
    assert.deepEqual(await statuses({ authorization: `Basic ${basic}` }), new Set([200]));
    assert.deepEqual(await statuses({}), new Set([401]));
    assert.deepEqual(await statuses({ authorization: `Bearer ${scoped}` }), new Set([403]));
  });
  await t.test('says when a token was last used, whichever thread saw it', async () => {
    const tokens = await store.local.tokens.list({}, ALL, LOCAL);
    const id = tokens.items.find(({ scopes }) => scopes.includes('quay.io' as Scope))?.id;
    for (let tries = 0; tries < 50; tries++) {
      const listed = await send(store.url, '/api/v1/tokens', { headers: bearer(store.token) });
      const used = listed.json<{ items: { id: string; lastUsedAt: string | null }[] }>().items;
      if (used.find((token) => token.id === id)?.lastUsedAt) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail('the use was not noted');
  });
  await t.test('lets nobody read with a token that was revoked a moment ago', async () => {
    const { items } = await store.local.tokens.list({}, ALL, LOCAL);
    for (const { id, permissions } of items) if (permissions.length === 1) await store.local.tokens.revoke(id, LOCAL);
    assert.deepEqual(await statuses({ authorization: `Bearer ${read}` }), new Set([401]));
  });
});

/** Workers hand their counts over now and then: asked until they stand still. */
async function settled(metricsUrl: string): Promise<Record<string, number>> {
  let counts = await readsOf(metricsUrl);
  for (let same = 0; same < 8; ) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = await readsOf(metricsUrl);
    same = JSON.stringify(now) === JSON.stringify(counts) ? same + 1 : 0;
    counts = now;
  }
  return counts;
}

/** On one connection, each after the answer to the one before. */
function inTurn(base: string, requests: readonly string[]): Promise<string[]> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const answers: string[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(requests[0] ?? ''));
    socket.setTimeout(10_000, () => socket.destroy(new Error(`no answer after ${answers.length}`)));
    socket.on('error', reject);
    socket.on('data', (bytes) => {
      answers.push(bytes.toString('latin1'));
      const next = requests[answers.length];
      if (next !== undefined) return void socket.write(next);
      socket.destroy();
      resolve(answers);
    });
  });
}
