// Many clients that start an upload and then say nothing, or one byte now and then.
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { IMAGE, scene, signature, stored } from '../http/scene.ts';

const CLIENTS = 200;

test('slow uploads', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const { hostname, port } = new URL(store.url);
  const head = `POST /api/v1/signatures HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${store.token}\r\n`;
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, (_, index) => {
      const type = index % 2 ? 'application/octet-stream' : 'multipart/form-data; boundary=b';
      return new Promise<Socket>((resolve) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(`${head}Content-Type: ${type}\r\nContent-Length: 1000\r\n\r\n--b`, () => resolve(socket));
        });
        socket.on('error', () => {});
      });
    }),
  );
  t.after(() => sockets.forEach((socket) => void socket.destroy()));

  await t.test('do not hold up reads', async () => {
    const started = performance.now();
    for (let count = 0; count < 20; count++) assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 200);
    assert.ok(performance.now() - started < 5_000);
  });
  await t.test('do not hold up other uploads', async () =>
    assert.equal((await store.uploadRaw(signature('ed25519'))).status, 201),
  );
  await t.test('go on meanwhile, and leave nothing when they are gone', async () => {
    for (const socket of sockets) socket.write('-');
    for (const socket of sockets) socket.destroy();
    assert.equal((await store.get(`/${IMAGE}/signature-3`)).status, 404);
    assert.equal((await store.get('/readyz')).status, 200);
  });
});
