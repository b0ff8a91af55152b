// The stream that stands for a socket in another thread: every byte once and in order, no faster than it is read, and an
// end that loses nothing.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { createPortStream, type PortStream } from '../../server/http/port-stream.ts';

const MIB = 1024 * 1024;
/** In both directions each. */
const LARGE = 50 * MIB;
/** What may be on the way to a reader who does not read: the buffers of both streams, and a piece of the source. */
const MOST_UNREAD = 512 * 1024;

function pair(t: Pick<TestContext, 'after'>): [PortStream, PortStream] {
  const { port1, port2 } = new MessageChannel();
  const streams: [PortStream, PortStream] = [createPortStream(port1), createPortStream(port2)];
  for (const stream of streams) stream.on('error', () => {});
  t.after(() => streams.forEach((stream) => void stream.destroy()));
  return streams;
}

/** Until both have heard all that was said. */
async function quiet(): Promise<void> {
  for (let turns = 0; turns < 200; turns++) await turn();
}

async function until(what: () => boolean): Promise<void> {
  const started = performance.now();
  while (!what()) {
    assert.ok(performance.now() - started < 20_000, 'it never happened');
    await turn();
  }
}

/** What comes until the stream is gone, with an end or without. */
async function heard(stream: PortStream): Promise<string> {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  await once(stream, 'close');
  return Buffer.concat(pieces).toString();
}

/** Pieces of any size, and the hash of all that were taken. */
function source(bytes: number) {
  const hash = createHash('sha256');
  const random = randomBytes(256 * 1024);
  let made = 0;
  function* pieces() {
    while (made < bytes) {
      const length = Math.min(1 + ((made * 7919) % random.length), bytes - made);
      const piece = random.subarray(0, length);
      hash.update(piece);
      made += length;
      yield piece;
    }
  }
  return { stream: Readable.from(pieces(), { objectMode: false }), hash, made: () => made };
}

async function hashOf(stream: Readable): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of stream) hash.update(piece as Buffer);
  return hash.digest('hex');
}

const ports = () => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

test('bytes', async (t) => {
  await t.test(`go both ways at once, ${LARGE / MIB} MiB each`, async (t) => {
    const [here, there] = pair(t);
    const [out, back] = [source(LARGE), source(LARGE)];
    const [outHash, backHash] = await Promise.all([
      hashOf(there),
      hashOf(here),
      pipeline(out.stream, here),
      pipeline(back.stream, there),
    ]);
    assert.equal(outHash, out.hash.digest('hex'));
    assert.equal(backHash, back.hash.digest('hex'));
    await until(() => here.closed && there.closed);
  });
  await t.test('wait for a reader who does not read, and come when they do', async (t) => {
    const [here, there] = pair(t);
    const { stream, hash, made } = source(8 * MIB);
    stream.pipe(here);
    await quiet();
    const waiting = made();
    assert.ok(waiting < MOST_UNREAD, `${waiting} bytes were taken`);
    await quiet();
    assert.equal(made(), waiting);
    assert.equal(await hashOf(there), hash.digest('hex'));
  });
  await t.test('written in many small pieces arrive in order', async (t) => {
    const [here, there] = pair(t);
    const all = randomBytes(3_000);
    for (const byte of all) here.write(Buffer.of(byte));
    here.end();
    assert.deepEqual(await buffer(there), all);
  });
  await t.test('may be none', async (t) => {
    const [here, there] = pair(t);
    const read = buffer(there);
    here.write(Buffer.alloc(0));
    await quiet();
    here.write('x');
    await quiet();
    here.write(Buffer.alloc(0));
    here.end('y');
    assert.equal((await read).toString(), 'xy');
  });
  await t.test('take nothing along of the memory they lie in', async (t) => {
    const { port1, port2 } = new MessageChannel();
    const stream = createPortStream(port1);
    t.after(() => stream.destroy());
    const came = new Promise<Uint8Array>((resolve) => void port2.on('message', resolve));
    stream.write(Buffer.from('a secret beside it').subarray(2, 8));
    const message = await came;
    assert.equal(Buffer.from(message).toString(), 'secret');
    assert.equal(message.buffer.byteLength, 6);
  });
});

test('an end', async (t) => {
  for (const [name, first] of [
    ['here', 0],
    ['there', 1],
  ] as const)
    await t.test(`in the direction from ${name} leaves the other open`, async (t) => {
      const streams = pair(t);
      const [one, other] = [streams[first], streams[1 - first]] as [PortStream, PortStream];
      one.end('a question');
      assert.equal((await buffer(other)).toString(), 'a question');
      assert.ok(!one.destroyed && !other.destroyed);
      const answer = randomBytes(3 * MIB);
      other.end(answer);
      assert.deepEqual(await buffer(one), answer);
      await until(() => one.closed && other.closed);
    });
  for (const size of [0, 1, 60_000, 300_000])
    await t.test(`at once after ${size} bytes loses none of them, however late they are read`, async (t) => {
      const [here, there] = pair(t);
      const bytes = randomBytes(size);
      here.write(bytes.subarray(0, size / 2));
      here.write(bytes.subarray(size / 2));
      here.destroySoon();
      await quiet();
      assert.ok(!there.destroyed);
      assert.deepEqual(await buffer(there), bytes);
      await until(() => here.closed && there.closed);
    });
  await t.test('comes to a reader who waits for it', async (t) => {
    const [here, there] = pair(t);
    const read = buffer(there);
    here.destroySoon();
    assert.equal((await read).length, 0);
  });
});

