// A connection's life at the front: ended by either side, at any moment, in the open or through TLS, it leaves nothing
// behind, and what was asked for is answered.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { close } from '../../server/http/server.ts';
import { must, runTool } from '../support/processes.ts';
import { needs } from '../support/tools.ts';
import { readAnswers } from './front-answers.ts';
import { type Door, frontScene, IMAGE } from './front-scene.ts';

const get = (number: number, fields = '') => `GET ${IMAGE}${number} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const POST = 'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello';

test('a connection', async (t) => {
  const { front, plain, stored, open } = await frontScene(t);
  const doors = [front, plain];

  await t.test('that a client ends with its request gets the answer', async () => {
    for (const door of doors)
      for (const text of [get(1), get(1, 'Connection: close\r\n'), `GET ${IMAGE}1 HTTP/1.0\r\n\r\n`]) {
        const [answer] = readAnswers(await converse(door, (socket) => socket.end(text, 'latin1')));
        assert.equal(answer?.body, stored[0], text);
      }
  });

  await t.test('that a client ends before a request is whole is ended', async () => {
    for (const text of ['', 'G', get(1).slice(0, -2), get(1).slice(0, -1)])
      for (const before of ['', get(1)]) {
        const [answered, expected] = [
          await converse(front, (socket) => socket.end(before + text)),
          await converse(plain, (socket) => socket.end(before + text)),
        ];
        assert.deepEqual(readAnswers(answered), readAnswers(expected), JSON.stringify(text));
      }
  });

  await t.test('that is reset at any moment is gone, and nothing else is', async () => {
    const texts = [
      get(1),
      get(1) + get(2),
      get(1).slice(0, 40),
      POST,
      POST.slice(0, -2),
      get(3) + POST,
      get(1, 'Connection: close\r\n'),
    ];
    for (const door of doors)
      for (let round = 0; round < 20; round++)
        await Promise.all(
          texts.map(async (text) => {
            const socket = connect({ port: door.port, host: '127.0.0.1', noDelay: true });
            socket.on('error', () => {});
            await once(socket, 'connect');
            socket.write(text);
            if (round % 4 > 0) await sleep(round % 4);
            socket.resetAndDestroy();
          }),
        );
    for (const door of doors) {
      assert.equal(await left(door), 0);
      assert.equal(readAnswers(await converse(door, (socket) => socket.end(get(1))))[0]?.status, 200);
    }
  });

  await t.test('that stays idle is ended in time, and answered until then', async () => {
    const door = await open({ idleMs: 300 });
    const started = performance.now();
    const received = await converse(door, async (socket) => {
      for (let turn = 0; turn < 4; turn++) {
        socket.write(get(1));
        await sleep(150);
      }
    });
    assert.equal(readAnswers(received).length, 4);
    assert.ok(performance.now() - started >= 600);
    assert.equal(await left(door), 0);
  });

  await t.test('that was handed over keeps no trace of the front', async () => {
    const door = await open({ idleMs: 300 });
    const sockets: Socket[] = [];
    door.server.on('connection', (socket: Socket) => sockets.push(socket));
    const received = await converse(door, async (socket) => {
      socket.write(get(1) + POST);
      await sleep(1_000);
      socket.end(get(2));
    });
    assert.deepEqual(
      readAnswers(received).map(({ status }) => status),
      [200, 200, 200],
      'the time of the front is not the time behind',
    );
    const [socket] = sockets;
    assert.ok(socket);
    for (const event of ['data', 'end', 'error', 'timeout', 'close', 'drain'])
      assert.ok(socket.listenerCount(event) <= 2, `${socket.listenerCount(event)} for ${event}`);
    assert.equal(await left(door), 0);
  });

  await t.test('collects no listeners however often it asks', async () => {
    const sockets: Socket[] = [];
    front.server.once('connection', (socket: Socket) => sockets.push(socket));
    await converse(front, async (socket) => {
      const count = () =>
        sockets[0]?.eventNames().reduce((sum, name) => sum + (sockets[0]?.listenerCount(name) ?? 0), 0);
      socket.write(get(1));
      await sleep(20);
      const before = count();
      for (let turn = 0; turn < 50; turn++) {
        socket.write(get(1));
        await sleep(1);
      }
      assert.equal(count(), before);
      socket.end();
    });
  });
});

test('at the end of a server', async (t) => {
  const { open, stored } = await frontScene(t);

  await t.test('idle connections are ended, and answers under way are not', async () => {
    const door = await open({});
    const idle = connect({ port: door.port, host: '127.0.0.1' }).resume();
    idle.write(get(1));
    await once(idle, 'data');
    const slow = connect({ port: door.port, host: '127.0.0.1' });
    slow.pause();
    let unsent = 0;
    door.server.on('connection', (socket: Socket) => {
      unsent = 0;
      setInterval(() => {
        unsent = socket.writableLength;
      }, 5).unref();
    });
    await once(slow, 'connect');
    let rows = 0;
    while (unsent === 0 && rows < 2_000) {
      slow.write(get(1).repeat(40));
      rows++;
      await sleep(6);
    }
    assert.ok(unsent > 0, 'nothing is under way');
    door.front?.endIdle();
    await once(idle, 'close');
    let received = 0;
    slow.on('data', (bytes: Buffer) => {
      received += bytes.length;
    });
    slow.resume();
    const until = performance.now() + 5_000;
    while (received < rows * 40 * (stored[0]?.length ?? 0) && performance.now() < until) await sleep(20);
    assert.ok(received >= rows * 40 * (stored[0]?.length ?? 0), 'all of it has come');
    slow.destroy();
  });
});

test('a server that ends', needs('openssl'), async (t) => {
  const { open, stored } = await frontScene(t);
  const tls = await certificate();
  const tlsOptions = { host: '127.0.0.1', rejectUnauthorized: false };

  for (const [what, options] of [
    ['in the open', {}],
    ['through TLS', { tls }],
  ] as const) {
    const begin = async () => {
      const door = await open(options);
      const accepted = once(door.server, 'tls' in options ? 'secureConnection' : 'connection');
      const socket =
        'tls' in options ? connectTls({ ...tlsOptions, port: door.port }) : connect(door.port, '127.0.0.1');
      await accepted;
      return { door, socket };
    };
    await t.test(`answers who has come just now and not asked yet, ${what}`, async () => {
      const { door, socket } = await begin();
      const closing = close({ server: door.server, front: door.front }, 5_000);
      await sleep(150);
      const received = await listenTo(socket, () => socket.write(get(1)));
      assert.equal(readAnswers(received)[0]?.body, stored[0]);
      await closing;
    });
    await t.test(`does not wait for who says nothing, ${what}`, async () => {
      const { door } = await begin();
      const started = performance.now();
      await close({ server: door.server, front: door.front }, 10_000);
      assert.ok(performance.now() - started < 5_000);
    });
  }
});

test('a connection through TLS', needs('openssl'), async (t) => {
  const { open, stored } = await frontScene(t);
  const door = await open({ tls: await certificate(), idleMs: 2_000 });
  const hit = (text: string) => readAnswers(text).map(({ status, body }) => `${status} ${body}`);

  await t.test('is answered in front', async () => {
    const text = await converseTls(door, [get(1) + get(3), get(2, 'Connection: close\r\n')]);
    assert.deepEqual(hit(text), [`200 ${stored[0]}`, '404 ', `200 ${stored[1]}`]);
    assert.deepEqual(door.requests, { inFront: 3, behind: 0 });
  });
  await t.test('is handed over with what is not plain, and with pieces', async () => {
    const text = await converseTls(door, [
      get(1) + POST + get(3),
      get(1).slice(0, 30),
      get(1, 'Connection: close\r\n').slice(30),
    ]);
    assert.deepEqual(
      readAnswers(text).map(({ status }) => status),
      [200, 200, 404, 200],
    );
  });
  await t.test('is answered in order over many records', async () => {
    const numbers = Array.from({ length: 600 }, (_, index) => (index % 3) + 1);
    const text = await converseTls(door, [
      numbers.map((number) => get(number)).join('') + get(3, 'Connection: close\r\n'),
    ]);
    assert.deepEqual(
      hit(text),
      [...numbers, 3].map((number) => (number === 3 ? '404 ' : `200 ${stored[number - 1]}`)),
    );
  });
  await t.test('is gone when it is reset', async () => {
    for (let round = 0; round < 10; round++) {
      const socket = connectTls({ port: door.port, host: '127.0.0.1', rejectUnauthorized: false });
      socket.on('error', () => {});
      await once(socket, 'secureConnect');
      socket.write(round % 2 ? get(1) : get(1).slice(0, 20));
      if (round % 3) await sleep(round);
      socket.destroy();
    }
    assert.equal(await left(door), 0);
  });
});

/** What a server sends on a connection until it ends it. */
async function converse({ port }: Door, speak: (socket: Socket) => unknown): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  return listenTo(socket, speak);
}

function converseTls({ port }: Door, segments: readonly string[]): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  return listenTo(socket, async () => {
    await once(socket, 'secureConnect');
    for (const segment of segments) {
      socket.write(segment);
      await sleep(20);
    }
  });
}

async function listenTo(socket: Socket, speak: (socket: Socket) => unknown): Promise<string> {
  let received = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  socket.on('end', () => socket.end());
  const closed = once(socket, 'close');
  await speak(socket);
  await closed;
  return received;
}

/** Connections a server has when those that are ending have ended. */
async function left({ server }: Door): Promise<number> {
  const count = () =>
    new Promise<number>((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n))));
  for (let turn = 0; turn < 100 && (await count()) > 0; turn++) await sleep(20);
  return count();
}

async function certificate(): Promise<{ key: string; cert: string }> {
  const request =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout - -out -';
  const { stdout } = await must(runTool('openssl', request.split(' ')));
  const part = (name: string) =>
    new RegExp(`-----BEGIN ${name}-----[^]*?-----END ${name}-----`).exec(stdout)?.[0] ?? '';
  return { key: part('PRIVATE KEY'), cert: part('CERTIFICATE') };
}
