// Read workers that end before their time, those that do not come to work, and what goes on meanwhile. The main thread
// here answers 404 to whatever reaches it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { listenOn } from '../../server/http/listening.ts';
import { createReadWorkers } from '../../server/http/read-workers.ts';
import { createLog } from '../../server/ops/log.ts';
import { type TestStore, testStore } from '../support/server.ts';
import { send } from './wire.ts';

const ENTRY = new URL('../../server/read-worker.ts', import.meta.url);
const MISS = `/quay.io/acme/app@sha256=${'0'.repeat(64)}/signature-1`;
/** So many connections reach every thread. */
const CONNECTIONS = 40;

/** The real worker with a fault of its own: `before` it begins, or while it runs when a file appears. */
function faulty(fault: string, before = false): URL {
  const real = `await import(${JSON.stringify(ENTRY.href)})`;
  const later = `
    const sign = workerData.databasePath + '.fault';
    const fault = () => {
      try { rmSync(sign); } catch { return; } // another worker was faster
      ${fault}
    };
    setInterval(() => existsSync(sign) && fault(), 10).unref();
    appendFileSync(workerData.databasePath + '.started', 'x');`;
  const imports = `
    import { appendFileSync, existsSync, rmSync } from 'node:fs';
    import { workerData } from 'node:worker_threads';`;
  const code = before ? `${fault}` : `${imports}${later}${real}`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

type Options = { readonly entry?: URL; readonly port?: number; readonly databasePath?: string };

async function workersOn(t: TestContext, store: TestStore, { entry = ENTRY, databasePath, port }: Options = {}) {
  const logged: string[] = [];
  const server = createHttpServer((_req, res) => res.writeHead(404).end());
  const carried = new Set<Duplex>();
  const reads = { hit: 0, miss: 0, not_modified: 0, unauthorized: 0, forbidden: 0, fault: 0 };
  let accepted = 0;
  server.on('connection', (connection: Duplex & { carried?: true }) => {
    if (!connection.carried) accepted++;
  });
  const workers = createReadWorkers({
    entry,
    count: 2,
    data: {
      databasePath: databasePath ?? store.config.databasePath,
      host: '127.0.0.1',
      readAccess: 'public',
      defaultRegistry: DOCKER_HUB,
      memoryBytes: 1024 * 1024,
      seed: 1,
      keepAliveMs: 5_000,
      tls: null,
    },
    behind(connection) {
      carried.add(connection);
      connection.on('close', () => carried.delete(connection));
      server.emit('connection', Object.assign(connection, { carried: true }));
    },
    endIdle: () => server.closeIdleConnections(),
    metrics: { reads },
    noteUse() {},
    log: createLog('info', { write: (line: string) => void logged.push(line) }),
  });
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await workers.close(1_000);
  });
  const place = { host: '127.0.0.1', port: 0, setting: 'LOOKASIDE_PORT', shared: true };
  const taken = port ?? (await listenOn({ server, front: null }, place));
  const starting = workers.start(taken);
  return {
    url: `http://127.0.0.1:${taken}`,
    starting,
    workers,
    carried,
    logged: (event: string) => logged.filter((line) => line.includes(`"${event}"`)),
    reads,
    accepted: () => accepted,
  };
}

async function until(what: () => boolean, why: string): Promise<void> {
  for (const started = performance.now(); !what(); await sleep(10))
    assert.ok(performance.now() - started < 20_000, why);
}

const started =
  ({ config }: TestStore, count: number) =>
  () =>
    readFileSync(`${config.databasePath}.started`).length >= count;

test('a read worker that is lost', async (t) => {
  const FAULTS: readonly [why: string, fault: string, cause: RegExp][] = [
    ['throws', "throw new Error('broken on purpose');", /broken on purpose/],
    ['rejects', "Promise.reject(new Error('broken on purpose'));", /broken on purpose/],
    ['ends itself', 'process.exit(3);', /ended with code 3/],
  ];
  for (const [why, fault, cause] of FAULTS)
    await t.test(`because it ${why} is told, and replaced, and the others go on`, async (t) => {
      const store = await testStore(t);
      const server = await workersOn(t, store, { entry: faulty(fault) });
      await server.starting;
      writeFileSync(`${store.config.databasePath}.fault`, '');
      await until(() => server.logged('read_worker.lost').length === 1, 'it was not told');
      assert.match(String(server.logged('read_worker.lost')[0]), cause);
      for (let count = 0; count < CONNECTIONS; count++) assert.equal((await send(server.url, MISS)).status, 404);
      await until(started(store, 3), 'it was not replaced');
      for (let count = 0; count < CONNECTIONS; count++) assert.equal((await send(server.url, MISS)).status, 404);
      assert.equal(server.logged('read_worker.lost').length, 1);
    });
});

