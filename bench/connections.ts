// Whether loads use connections as they claim to. The kernel counts those of everybody on the machine, so it is asked of a
// server that counts its own, and of each peer whether it keeps and closes as it is told.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Keys } from './dataset.ts';
import { requestOf } from './paths.ts';
import type { Peer } from './peers.ts';
import { type Load, runWrk } from './wrk.ts';

const MEANT: readonly [Load, number][] = [
  ['pull', 2],
  ['connection', 1],
];

/** Of wrk with our script: how many requests go over a connection. */
export async function requireConnections(keys: Keys): Promise<void> {
  const counts = { connections: 0, requests: 0 };
  const server = createServer((request, response) => {
    counts.requests++;
    response.writeHead(request.url?.endsWith('1') ? 200 : 404, { 'content-length': '0' }).end();
  });
  server.on('connection', () => counts.connections++).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  for (const [load, meant] of MEANT) {
    Object.assign(counts, { connections: 0, requests: 0 });
    await runWrk(`http://127.0.0.1:${port}`, { load, keys, seconds: 1 });
    const seen = counts.requests / counts.connections;
    if (Math.abs(seen / meant - 1) > 0.02)
      throw new Error(`${load}: ${seen.toFixed(2)} requests a connection, not ${meant}`);
  }
  server.close();
  server.closeAllConnections();
}

/** A hit and a miss over one connection, which the server closes only after the second. */
export async function requirePullable({ name, url }: Peer, path: string): Promise<void> {
  const { port } = new URL(url);
  const socket = connect({ host: '127.0.0.1', port: Number(port) });
  let said = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    const first = said === '';
    said += text;
    if (first) socket.write(requestOf(Number(port), `${path}2`, true));
  });
  socket.write(requestOf(Number(port), `${path}1`, false));
  await once(socket, 'close');
  const statuses = [...said.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status).join(' ');
  if (statuses !== '200 404')
    throw new Error(`${name} answers a pull over one connection with ${statuses || 'nothing'}`);
}
