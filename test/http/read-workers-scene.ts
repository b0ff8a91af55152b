// Two read workers beside a main thread that is a bare HTTP server: what reaches it, and by which way, can be counted.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { listenOn } from '../../server/http/listening.ts';
import { createReadWorkers } from '../../server/http/read-workers.ts';
import type { TlsMaterial } from '../../server/http/tls.ts';
import { createLog } from '../../server/ops/log.ts';
import { type TestStore, testStore } from '../support/server.ts';

const ENTRY = new URL('../../server/read-worker.ts', import.meta.url);
export const MISS = `/quay.io/acme/app@sha256=${'0'.repeat(64)}/signature-1`;
/** So many connections reach every thread. */
export const CONNECTIONS = 40;

export type WorkersOptions = {
  readonly entry?: URL;
  readonly host?: string;
  readonly port?: number;
  readonly databasePath?: string;
  readonly keepAliveMs?: number;
  readonly tls?: TlsMaterial;
  /** Of the main thread; 404 to everything unless given. */
  readonly answer?: RequestListener;
  readonly times?: ServerOptions;
};

export type WorkersScene = Awaited<ReturnType<typeof workersScene>>;

export async function workersScene(t: TestContext, options: WorkersOptions = {}) {
  const { entry = ENTRY, host = '127.0.0.1', keepAliveMs = 5_000, tls = null, times = {} } = options;
  const { answer = (_req, res) => res.writeHead(404).end() } = options;
  const store: TestStore = await testStore(t);
  const { databasePath = store.config.databasePath } = options;
  const logged: string[] = [];
  const server = tls ? createTlsServer({ ...tls, ...times }, answer) : createServer(times, answer);
  const event = tls ? 'secureConnection' : 'connection';
  const carried = new Set<Duplex>();
  const reads = { hit: 0, miss: 0, not_modified: 0, unauthorized: 0, forbidden: 0, fault: 0 };
  let accepted = 0;
  let taken = 0;
  server.on(event, (connection: Duplex & { carried?: true }) => {
    if (!connection.carried) accepted++;
  });
  const workers = createReadWorkers({
    entry,
    count: 2,
    data: {
      databasePath,
      host,
      readAccess: 'public',
      publicScopes: [],
      defaultRegistry: DOCKER_HUB,
      memoryBytes: 1024 * 1024,
      seed: 1,
      keepAliveMs,
      tls,
      mostConnections: 1_000,
    },
    behind(connection) {
      taken++;
      carried.add(connection);
      connection.on('close', () => carried.delete(connection));
      server.emit(event, Object.assign(connection, { carried: true }));
    },
    endIdle: () => server.closeIdleConnections(),
    metrics: { reads, readTook() {} },
    noteUse() {},
    log: createLog('info', { write: (line: string) => void logged.push(line) }),
  });
  t.after(async () => {
    server.close();
    server.closeAllConnections();
    await workers.close(1_000);
  });
  const place = { host, port: 0, setting: 'LOOKASIDE_PORT', shared: true };
  const port = options.port ?? (await listenOn({ server, front: null }, place)).port ?? 0;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    databasePath,
    starting: workers.start(port),
    workers,
    server,
    /** Connections that are carried now. */
    carried,
    /** Carried until now, whether they have ended or not. */
    taken: () => taken,
    /** How many the main thread has accepted itself. */
    accepted: () => accepted,
    logged: (name: string) => logged.filter((line) => line.includes(`"${name}"`)),
    reads,
  };
}

/** The real worker with a fault of its own: `before` it begins, or while it runs when a file appears. */
export function faulty(fault: string, before = false): URL {
  const real = `await import(${JSON.stringify(ENTRY.href)})`;
  const later = `
    const sign = workerData.databasePath + '.fault';
    const fault = () => {
      try { unlinkSync(sign); } catch { return; } // another worker was faster
      ${fault}
    };
    setInterval(() => existsSync(sign) && fault(), 10).unref();
    appendFileSync(workerData.databasePath + '.started', 'x');`;
  const imports = `
    import { appendFileSync, existsSync, unlinkSync } from 'node:fs';
    import { workerData } from 'node:worker_threads';`;
  const code = before ? `${fault}` : `${imports}${later}${real}`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

export const startFault = ({ databasePath }: WorkersScene) => writeFileSync(`${databasePath}.fault`, '');
/** How many have been. */
export const started = ({ databasePath }: WorkersScene) => readFileSync(`${databasePath}.started`).length;

export async function until(what: () => boolean, why: string): Promise<void> {
  for (const started = performance.now(); !what(); await sleep(10))
    assert.ok(performance.now() - started < 20_000, why);
}

/** A connection that has asked, and got an answer. */
export async function asked(t: TestContext, { port }: WorkersScene, request: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1', () => socket.write(`${request} HTTP/1.1\r\nHost: x\r\n\r\n`));
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'data');
  return socket.resume();
}

export function many<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}
