// Listeners: the store's own, with plain reads in front, the read path behind them and Express last; and the one for metrics.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Metrics } from '../ops/metrics.ts';
import type { InTurn } from '../ops/turns.ts';
import { type Front, putInFront } from './front.ts';
import { type Handshakes, watchHandshakes } from './handshakes.ts';
import type { LookasideHandler } from './lookaside-handler.ts';
import type { PlainReads } from './plain-reads.ts';
import type { TlsMaterial } from './tls.ts';

/** Longer than the idle time of common proxies and clients, so that it is they who close (a lost race is a failed pull). */
export const KEEP_ALIVE_MS = 75_000;
/** A client that counts the promised time from the arrival of an answer may still send when it is over. */
export const ROUND_TRIP_MS = 1_000;
/** A client that takes none of its answer in this time has gone, or is up to something. */
const STALLED_MS = 120_000;
/** Time for a complete request; a signature is a few hundred bytes. */
const REQUEST_MS = 60_000;
/** Time for its head, which is one packet: who takes longer holds a connection open on purpose, or has gone. */
const HEAD_MS = 15_000;
/** How often these two are looked at; Node.js does so every 30 seconds, which is twice the time for a head. */
const LOOK_MS = 5_000;
export const HANDSHAKE_MS = 10_000;

const TIMES = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: HEAD_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: LOOK_MS,
};

export type Listener = {
  readonly server: Server | TlsServer;
  readonly front: Front | null;
  readonly handshakes?: Handshakes | null;
};

type StoreParts = {
  /** Null: node:http answers everything. */
  readonly plainReads: PlainReads | null;
  readonly lookaside: LookasideHandler;
  readonly app: RequestListener;
  readonly inTurn: InTurn;
  /** Without it, plain HTTP. */
  readonly tls?: TlsMaterial | null;
};

export function createStoreServer({ plainReads, lookaside, app, inTurn, tls = null }: StoreParts): Listener {
  const serve: RequestListener = (req, res) => {
    if (lookaside(req, res)) return;
    inTurn(() => {
      if (!req.destroyed) app(req, res);
    });
  };
  const server = tls
    ? createTlsServer({ ...TIMES, ...tls, handshakeTimeout: HANDSHAKE_MS }, serve)
    : createServer(TIMES, serve);
  server.timeout = STALLED_MS;
  const front = plainReads && putInFront(server, plainReads, KEEP_ALIVE_MS + ROUND_TRIP_MS);
  return { server, front, handshakes: tls && watchHandshakes(server) };
}

/** Prometheus needs one or two. */
const METRICS_CONNECTIONS = 64;

export function createMetricsServer(metrics: Metrics): Listener {
  const server = createServer(TIMES, (req, res) => {
    if (req.url !== '/metrics') return void res.writeHead(404).end();
    metrics.render().then(
      (text) => res.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => res.writeHead(503).end(),
    );
  });
  server.maxConnections = METRICS_CONNECTIONS;
  return { server, front: null };
}

/** Ends connections on which nothing is under way. */
export function endIdle({ server, front }: Pick<Listener, 'server' | 'front'>): void {
  front?.endIdle();
  server.closeIdleConnections();
}

/** Stops accepting, lets requests under way finish, and ends what is left after `graceMs`. */
export function close({ server, front, handshakes }: Listener, graceMs: number): Promise<void> {
  const endUnused = () => {
    endIdle({ server, front });
    handshakes?.endSlow();
  };
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      front?.endAll();
      server.closeAllConnections();
    }, graceMs);
    // A kept-alive connection becomes idle when its request is done, and would stay open for its idle time.
    const idle = setInterval(endUnused, 50);
    server.close(() => {
      clearTimeout(timer);
      clearInterval(idle);
      resolve();
    });
    endUnused();
  });
}
