// Connections never use up the file descriptors that the database needs.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mostConnections } from '../../server/http/connections.ts';
import { CLI, startService } from '../support/processes.ts';
import { testStore } from '../support/server.ts';
import { IMAGE, signature } from './scene.ts';
import { bearer, send } from './wire.ts';

test('the most connections', async (t) => {
  await t.test('leave files to the store, and are shared out among threads', () => {
    assert.equal(mostConnections(65_536, 1), 50_000);
    assert.equal(mostConnections(65_536, 4), 12_500);
    assert.equal(mostConnections(1_024, 1), 768);
    assert.equal(mostConnections(1_024, 2), 384);
  });
  await t.test('are half of very few files, and some where nobody tells how many', () => {
    assert.equal(mostConnections(256, 1), 128);
    assert.equal(mostConnections(3, 64), 1);
    assert.equal(mostConnections(null, 1), 50_000);
  });
});

const FILES = 300;
const MOST = FILES / 2;

for (const workers of [1, 2])
  test(`a server of ${workers} threads with ${FILES} files and more clients than that`, async (t) => {
    const store = await testStore(t);
    await store.registerKeys('rsa2048');
    const token = await store.createToken(['upload', 'read']);
    const service = startService(t, 'sh', ['-c', `ulimit -n ${FILES}; exec "$@"`, 'sh', ...CLI, 'serve'], {
      LOOKASIDE_DATA_DIR: store.dataDir,
      LOOKASIDE_PORT: '0',
      LOOKASIDE_METRICS_PORT: '0',
      LOOKASIDE_WORKERS: String(workers),
    });
    const { url, metrics } = JSON.parse((await service.line(/"server.started"/)).input);
    const clients: Socket[] = [];
    t.after(() => {
      for (const client of clients) client.destroy();
    });
    let closed = 0;
    for (let count = 0; count < 2 * FILES; count++)
      clients.push(
        connect(Number(new URL(url).port), '127.0.0.1')
          .on('error', () => {})
          .on('close', () => closed++),
      );
    await sleep(2_500); // idle ones go when they are a second old, and places are short

    await t.test('closes some of them, and has room again', async () => {
      assert.ok(closed >= 2 * FILES - MOST, `${closed} closed`);
      assert.equal((await send(url, `/${IMAGE}/signature-1`)).status, 404);
    });
    await t.test('starts the threads that an upload needs, and serves what it took', async () => {
      const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
      const body = signature('rsa2048');
      const uploaded = await send(url, '/api/v1/signatures', { method: 'POST', headers, body });
      assert.equal(uploaded.status, 201, uploaded.text);
      assert.equal((await send(url, `/${IMAGE}/signature-1`)).status, 200);
    });
    await t.test('tells so', async () => {
      await sleep(600); // threads tell twice a second
      const text = await (await fetch(metrics)).text();
      const value = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
      assert.equal(value('lookaside_open_connections_max'), MOST);
      assert.ok(value('lookaside_open_connections') <= MOST);
      assert.ok(value('lookaside_connections_refused_total') > 0);
      assert.ok(value('process_open_fds') < FILES);
    });
  });
