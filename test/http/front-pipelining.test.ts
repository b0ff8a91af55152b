// Many requests on a connection before the first answer: all are answered, in order, byte for byte, whether in front or
// behind, and wherever the connection cuts them into pieces.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { exchange, type RawAnswer, readAnswers } from './front-answers.ts';
import { type Door, frontScene, IMAGE } from './front-scene.ts';

const get = (number: number, fields = '') => `GET ${IMAGE}${number} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
const POST = `POST ${IMAGE}1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello`;
const ECHO = 'POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello';

/** Status and body: which answer it is. */
const which = ({ status, body }: RawAnswer) => `${status} ${body}`;

test('requests on one connection', async (t) => {
  const { front, plain, stored } = await frontScene(t);
  const hit = (number: number) => `200 ${stored[number - 1]}`;
  const MISS = '404 ';

  await t.test('are answered in order, a thousand in one segment', async () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => (index % 3) + 1);
    const before = front.requests.inFront;
    const { answers, after } = await exchange(front.port, numbers.map((number) => get(number)).join(''));
    assert.deepEqual(
      answers.map(which),
      numbers.map((number) => (number === 3 ? MISS : hit(number))),
    );
    assert.equal(after, 'open');
    assert.ok(front.requests.inFront - before > 300, 'a segment of the network is 64 KiB');
  });

  await t.test('are answered in order behind others that are not plain', async () => {
    const text = get(1) + get(3) + POST + get(2) + ECHO + get(1, 'If-None-Match: *\r\n') + get(2);
    const { answers, after } = await exchange(front.port, text);
    const [echoed = ''] = answers.map(which).splice(4, 1);
    assert.match(echoed, /^200 .*"text":"hello"/);
    assert.deepEqual(answers.map(which), [hit(1), MISS, '405 ', hit(2), echoed, '304 ', hit(2)]);
    assert.equal(after, 'open');
    assert.deepEqual(answers, (await exchange(plain.port, text)).answers);
  });

  await t.test('get no answer after one that closes', async () => {
    for (const last of [get(3, 'Connection: close\r\n'), `GET ${IMAGE}3 HTTP/1.0\r\n\r\n`])
      for (const rest of [get(1), POST, 'nonsense', '\r\n', '\0']) {
        const { answers, after } = await exchange(front.port, get(1) + get(2) + last + rest);
        assert.deepEqual(answers.slice(0, 3).map(which), [hit(1), hit(2), MISS].slice(0, answers.length));
        assert.equal(after, 'closed');
        assert.ok(answers.length === 3 || last.includes('1.0'), 'node:http may end before it has written');
      }
  });

  await t.test('are not looked for in a body', async () => {
    const inside = get(1);
    const text = `POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: ${inside.length}\r\n\r\n${inside}${get(2)}`;
    const { answers } = await exchange(front.port, get(3) + text);
    assert.equal(answers.length, 3);
    assert.deepEqual(
      [answers[0], answers[2]].map((answer) => answer && which(answer)),
      [MISS, hit(2)],
    );
  });

  await t.test('have the same answers wherever two of them are cut', async () => {
    for (const [first, second, ask] of [
      [get(1), get(3), answersTo],
      [get(2), ECHO, answersTo],
      // One more request may come with what closes, if the server is slow, and node:http then ends before it has written.
      [ECHO, get(1, 'Connection: close\r\n'), answersUntilClosed],
    ] as const) {
      const text = first + second;
      const expected = await ask(plain, text);
      assert.equal(expected.length, 2);
      const cuts = Array.from({ length: text.length - 1 }, (_, index) => index + 1);
      for (let at = 0; at < cuts.length; at += 25)
        await Promise.all(
          cuts.slice(at, at + 25).map(async (cut) => {
            assert.deepEqual(await ask(front, text.slice(0, cut), text.slice(cut)), expected, `cut at ${cut}`);
          }),
        );
    }
  });

  await t.test('have the same answers byte by byte', async () => {
    const text = get(1) + get(3) + get(2, 'Connection: close\r\n');
    assert.deepEqual((await answersUntilClosed(front, ...text)).map(which), [hit(1), MISS, hit(2)]);
  });
});

async function answersTo({ port }: Door, ...segments: readonly string[]): Promise<readonly RawAnswer[]> {
  return (await exchange(port, ...segments)).answers;
}

/** To requests of which the last one closes the connection. */
async function answersUntilClosed({ port }: Door, ...segments: readonly string[]): Promise<readonly RawAnswer[]> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('latin1');
  let received = '';
  socket.on('data', (chunk: string) => {
    received += chunk;
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  for (const segment of segments)
    await new Promise((resolve) => socket.write(segment, 'latin1', () => setImmediate(resolve)));
  await closed;
  return readAnswers(received);
}
