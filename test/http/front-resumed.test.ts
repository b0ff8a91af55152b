// A request that waited in memory while its client did not read is answered when the client does: not in a poll of the
// event loop, so that what was seen for it is not what the next poll may go by.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { putInFront } from '../../server/http/front.ts';

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

test('the front looks again after a request that had waited', async (t) => {
  let committed = 0;
  let seen = 0;
  const answered: [path: string, seen: number][] = [];
  const server = createServer();
  const reads = {
    refresh() {
      seen = committed;
    },
    answer({ path }: { path: string }) {
      answered.push([path, seen]);
      return 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
    },
  };
  const front = putInFront(server, reads, 60_000);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').resume();
  await once(server, 'connection');

  // A client that reads when we say so.
  let taken = () => {};
  const slow = Object.assign(
    new Duplex({
      writableHighWaterMark: 1,
      read() {},
      write(_bytes, _encoding, done) {
        taken = done;
      },
    }),
    { setTimeout: () => slow },
  );
  server.emit('connection', slow);
  t.after(() => {
    client.destroy();
    slow.destroy();
    front.endAll();
    server.close();
  });

  slow.push(get('/first'));
  while (answered.length < 1) await turn();
  slow.push(get('/waited'));
  for (let turns = 0; turns < 5; turns++) await turn();
  taken();
  while (answered.length < 2) await new Promise((resolve) => process.nextTick(resolve));
  // Still between two polls.
  committed = 1;
  client.write(get('/late'));
  while (answered.length < 3) await turn();
  assert.deepEqual(answered, [
    ['/first', 0],
    ['/waited', 0],
    ['/late', 1],
  ]);
});
