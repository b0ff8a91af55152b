// Listeners: the store's own, with the read path first and Express behind it, and the one for metrics.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from '../ops/metrics.ts';
import type { LookasideHandler } from './lookaside-handler.ts';

/** Longer than the idle time of common proxies and clients, so that it is they who close (a lost race is a failed pull). */
const KEEP_ALIVE_MS = 75_000;
/** Time for a complete request; a signature is a few hundred bytes. */
const REQUEST_MS = 60_000;

export function createStoreServer(lookaside: LookasideHandler, app: RequestListener): Server {
  const server = createServer((req, res) => {
    if (!lookaside(req, res)) app(req, res);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = REQUEST_MS;
  return server;
}

export function createMetricsServer(metrics: Metrics): Server {
  return createServer((req, res) => {
    if (req.url !== '/metrics') return void res.writeHead(404).end();
    metrics.render().then(
      (text) => res.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => res.writeHead(503).end(),
    );
  });
}

export function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Stops accepting, lets requests under way finish, and ends what is left after `graceMs`. */
export function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    // A kept-alive connection becomes idle when its request is done, and would stay open for its idle time.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