test('a stream that is destroyed', async (t) => {
  await t.test('ends the other one, on either side, and tells it no error', async (t) => {
    for (const [one, other] of [pair(t), pair(t).toReversed()] as [PortStream, PortStream][]) {
      const errors: unknown[] = [];
      other.on('error', (error) => errors.push(error));
      one.destroy(new Error('its own affair'));
      await until(() => other.closed);
      assert.deepEqual(errors, []);
    }
  });
  await t.test('right after its last words has said them', async (t) => {
    const [here, there] = pair(t);
    here.write('too late');
    here.destroy();
    await quiet();
    assert.equal(await heard(there), 'too late');
  });
  await t.test('takes what is written to it, and loses it', async (t) => {
    const [here, there] = pair(t);
    here.end('read this first');
    await quiet();
    let written = 0;
    there.write(Buffer.alloc(MIB), () => written++); // nobody reads it
    here.destroy();
    await quiet();
    there.write('more', () => written++);
    await until(() => written === 2);
    assert.equal((await buffer(there)).toString(), 'read this first');
    await until(() => there.closed);
  });
  await t.test('while the other one is still on its way ends it, too', async (t) => {
    const { port1, port2 } = new MessageChannel();
    const way = new MessageChannel();
    t.after(() => way.port1.close());
    const here = createPortStream(port1);
    way.port1.postMessage(port2, [port2]);
    here.write('a word');
    here.destroy();
    await quiet();
    const there = createPortStream(receiveMessageOnPort(way.port2)?.message);
    t.after(() => there.destroy());
    assert.equal(await heard(there), 'a word');
  });
  await t.test('leaves no port behind', async (t) => {
    await quiet();
    const before = ports();
    const streams = Array.from({ length: 50 }, () => pair(t));
    assert.equal(ports(), before + 100);
    for (const [here, there] of streams) here.write(Buffer.alloc(100_000)) || there.end('x');
    await quiet();
    for (const [index, each] of streams.entries()) each[index % 2]?.destroy();
    for (const each of streams.flat()) each.resume();
    await until(() => streams.flat().every(({ closed }) => closed));
    await until(() => ports() === before);
  });
});

test('an idle stream', async (t) => {
  await t.test('tells it once it was asked to', async (t) => {
    const [here, there] = pair(t);
    let told = 0;
    here.setTimeout(1, () => told++);
    there.setTimeout(1, () => told++).setTimeout(0);
    await once(here, 'timeout');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(told, 1);
  });
  await t.test('does not tell when it is gone', async (t) => {
    const [here, there] = pair(t);
    let told = 0;
    here.setTimeout(10, () => told++);
    there.destroy();
    await once(here, 'close');
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(told, 0);
  });
});

test('a server behind a port', async (t) => {
  const body = randomBytes(MIB);
  /** What a client gets that reads only after everything has been said. */
  async function ask(t: TestContext, head: string, answer: RequestListener): Promise<Buffer> {
    const [client, connection] = pair(t);
    const server = createServer(answer);
    t.after(() => server.close());
    server.emit('connection', connection);
    client.write(`GET / HTTP/1.1\r\nHost: x\r\n${head}\r\n`);
    await quiet();
    return buffer(client);
  }
  const bodyOf = (answer: Buffer) => answer.subarray(answer.indexOf('\r\n\r\n') + 4);

  await t.test('closes after the last answer, all of which arrives', async (t) => {
    const answer = await ask(t, 'Connection: close\r\n', (_req, res) => {
      res.write(body.subarray(0, 1_000));
      res.end(body.subarray(1_000));
    });
    const chunked = bodyOf(answer);
    assert.ok(chunked.length > MIB && chunked.subarray(-5).equals(Buffer.from('0\r\n\r\n')));
  });
  await t.test('says why it refuses before it closes', async (t) =>
    assert.match((await ask(t, 'no field\r\n', () => {})).toString(), /^HTTP\/1\.1 400 Bad Request\r\n/),
  );
  await t.test('cuts off who does not go on reading', async (t) => {
    const [client, connection] = pair(t);
    let cut = false;
    const server = createServer((_req, res) => {
      res.setTimeout(50, () => {
        cut = true;
        res.destroy();
      });
      res.end(body);
    });
    t.after(() => server.close());
    server.emit('connection', connection);
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => cut && connection.closed);
  });
});
