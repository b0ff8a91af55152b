// Read workers that end before their time, those that do not come to work, and what goes on meanwhile. The main thread
// here answers 404 to whatever reaches it.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempDir } from '../support/temp-dir.ts';
import {
  asked,
  CONNECTIONS,
  faulty,
  MISS,
  many,
  started,
  startFault,
  until,
  workersScene,
} from './read-workers-scene.ts';
import { send } from './wire.ts';

test('a read worker that is lost', async (t) => {
  const FAULTS: readonly [why: string, fault: string, cause: RegExp][] = [
    ['throws', "throw new Error('broken on purpose');", /broken on purpose/],
    ['rejects', "Promise.reject(new Error('broken on purpose'));", /broken on purpose/],
    ['ends itself', 'process.exit(3);', /ended with code 3/],
  ];
  for (const [why, fault, cause] of FAULTS)
    await t.test(`because it ${why} is told, and replaced, and the others go on`, async (t) => {
      const server = await workersScene(t, { entry: faulty(fault) });
      await server.starting;
      startFault(server);
      await until(() => server.logged('read_worker.lost').length === 1, 'it was not told');
      assert.match(String(server.logged('read_worker.lost')[0]), cause);
      for (let count = 0; count < CONNECTIONS; count++) assert.equal((await send(server.url, MISS)).status, 404);
      await until(() => started(server) === 3, 'it was not replaced');
      for (let count = 0; count < CONNECTIONS; count++) assert.equal((await send(server.url, MISS)).status, 404);
      assert.equal(server.logged('read_worker.lost').length, 1);
    });
});

test('a connection of a read worker that is lost', async (t) => {
  const server = await workersScene(t, { entry: faulty("throw new Error('broken on purpose');") });
  await server.starting;
  const sockets = await many(CONNECTIONS, () => asked(t, server, 'GET /livez'));
  await until(() => server.carried.size + server.accepted() === CONNECTIONS, 'they did not arrive');
  const before = server.carried.size;
  assert.ok(before > 0 && server.accepted() > 0, `${before} were carried`);
  startFault(server);
  await until(() => server.logged('read_worker.lost').length === 1, 'it was not told');

  await t.test('ends for the client and for the main thread', async () => {
    await until(() => server.carried.size < before, 'all are still there');
    const lost = before - server.carried.size;
    await until(() => sockets.filter(({ destroyed }) => destroyed).length === lost, 'clients were not told');
  });
  await t.test('is the only one that ends', async () => {
    await sleep(200);
    assert.equal(sockets.filter(({ destroyed }) => !destroyed).length, server.carried.size + server.accepted());
  });
});

test('read workers that cannot start', async (t) => {
  await t.test('say why: the port', async (t) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    t.after(() => other.close());
    const { port } = other.address() as AddressInfo;
    const { starting, workers } = await workersScene(t, { port });
    const message = `a read worker cannot listen on 127.0.0.1:${port}: EADDRINUSE`;
    await assert.rejects(starting, { code: 'CONFIG_INVALID', message });
    await workers.close(10_000);
  });
  await t.test('say why: the database', async (t) => {
    const { starting, workers } = await workersScene(t, { databasePath: join(tempDir(t), 'none.db') });
    await assert.rejects(starting, /database/);
    await workers.close(10_000);
  });
  await t.test('say why: whatever it is', async (t) => {
    const entry = faulty("throw new Error('broken from the start')", true);
    const { starting, workers } = await workersScene(t, { entry });
    await assert.rejects(starting, /broken from the start/);
    await workers.close(10_000);
  });
  await t.test('say so: they end without a word', async (t) => {
    const { starting, workers } = await workersScene(t, { entry: faulty('process.exit(7)', true) });
    await assert.rejects(starting, /ended with code 7/);
    await workers.close(10_000);
  });
  for (const host of ['127.0.0.1', 'localhost'])
    await t.test(`are stopped while they start to listen on ${host}`, async (t) => {
      for (let turn = 0; turn < 5; turn++) {
        const { starting, workers } = await workersScene(t, { host });
        starting.catch(() => {}); // or not, as far as they have come
        const began = performance.now();
        await workers.close(30_000);
        assert.ok(performance.now() - began < 10_000);
      }
    });
  await t.test('are not waited for at the end', async (t) => {
    const server = await workersScene(t, { entry: faulty('process.exit(7)') });
    await server.starting;
    startFault(server);
    await until(() => server.logged('read_worker.lost').length === 1, 'it was not told');
    const began = performance.now();
    await server.workers.close(30_000);
    assert.ok(performance.now() - began < 10_000);
  });
});

test('reads of read workers', async (t) => {
  await t.test('are counted to the last one at the end', async (t) => {
    const server = await workersScene(t);
    await server.starting;
    const sockets = await many(CONNECTIONS, () => asked(t, server, `GET ${MISS}`));
    for (const socket of sockets) socket.destroy();
    await server.workers.close(10_000);
    assert.equal(server.reads.miss + server.accepted(), CONNECTIONS);
    assert.ok(server.reads.miss > 0 && server.accepted() > 0, `${server.accepted()} came to the main thread`);
    assert.equal(server.reads.hit, 0);
  });
});
