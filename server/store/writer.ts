// Two ways to run the write operations: in a thread of its own (a server, where an fsync must not stop the event
// loop) or in place (a command, which has nothing else to do).
import { Worker } from 'node:worker_threads';
import { AppError, type Failure, fromFailure } from '../domain/errors.ts';
import { fileIdentity, openWriter } from './database.ts';
import { createOperations, type WriteName, type WriteRequest } from './operations.ts';
import type { StoreWrites } from './port.ts';
import type { WriterData } from './writer-thread.ts';

export type WriterMessage = (WriteRequest & { readonly id: number }) | 'close';
export type WriterReply = {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: Failure;
};

export type Writer = { readonly writes: StoreWrites; close(): Promise<void> };

/** As an object, so that the compiler misses a name that is not here. */
const NAMES = Object.keys({
  append: 0,
  withdraw: 0,
  putKey: 0,
  setKeyState: 0,
  createToken: 0,
  revokeToken: 0,
  touchTokens: 0,
  probe: 0,
} satisfies Record<WriteName, 0>) as WriteName[];

export function createLocalWriter(path: string): Writer {
  const db = openWriter(path);
  const run = createOperations(db);
  const writes = writesBy(async (request) => {
    const [result] = run([request]);
    if (result && 'error' in result) throw result.error;
    return result?.value;
  });
  return { writes, close: async () => void db.close() };
}

/** The thread starts with the first write, since a store that only serves needs none, and again after it was lost. */
export function createThreadWriter(path: string): Writer {
  const file = fileIdentity(path) ?? { device: 0, inode: 0 };
  let thread: WriterThread | null = null;
  let closed = false;
  const writes = writesBy((request) => {
    if (closed) return Promise.reject(new AppError('STORE_FAULT', 'the store is closed'));
    thread ??= startThread({ path, file }, () => {
      thread = null;
    });
    return thread.send(request);
  });
  return {
    writes,
    async close() {
      closed = true;
      await thread?.close();
    },
  };
}

type WriterThread = { send(request: WriteRequest): Promise<unknown>; close(): Promise<void> };

function startThread(workerData: WriterData, onExit: () => void): WriterThread {
  const worker = new Worker(new URL('./writer-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: AppError) => void }>();
  let next = 1;
  let cause: unknown;

  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      // Whether their commit was made is not known; asking again is harmless.
      const lost = new AppError('STORE_FAULT', 'the database failed during the write; try again', { cause });
      for (const { reject } of waiting.values()) reject(lost);
      onExit();
      resolve();
    });
  });
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('message', (replies: readonly WriterReply[]) => {
    for (const { id, value, failure } of replies) {
      const promise = waiting.get(id);
      waiting.delete(id);
      if (failure) promise?.reject(fromFailure(failure));
      else promise?.resolve(value);
    }
  });
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ ...request, id } satisfies WriterMessage);
      }),
    async close() {
      worker.postMessage('close' satisfies WriterMessage);
      await exited;
    },
  };
}

function writesBy(send: (request: WriteRequest) => Promise<unknown>): StoreWrites {
  const entries = NAMES.map((name) => [name, (argument: unknown) => send({ name, argument })]);
  return Object.fromEntries(entries) as unknown as StoreWrites;
}
