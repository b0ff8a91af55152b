// Clients that send the head of a request byte by byte, to hold connections: the front waits for nothing that has begun,
// so they have the time node:http gives.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type Door, frontScene, IMAGE } from '../http/front-scene.ts';

const REQUEST_MS = 400;
const IDLE_MS = 300;

test('a slow head', async (t) => {
  const { open } = await frontScene(t);
  const doors = [await open({ requestMs: REQUEST_MS }), await open({ requestMs: REQUEST_MS, front: false })];

  for (const before of ['', `GET ${IMAGE}1 HTTP/1.1\r\nHost: x\r\n\r\n`])
    await t.test(`is cut off in time${before && ' behind a request that was answered'}`, async () => {
      for (const door of doors) {
        const { received, took } = await drip(door, before, `GET ${IMAGE}1 HTTP/1.1\r\nHost: ${'x'.repeat(10_000)}`);
        assert.match(received, /HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n\r\n$/);
        assert.equal(received.match(/HTTP\/1\.1 /g)?.length, before ? 2 : 1);
        assert.ok(took < 10 * REQUEST_MS, `${took} ms`);
      }
    });

  await t.test('that never begins is cut off, too', async () => {
    const door = await open({ idleMs: IDLE_MS });
    const { received, took } = await drip(door, '', '');
    assert.equal(received, '');
    assert.ok(took >= IDLE_MS && took < 10 * IDLE_MS, `${took} ms`);
  });
});

/** Sends the first text at once, the second byte by byte until the server ends the connection. */
function drip({ port }: Door, first: string, slow: string): Promise<{ received: string; took: number }> {
  const started = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received = '';
    let at = 0;
    socket.setEncoding('latin1');
    socket.write(first);
    const dripping = setInterval(() => at < slow.length && socket.write(slow.charAt(at++)), 10);
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(dripping);
      resolve({ received, took: performance.now() - started });
    });
  });
}
