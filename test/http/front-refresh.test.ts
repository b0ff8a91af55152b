// When the front looks at what was committed: once for requests that came with one poll of the event loop, and again for
// each that may have been sent after that look. Clients and server share a thread here, so that a test says what arrives
// between two answers: what a client writes is in the socket of the server at once.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { putInFront } from '../../server/http/front.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
/** So many events come with one poll; where there are more, libuv polls again before anything else is done. */
const POLL = 1_024;
const LATE = 24;

type Look = { readonly path: string; readonly committed: number; readonly seen: number };

/** A store that counts commits, a front that answers with the last it knows of, and what was done at each answer. */
async function watched(t: TestContext, then: (look: Look) => void = () => {}) {
  let committed = 0;
  let seen = 0;
  let refreshes = 0;
  const looks: Look[] = [];
  const server = createServer((_req, res) => res.end());
  const front = putInFront(
    server,
    {
      refresh() {
        refreshes++;
        seen = committed;
      },
      answer({ path }) {
        const look = { path, committed, seen };
        looks.push(look);
        then(look);
        return `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${path.at(-1)}`;
      },
    },
    60_000,
  );
  let accepted = 0;
  server.on('connection', () => accepted++);
  const listening = once(server, 'listening');
  server.listen({ port: 0, host: '127.0.0.1', backlog: 2 * POLL });
  await listening;
  const clients: Socket[] = [];
  t.after(() => {
    for (const client of clients) client.destroy();
    front.endAll();
    server.close();
  });
  return {
    looks,
    refreshes: () => refreshes,
    commit: () => ++committed,
    /** Connected, and accepted. */
    async connect(count: number): Promise<Socket[]> {
      const { port } = server.address() as AddressInfo;
      const added = Array.from({ length: count }, () => connect({ port, host: '127.0.0.1', noDelay: true }));
      clients.push(...added);
      for (const client of added) client.on('data', () => {});
      await until(() => accepted === clients.length);
      return added;
    },
  };
}

async function until(what: () => boolean): Promise<void> {
  const started = performance.now();
  while (!what()) {
    assert.ok(performance.now() - started < 10_000, 'nothing happens any more');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('the front', async (t) => {
  await t.test('looks at the store once for requests that came together', async (t) => {
    const store = await watched(t);
    const clients = await store.connect(50);
    for (const client of clients) client.write(get('/x'));
    await until(() => store.looks.length === 50);
    assert.ok(store.refreshes() <= 3, `${store.refreshes()} times`);
  });

  await t.test('looks again for each that comes later', async (t) => {
    const store = await watched(t);
    const [client] = await store.connect(1);
    for (let number = 1; number <= 20; number++) {
      store.commit();
      client?.write(get('/x'));
      await until(() => store.looks.length === number);
      assert.equal(store.looks.at(-1)?.seen, number);
    }
  });

  await t.test('looks again for a request sent behind another while a third was answered', async (t) => {
    let behind: Socket | null = null;
    const store = await watched(t, ({ path }) => {
      if (path !== '/first') return;
      store.commit();
      behind?.write(get('/late')); // by whom the commit was acknowledged
    });
    const [first, second] = await store.connect(2);
    behind = second ?? null;
    first?.write(get('/first'));
    second?.write(get('/early'));
    await until(() => store.looks.length === 3);
    assert.deepEqual(
      store.looks.map(({ path }) => path),
      ['/first', '/early', '/late'],
    );
    assert.equal(store.looks[2]?.seen, 1);
  });

  await t.test('looks again where a full poll is followed by another at once', async (t) => {
    const sentAt = new Map<string, number>();
    const idle: Socket[] = [];
    // Each of the last answers of the first poll commits something, and then a client asks that had been silent.
    const store = await watched(t, ({ path }) => {
      if (Number(/^\/begin\/(\d+)$/.exec(path)?.[1] ?? 0) < POLL - LATE) return;
      const late = `/late/${idle.length}`;
      sentAt.set(late, store.commit());
      idle.pop()?.write(get(late));
    });
    idle.push(...(await store.connect(2 * LATE)));
    const clients = await store.connect(POLL + 6);
    for (const [index, client] of clients.entries()) client.write(get(`/begin/${index}`));
    await until(() => store.looks.length >= POLL + 6 + LATE + 6);
    const late = store.looks.filter(({ path }) => path.startsWith('/late'));
    assert.equal(late.length, LATE + 6);
    assert.deepEqual(
      late.filter(({ path, seen }) => seen < (sentAt.get(path) ?? Number.NaN)),
      [],
    );
    assert.ok(store.refreshes() < POLL / 10, `${store.refreshes()} looks`);
  });
});
