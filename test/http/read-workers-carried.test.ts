// Connections that a read worker has accepted and the main thread serves: they are as good as its own. Whatever is asked
// here is asked on many connections, so that some come by either way.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { peopleScene } from '../support/people.ts';
import { asked, CONNECTIONS, MISS, many, until, type WorkersScene, workersScene } from './read-workers-scene.ts';
import { scene } from './scene.ts';
import { bearer, send } from './wire.ts';

const WORKERS = { LOOKASIDE_WORKERS: '3' };
const IDLE_MS = 400;
/** For a loaded machine. */
const LATE_MS = 15_000;

async function started(t: TestContext, options: Parameters<typeof workersScene>[1] = {}): Promise<WorkersScene> {
  const server = await workersScene(t, options);
  await server.starting;
  return server;
}

function open(t: TestContext, { port }: WorkersScene): Socket {
  const socket = connect(port, '127.0.0.1');
  t.after(() => socket.destroy());
  return socket.on('error', () => {});
}

/** Until it is closed by the other side, and how long that took. */
async function end(socket: Socket): Promise<number> {
  const began = performance.now();
  if (!socket.destroyed) await once(socket, 'close');
  return performance.now() - began;
}

test('a carried connection', async (t) => {
  await t.test('is closed when it is idle, before its first request or after one', async (t) => {
    const server = await started(t, { keepAliveMs: IDLE_MS });
    server.server.keepAliveTimeout = IDLE_MS;
    server.server.on('connection', (socket: Socket) => socket.setTimeout(IDLE_MS)); // of those that never ask
    const sockets = await many(CONNECTIONS, async (index) => {
      const requests = ['GET /livez', `GET ${MISS}`, ''];
      const first = requests[index % 3] as string;
      return first ? asked(t, server, first) : open(t, server).resume();
    });
    for (const took of await Promise.all(sockets.map(end))) assert.ok(took < LATE_MS, `${took} ms`);
    await until(() => server.carried.size === 0, 'the main thread was not told');
  });

  await t.test('has as long for its head as any other', async (t) => {
    const times = { headersTimeout: IDLE_MS, requestTimeout: IDLE_MS, connectionsCheckingInterval: 50 };
    const server = await started(t, { times });
    const answers = await many(CONNECTIONS, async () => {
      const socket = open(t, server);
      let text = '';
      socket.setEncoding('latin1').on('data', (chunk) => {
        text += chunk;
      });
      socket.write('POST /livez HTTP/1.1\r\nHo');
      const dripping = setInterval(() => socket.write('x'), 20);
      await end(socket);
      clearInterval(dripping);
      return text;
    });
    for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
    await until(() => server.carried.size === 0, 'the main thread was not told');
  });

  await t.test('has as long for its body as any other', async (t) => {
    const times = { headersTimeout: IDLE_MS, requestTimeout: IDLE_MS, connectionsCheckingInterval: 50 };
    const server = await started(t, { times, answer: (req) => void req.resume() });
    const sockets = await many(CONNECTIONS, async () => {
      const socket = open(t, server).resume();
      socket.write('POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n-');
      return socket;
    });
    for (const took of await Promise.all(sockets.map(end))) assert.ok(took < LATE_MS, `${took} ms`);
    await until(() => server.carried.size === 0, 'the main thread was not told');
  });

  await t.test('ends with its client, whose request then counts for nothing', async (t) => {
    let aborted = 0;
    const answer = (req: NodeJS.EventEmitter) => void req.on('aborted', () => aborted++).on('error', () => {});
    const server = await started(t, { answer });
    const sockets = await many(CONNECTIONS, async () => {
      const socket = open(t, server);
      socket.write('POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n');
      socket.write(Buffer.alloc(50_000));
      return socket;
    });
    await until(() => server.carried.size + server.accepted() === CONNECTIONS, 'they did not arrive');
    assert.ok(server.carried.size > 0);
    for (const [index, socket] of sockets.entries()) index % 2 ? socket.resetAndDestroy() : socket.destroy();
    await until(() => server.carried.size === 0, 'the main thread was not told');
    await until(() => aborted === CONNECTIONS, 'handlers were not told');
  });

  await t.test('closes after an answer that says so, also where the client does not', async (t) => {
    const server = await started(t);
    const sockets = await many(CONNECTIONS, () =>
      asked(t, server, 'HEAD /livez HTTP/1.1\r\nConnection: close\r\nX: x'),
    );
    for (const took of await Promise.all(sockets.map(end))) assert.ok(took < LATE_MS, `${took} ms`);
    await until(() => server.carried.size === 0, 'the main thread was not told');
  });
});

