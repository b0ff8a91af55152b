// A thread with a database connection of its own, as the main thread sees it: requests by name, answers as promises.
import { Worker } from 'node:worker_threads';
import { AppError, type Failure, fromFailure } from '../domain/errors.ts';

export type ThreadRequest = { readonly name: string; readonly argument: unknown };
/** What was asked for in one turn of the event loop, in order. */
export type ThreadMessage<R extends ThreadRequest = ThreadRequest> = readonly (R & { readonly id: number })[] | 'close';
export type ThreadReply = { readonly id: number; readonly value?: unknown; readonly failure?: Failure };

export type Thread = { send(request: ThreadRequest): Promise<unknown>; close(): Promise<void> };

type Options = {
  readonly workerData: unknown;
  /** Requests waiting at a time; beyond, STORE_BUSY. */
  readonly most?: number;
};

/** It starts with its first request, since many a store never has one, and again after it was lost. */
export function createThread(file: URL, options: Options): Thread {
  let running: Thread | null = null;
  let closed = false;
  const onExit = () => {
    running = null;
  };
  return {
    send(request) {
      // Whoever still asks in the background must not start a thread that nobody ends.
      if (closed) return Promise.reject(new AppError('STORE_FAULT', 'the store is closed'));
      running ??= start(file, { ...options, onExit });
      return running.send(request);
    },
    async close() {
      closed = true;
      await running?.close();
    },
  };
}

type Starting = Options & { readonly onExit: () => void };

function start(file: URL, { workerData, most = Number.POSITIVE_INFINITY, onExit }: Starting): Thread {
  const worker = new Worker(file, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: AppError) => void }>();
  let next = 1;
  let asked: (ThreadRequest & { readonly id: number })[] = [];
  let cause: unknown;

  /** A message each would cost the event loop more than what it holds. */
  function post(): void {
    if (asked.length > 0) worker.postMessage(asked satisfies ThreadMessage);
    asked = [];
  }

  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      // Whether a commit was made is not known; asking again is harmless.
      const lost = new AppError('STORE_FAULT', 'the database failed during the request; try again', { cause });
      for (const { reject } of waiting.values()) reject(lost);
      onExit();
      resolve();
    });
  });
  worker.on('error', (error) => {
    cause = error;
  });
  worker.on('message', (replies: readonly ThreadReply[]) => {
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
        if (waiting.size >= most)
          return reject(new AppError('STORE_BUSY', 'too many lists are being asked for at this moment; try again'));
        const id = next++;
        waiting.set(id, { resolve, reject });
        if (asked.length === 0) queueMicrotask(post);
        asked.push({ ...request, id });
      }),
    async close() {
      post();
      worker.postMessage('close' satisfies ThreadMessage);
      await exited;
    },
  };
}