test('a connection of a read worker that is lost', async (t) => {
  const store = await testStore(t);
  const server = await workersOn(t, store, { entry: faulty("throw new Error('broken on purpose');") });
  await server.starting;
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => connected(server.url, 'GET /livez')));
  t.after(() => sockets.forEach(({ socket }) => void socket.destroy()));
  await until(() => server.carried.size + server.accepted() === CONNECTIONS, 'they did not arrive');
  const before = server.carried.size;
  assert.ok(before > 0 && server.accepted() > 0, `${before} were carried`);
  writeFileSync(`${store.config.databasePath}.fault`, '');
  await until(() => server.logged('read_worker.lost').length === 1, 'it was not told');

  await t.test('ends for the client and for the main thread', async () => {
    await until(() => server.carried.size < before, 'all are still there');
    const lost = before - server.carried.size;
    await until(() => sockets.filter(({ socket }) => socket.destroyed).length === lost, 'clients were not told');
  });
  await t.test('is the only one that ends', async () => {
    await sleep(200);
    assert.equal(sockets.filter(({ socket }) => !socket.destroyed).length, server.carried.size + server.accepted());
  });
});

test('read workers that cannot start', async (t) => {
  await t.test('say why: the port', async (t) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { starting, workers } = await workersOn(t, await testStore(t), { port });
    const message = `a read worker cannot listen on 127.0.0.1:${port}: EADDRINUSE`;
    await assert.rejects(starting, { code: 'CONFIG_INVALID', message });
    await workers.close(10_000);
  });
  await t.test('say why: the database', async (t) => {
    const store = await testStore(t);
    const databasePath = join(store.dataDir, 'none.db');
    const { starting, workers } = await workersOn(t, store, { databasePath });
    await assert.rejects(starting, /database/);
    await workers.close(10_000);
  });
  await t.test('say why: whatever it is', async (t) => {
    const entry = faulty("throw new Error('broken from the start')", true);
    const { starting, workers } = await workersOn(t, await testStore(t), { entry });
    await assert.rejects(starting, /broken from the start/);
    await workers.close(10_000);
  });
  await t.test('say so: they end without a word', async (t) => {
    const { starting, workers } = await workersOn(t, await testStore(t), { entry: faulty('process.exit(7)', true) });
    await assert.rejects(starting, /ended with code 7/);
    await workers.close(10_000);
  });
  await t.test('are not waited for at the end', async (t) => {
    const store = await testStore(t);
    const server = await workersOn(t, store, { entry: faulty('process.exit(7)') });
    await server.starting;
    writeFileSync(`${store.config.databasePath}.fault`, '');
    await until(() => server.logged('read_worker.lost').length === 1, 'it was not told');
    const began = performance.now();
    await server.workers.close(30_000);
    assert.ok(performance.now() - began < 10_000);
  });
});

test('reads of read workers', async (t) => {
  await t.test('are counted to the last one at the end', async (t) => {
    const server = await workersOn(t, await testStore(t));
    await server.starting;
    const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => connected(server.url, `GET ${MISS}`)));
    for (const { socket } of sockets) socket.destroy();
    await server.workers.close(10_000);
    assert.equal(server.reads.miss + server.accepted(), CONNECTIONS);
    assert.ok(server.reads.miss > 0 && server.accepted() > 0, `${server.accepted()} came to the main thread`);
    assert.equal(server.reads.hit, 0);
  });
});

/** Has asked, and got an answer. */
async function connected(url: string, request: string): Promise<{ socket: Socket }> {
  const { port, hostname } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(`${request} HTTP/1.1\r\nHost: x\r\n\r\n`));
  socket.on('error', () => {});
  await once(socket, 'data');
  socket.resume();
  return { socket };
}