test('200 carried connections at once', async (t) => {
  const body = randomBytes(300_000);
  const server = await started(t, {
    answer: (req, res) => void pipeline(req, res).catch(() => {}), // an echo
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  await t.test('get their own bytes back, and again', async () => {
    for (let turn = 0; turn < 2; turn++) {
      const hashes = await many(200, async (index) => {
        const own = Buffer.concat([Buffer.from(String(index)), body]);
        const answer = await exchange(server.port, agent, own);
        return answer.equals(own);
      });
      assert.deepEqual(new Set(hashes), new Set([true]));
    }
    assert.ok(server.carried.size > CONNECTIONS, `${server.carried.size} were carried`);
  });
  await t.test('leave nothing behind', async () => {
    agent.destroy();
    await until(() => server.carried.size === 0, 'some are still there');
  });
});

function exchange(port: number, agent: Agent, body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': body.length };
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', path: '/', agent, headers }, async (res) => {
      const pieces: Buffer[] = [];
      for await (const piece of res) pieces.push(piece as Buffer);
      resolve(Buffer.concat(pieces));
    });
    outgoing.on('error', reject).end(body);
  });
}

test('a large answer on carried connections', async (t) => {
  const LARGE = 40 * 1024 * 1024;
  /** More than the system takes for a client that does not read, and what is on the way between the threads. */
  const MOST = 16 * 1024 * 1024;
  const piece = randomBytes(64 * 1024);
  let last = { made: 0 };
  const server = await started(t, {
    answer(_req, res) {
      const own = { made: 0 };
      last = own;
      function* pieces() {
        for (; own.made < LARGE; own.made += piece.length) yield piece;
      }
      pipeline(Readable.from(pieces(), { objectMode: false }), res).catch(() => {});
    },
  });
  // One after the other until one is carried. HTTP/1.0 gets the body as it is.
  let socket = open(t, server);
  for (let tries = 0; server.carried.size === 0; tries++) {
    assert.ok(tries < 200, 'none is carried');
    socket.destroy();
    socket = open(t, server).pause();
    socket.write('GET /large HTTP/1.0\r\nHost: x\r\n\r\n');
    await until(() => server.carried.size + server.accepted() > tries, 'it did not arrive');
  }
  await t.test('is made no faster than it is read', async () => {
    for (let before = -1; before !== last.made; await sleep(300)) before = last.made;
    assert.ok(last.made > 0 && last.made < MOST, `${last.made} bytes were made`);
  });
  await t.test('comes whole when it is read after all', async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    const answer = Buffer.concat(chunks);
    const body = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
    assert.equal(body.length, LARGE);
    for (let at = 0; at < LARGE; at += piece.length) assert.ok(body.subarray(at, at + piece.length).equals(piece));
  });
});

test('a server with read workers', async (t) => {
  const store = await peopleScene(t, WORKERS);
  /** From any address of this machine. */
  function guess(name: string, localAddress: string): Promise<number> {
    const body = JSON.stringify({ username: name, password: 'a guess' });
    const headers = { 'content-type': 'application/json', 'content-length': body.length, origin: store.url };
    const { port, hostname } = new URL(store.url);
    return new Promise((resolve, reject) => {
      const options = { port, hostname, localAddress, path: '/api/v1/session', method: 'POST', headers, agent: false };
      request(options, (res) => resolve(res.resume().statusCode ?? 0))
        .on('error', reject)
        .end(body);
    });
  }
  await t.test('knows where guesses come from, whichever thread took the connection', async () => {
    for (let user = 0; user < 10; user++) assert.equal(await guess(`user${user}`, '127.0.0.2'), 401);
    const more = await many(CONNECTIONS / 2, (index) => guess(`user1${index}`, '127.0.0.2'));
    assert.deepEqual(new Set(more), new Set([429]));
    assert.equal(await guess('user10', '127.0.0.3'), 401);
    const [refused] = await store.audit('session.refused'); // the first of a minute
    assert.equal(refused?.detail.address, '127.0.0.2');
  });
  await t.test('lets people work on every connection', async () => {
    const person = await store.person();
    for (const { status } of await many(CONNECTIONS, () => person.call('GET', '/api/v1/session')))
      assert.equal(status, 200);
  });
  await t.test('delivers the pages on every connection', async () => {
    const pages = await many(CONNECTIONS, () => send(store.url, '/ui/'));
    assert.equal(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size, 1);
  });
});

test('the audit log is exported on every connection', async (t) => {
  const store = await scene(t, WORKERS);
  const bodies = new Set<string>();
  for (let turn = 0; turn < CONNECTIONS / 2; turn++) {
    const { status, text } = await send(store.url, '/api/v1/audit/export', { headers: bearer(store.token) });
    assert.equal(status, 200, text);
    bodies.add(text);
  }
  assert.equal(bodies.size, 1);
});
