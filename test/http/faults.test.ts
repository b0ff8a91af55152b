// A fault of the store is 5xx: a 404 would tell every runtime that the image is unsigned.
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { testServer, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { assertProblem, DIGEST, IMAGE, scene, signature, stored } from './scene.ts';
import { bearer, send } from './wire.ts';

const PATH = `/${IMAGE}/signature-1`;
const BY_DIGEST = `/${DIGEST.replace(':', '=')}/signature-1`;

/** Overwrites the pages of these tables and indexes on disk, as a bad sector would; the schema stays readable. */
function damage(path: string, ...names: readonly string[]): void {
  const db = new Database(path);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const size = Number(db.pragma('page_size', { simple: true }));
  const root = db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck();
  const pages = names.map((name) => Number(root.get(name)));
  db.close();
  const file = openSync(path, 'r+');
  for (const page of pages) writeSync(file, Buffer.alloc(size, 0xff), 0, size, (page - 1) * size);
  closeSync(file);
}

const LOOKUPS = ['signatures', 'signatures_by_image', 'signatures_by_digest', 'sqlite_autoindex_signatures_1'];

test('a damaged table of signatures', async (t) => {
  const dataDir = tempDir(t);
  const settings = { LOOKASIDE_DATA_DIR: dataDir };
  await t.test('is made', async (t) => void (await stored(await scene(t, settings), 'rsa2048')));
  damage(`${dataDir}/lookaside.db`, ...LOOKUPS);
  const server = await testServer(t, settings);
  const token = await server.createToken(['upload', 'read', 'admin']);

  for (const path of [PATH, BY_DIGEST, `/${IMAGE}/signature-2`])
    for (const method of ['GET', 'HEAD'])
      await t.test(`makes ${method} of ${path.slice(0, 30)} a 5xx that nobody may keep`, async () => {
        const { status, headers } = await send(server.url, path, { method });
        assert.ok(status >= 500, String(status));
        assert.equal(headers['cache-control'], 'no-store');
      });

  await t.test('is 503 STORE_CORRUPT in the API', async () => {
    const answer = await send(server.url, '/api/v1/signatures', { headers: bearer(token) });
    assertProblem(answer, 503, 'STORE_CORRUPT');
  });

  await t.test('refuses an upload with 503', async () => {
    const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
    const answer = await send(server.url, '/api/v1/signatures', {
      method: 'POST',
      headers,
      body: signature('ed25519'),
    });
    assertProblem(answer, 503, 'STORE_CORRUPT');
  });

  await t.test('leaves nonsense 404', async () => assert.equal((await send(server.url, '/favicon.ico')).status, 404));

  await t.test('counts as faults in the metrics', async () => {
    const { text } = await send(server.metricsUrl, '/metrics');
    assert.match(text, /^lookaside_reads_total\{outcome="fault"\} [1-9]/m);
  });
});

test('a damaged table of tokens', async (t) => {
  const dataDir = tempDir(t);
  const settings = { LOOKASIDE_DATA_DIR: dataDir, LOOKASIDE_READ_ACCESS: 'token' };
  let token = '';
  await t.test('is made', async (t) => {
    const store = await testStore(t, settings);
    token = await store.createToken(['read']);
  });
  damage(`${dataDir}/lookaside.db`, 'tokens', 'sqlite_autoindex_tokens_1', 'sqlite_autoindex_tokens_2');
  const server = await testServer(t, settings);
  await t.test('makes a private read 5xx, not 401 or 404', async () => {
    const { status } = await send(server.url, PATH, { headers: bearer(token) });
    assert.ok(status >= 500, String(status));
  });
});

test('a database damaged under a running server', async (t) => {
  const store = await scene(t, { LOOKASIDE_CACHE_MB: '1' });
  await stored(store, 'rsa2048');
  damage(store.config.databasePath, ...LOOKUPS);
  await store.createToken(['read']); // a commit, after which every connection reads its pages afresh

  await t.test('is a 5xx for what is not in memory', async () => {
    const { status } = await store.get(`/${IMAGE.replace('/app@', '/other@')}/signature-1`);
    assert.ok(status >= 500, String(status));
  });
  await t.test('never makes a signature 404', async () => {
    const { status } = await store.get(PATH);
    assert.ok(status === 200 || status >= 500, String(status));
  });
  await t.test('is still live', async () => assert.equal((await store.get('/livez')).status, 200));
});
