// The pool of verification workers: the event loop stays free, and time, memory and queue are bounded.
import { performance } from 'node:perf_hooks';
import { Piscina } from 'piscina';
import { AppError, fromFailure, toAppError, toFailure } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Log } from '../ops/log.ts';
import { type Finding, packBatch, type Untrusted } from './examine-batch.ts';
import { createExamineQueue } from './examine-queue.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';
import type { Reply, Task } from './openpgp-worker.ts';
import { verificationThreads } from './verification-threads.ts';

export type OpenPgpPool = OpenPgpTasks & {
  /** One finding per upload, in order. */
  examineAll(uploads: readonly Untrusted[], now: Instant): Promise<Finding[]>;
  queueLength(): number;
  close(): Promise<void>;
};

type Parts = {
  readonly databasePath: string;
  /** Told how long each signature took, waiting included. */
  readonly observe: (seconds: number) => void;
  readonly log: Log;
  readonly worker?: URL;
  readonly verifyMs?: number;
};

type Waiting = { readonly size: number; readonly begun: Int32Array };

export function createOpenPgpPool({
  databasePath,
  observe,
  log,
  worker = new URL('./openpgp-worker.ts', import.meta.url),
  verifyMs = LIMITS.verifyMs,
}: Parts): OpenPgpPool {
  const threads = verificationThreads(worker, databasePath);
  const pool = new Piscina<Task, Reply>({
    ...threads,
    minThreads: 0, // a store that only serves needs none
    maxQueue: LIMITS.verifyQueue,
    idleTimeout: 30_000,
  });
  // A worker that cannot start has no task to fail with; unheard, its error would end the process.
  pool.on('error', (cause) => log.error('worker.failed', { cause: String(cause) }));
  const batches = new Set<Waiting>();
  const queue = createExamineQueue({ examine: examineBatch, workers: threads.maxThreads });

  async function run<T>(
    name: Task['name'],
    parameters: readonly unknown[],
    { begun = counter(), ms = verifyMs } = {},
  ): Promise<T> {
    const reply = await started(pool, { name, parameters, begun }, ms);
    if ('value' in reply) return reply.value as T;
    throw fromFailure(reply.failure);
  }

  async function examineBatch(uploads: readonly Untrusted[], now: Instant, since: number): Promise<Finding[]> {
    const waiting = { size: uploads.length, begun: counter() };
    const ms = Math.max(0, Math.ceil(since + verifyMs - performance.now()));
    batches.add(waiting);
    try {
      return await run<Finding[]>('examineBatch', [packBatch(uploads), now], { begun: waiting.begun, ms });
    } catch (error) {
      const failure = toFailure(toAppError(error));
      if (failure.code !== 'SIGNATURE_TOO_COSTLY' || uploads.length === 1) return uploads.map(() => ({ failure }));
      // One of them ended the worker: each by itself, so that the others do not suffer for it.
      const again = uploads.map((upload) => examineBatch([upload], now, performance.now()));
      return (await Promise.all(again)).flat();
    } finally {
      batches.delete(waiting);
    }
  }

  function queueLength(): number {
    return [...batches].reduce((sum, { size, begun }) => sum + size - Atomics.load(begun, 0), queue.length());
  }

  return {
    async examineAll(uploads, now) {
      if (queueLength() + uploads.length > LIMITS.verifyQueue) {
        const failure = toFailure(busy());
        return uploads.map(() => ({ failure }));
      }
      const started = performance.now();
      const findings = await Promise.all(uploads.map((upload) => queue.add(upload, now)));
      const seconds = (performance.now() - started) / 1000;
      for (const finding of findings) if (!('known' in finding)) observe(seconds);
      return findings;
    },
    readKeyFile: (...parameters) => run('readKeyFile', parameters),
    mergeKey: (...parameters) => run('mergeKey', parameters),
    armorKey: (...parameters) => run('armorKey', parameters),
    revokeKey: (...parameters) => run('revokeKey', parameters),
    checkKeyrings: (...parameters) => run('checkKeyrings', parameters),
    queueLength,
    close: () => pool.destroy(),
  };
}

function counter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

async function started(pool: Piscina<Task, Reply>, task: Task, verifyMs: number): Promise<Reply> {
  try {
    // When the time is up, the pool ends the worker, whatever it is doing, and starts another.
    return await pool.run(task, { signal: AbortSignal.timeout(verifyMs) });
  } catch (cause) {
    if (Atomics.load(task.begun, 0) > 0)
      throw new AppError('SIGNATURE_TOO_COSTLY', 'reading this took too much time or memory', { cause });
    throw busy(cause);
  }
}

function busy(cause?: unknown): AppError {
  return new AppError('INTAKE_BUSY', 'too many uploads are waiting for verification; try again', { cause });
}
