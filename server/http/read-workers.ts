// Read workers as the main thread sees them: threads that listen on the same port and answer plain reads
// (read-worker.ts). The kernel spreads connections over all who listen. What a worker does not answer itself comes
// here, with its connection, and goes on as if this thread had accepted it.
import type { Duplex } from 'node:stream';
import { type MessagePort, Worker } from 'node:worker_threads';
import { AppError, describeCause, type Failure, fromFailure } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { ReadAccess } from '../domain/read-access.ts';
import type { Registry } from '../domain/repository-name.ts';
import type { Log } from '../ops/log.ts';
import type { Metrics } from '../ops/metrics.ts';
import { createPortStream } from './port-stream.ts';
import { counted, NO_FIGURES, type ThreadFigures, together } from './thread-figures.ts';
import type { TlsMaterial } from './tls.ts';

/** The same for every thread that answers reads. */
export type ReadOptions = ReadAccess & {
  readonly defaultRegistry: Registry;
  /** For what one thread remembers. */
  readonly memoryBytes: number;
  /** Random: strangers choose the paths that the memory is asked for. */
  readonly seed: number;
  /** For how long an idle connection is promised to stay open. */
  readonly keepAliveMs: number;
};

export type ReadWorkerData = ReadOptions & {
  readonly databasePath: string;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMaterial | null;
  /** Of clients, at a time. */
  readonly mostConnections: number;
};

/** A connection that goes on in the main thread; `remoteAddress` and `encrypted` are what HTTP asks a socket for. */
export type CarriedConnection = {
  readonly kind: 'connection';
  readonly port: MessagePort;
  readonly remoteAddress: string | undefined;
  readonly encrypted: boolean;
};

export type FromWorker =
  | { readonly kind: 'listening' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Since the last time. */
  | {
      readonly kind: 'reads';
      readonly hit: number;
      readonly miss: number;
      /** Of tokens, by id. */
      readonly uses: ReadonlyMap<string, Instant>;
      /** Seconds that some of the reads took. */
      readonly took: readonly number[];
      /** Since its start. */
      readonly figures: ThreadFigures;
    }
  | CarriedConnection;

export type ToWorker = 'stop' | { readonly tls: TlsMaterial };

export type ReadWorkers = {
  /** Resolves when all of them listen. */
  start(port: number): Promise<void>;
  renew(tls: TlsMaterial): void;
  /** Of all of them together, those that have ended included; as of half a second ago. */
  figures(): ThreadFigures;
  count(): { readonly running: number; readonly lost: number };
  /** Stops accepting at once; what is under way has `graceMs`. */
  close(graceMs: number): Promise<void>;
};

type Parts = {
  readonly entry: URL;
  readonly count: number;
  readonly data: Omit<ReadWorkerData, 'port'>;
  /** Takes a connection for node:http. */
  readonly behind: (connection: Duplex) => void;
  /** Ends those of them that are idle. */
  readonly endIdle: () => void;
  readonly metrics: Pick<Metrics, 'reads' | 'readTook'>;
  /** Of a token. */
  readonly noteUse: (id: string, at: Instant) => void;
  readonly log: Log;
};

/** A worker that is lost, whatever the reason, is replaced after this time. */
const REPLACE_MS = 1_000;

export function createReadWorkers(parts: Parts): ReadWorkers {
  const { entry, count, data, behind, endIdle, metrics, noteUse, log } = parts;
  const workers = new Map<Worker, ThreadFigures>();
  const carried = new Set<Duplex>();
  let { tls } = data;
  let ended = NO_FIGURES;
  let lost = 0;
  let stopping = false;

  function take({ port, remoteAddress, encrypted }: CarriedConnection): void {
    const connection = Object.assign(createPortStream(port), { remoteAddress, encrypted });
    carried.add(connection);
    connection.on('close', () => carried.delete(connection));
    port.on('close', () => connection.destroy()); // the client is gone: what else it sent is for nobody
    behind(connection);
  }

  function startWorker(port: number): Promise<void> {
    const workerData: ReadWorkerData = { ...data, tls, port };
    const worker = new Worker(entry, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 12 } });
    workers.set(worker, NO_FIGURES);
    let cause: unknown;
    worker.on('error', (error) => {
      cause = error;
    });
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'connection') return take(message);
        if (message.kind === 'listening') return resolve();
        if (message.kind === 'failed') {
          cause = fromFailure(message.failure);
          return void worker.terminate();
        }
        metrics.reads.hit += message.hit;
        metrics.reads.miss += message.miss;
        for (const [id, at] of message.uses) noteUse(id, at);
        for (const seconds of message.took) metrics.readTook(seconds);
        workers.set(worker, message.figures);
      });
      worker.once('exit', (code) => {
        ended = together([ended, counted(workers.get(worker) ?? NO_FIGURES)]);
        workers.delete(worker);
        cause ??= new AppError('INTERNAL', `a read worker ended with code ${code}`);
        reject(cause);
        if (stopping) return;
        lost++;
        log.error('read_worker.lost', { cause: describeCause(cause) });
        setTimeout(() => replace(port), REPLACE_MS).unref();
      });
    });
  }

  function replace(port: number): void {
    if (!stopping) startWorker(port).catch(() => {}); // its end is told, and it is replaced in turn
  }

  return {
    async start(port) {
      await Promise.all(Array.from({ length: count }, () => startWorker(port)));
    },

    renew(renewed) {
      tls = renewed;
      for (const worker of workers.keys()) worker.postMessage({ tls: renewed } satisfies ToWorker);
    },

    figures: () => together([ended, ...workers.values()]),
    count: () => ({ running: workers.size, lost }),

    async close(graceMs) {
      stopping = true;
      const left = [...workers.keys()].map((worker) => {
        const exited = new Promise((resolve) => worker.once('exit', resolve));
        worker.postMessage('stop' satisfies ToWorker);
        return exited;
      });
      // The server behind does not count carried connections, and is done when it has none of its own left.
      const idle = setInterval(endIdle, 50);
      const timer = setTimeout(() => {
        for (const connection of carried) connection.destroy();
        for (const worker of workers.keys()) void worker.terminate();
      }, graceMs);
      await Promise.all(left);
      clearInterval(idle);
      clearTimeout(timer);
    },
  };
}
