// Clients that ask and ask and do not read the answers: what they do not take is not made, so that they wait and not our
// memory grows.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Door, frontScene, IMAGE } from '../http/front-scene.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const IDLE_MS = 1_000;
const REQUEST = `GET ${IMAGE}1 HTTP/1.1\r\nHost: x\r\n\r\n`;
/** Requests in one segment, few enough to come whole. */
const ROW = 40;
/** What one client may hold here: answers that were made, and a segment of requests. */
const MOST_BYTES = 256 * 1024;

test('a client that never reads', async (t) => {
  const { open, stored } = await frontScene(t);

  await t.test('waits in front, and is cut off', async (t) => {
    const door = await open({ idleMs: IDLE_MS });
    const unsent = watchUnsent(door);
    const client = deafClient(door);
    t.after(() => client.destroy());
    let rows = 0;
    do client.write(REQUEST.repeat(ROW));
    while (await answered(door, ++rows * ROW));
    assert.equal(door.requests.behind, 0);
    assert.ok(unsent() > 0, 'not yet full');
    assert.ok(unsent() < MOST_BYTES, `${unsent()} bytes wait to be read`);

    const { inFront } = door.requests;
    client.write(REQUEST.repeat(ROW));
    assert.equal(await answered(door, inFront + 1), false, 'and is answered no more');
    assert.equal(await text(door), stored[0], 'others are');
    await sleep(3 * IDLE_MS);
    assert.equal(unsent(), 0);
  });

  await t.test('makes nothing grow with 100,000 requests at once', async (t) => {
    const door = await open({});
    const unsent = watchUnsent(door);
    const client = deafClient(door);
    t.after(() => client.destroy());
    const before = memory();
    client.write(REQUEST.repeat(100_000));
    await sleep(1_500);
    const made = door.requests.inFront + door.requests.behind;
    assert.ok(made > 0 && made < 50_000, `${made} answers were made`);
    assert.ok(unsent() < 4 * MOST_BYTES, `${unsent()} bytes wait to be read`);
    const grown = memory() - before - client.writableLength;
    assert.ok(grown < 32 * 1024 * 1024, `${Math.round(grown / 1024)} KiB more`);
    assert.equal(await text(door), stored[0]);
  });

  await t.test('gets all of it when it reads after all', async (t) => {
    const door = await open({});
    const client = deafClient(door);
    t.after(() => client.destroy());
    client.write(REQUEST.repeat(3_000));
    await sleep(200);
    let received = '';
    client.setEncoding('latin1').on('data', (chunk: string) => {
      received += chunk;
    });
    client.resume();
    const bodies = () => received.split(stored[0] as string).length - 1;
    for (let turn = 0; turn < 200 && bodies() < 3_000; turn++) await sleep(50);
    assert.equal(bodies(), 3_000);
    assert.equal(received.match(/HTTP\/1\.1 200 OK\r\n/g)?.length, 3_000);
  });
});

function deafClient({ port }: Door): Socket {
  const client = connect({ port, host: '127.0.0.1', noDelay: true });
  client.on('error', () => {});
  return client.pause();
}

/** Whether so many requests are answered soon. */
async function answered({ requests }: Door, count: number): Promise<boolean> {
  for (let turn = 0; turn < 60 && requests.inFront < count; turn++) await sleep(turn < 10 ? 1 : 10);
  return requests.inFront >= count;
}

/** The bytes that the connections of a server hold, in either direction. */
function watchUnsent({ server }: Door): () => number {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return () => [...sockets].reduce((sum, socket) => sum + socket.writableLength + socket.readableLength, 0);
}

/** What is held, without what only waits to be collected. */
function memory(): number {
  collect();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

async function text({ port }: Door): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${IMAGE}1`, { headers: { connection: 'close' } });
  return Buffer.from(await response.arrayBuffer()).toString('latin1');
}
