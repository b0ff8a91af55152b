// The pool of verification workers: the event loop stays free, and time, memory and queue are bounded.
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Piscina } from 'piscina';
import { AppError, fromFailure } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Log } from '../ops/log.ts';
import type { OpenPgpTasks } from './openpgp-tasks.ts';
import type { Reply, Task } from './openpgp-worker.ts';

export type OpenPgpPool = OpenPgpTasks & {
  queueLength(): number;
  close(): Promise<void>;
};

type Parts = {
  readonly databasePath: string;
  /** Told how long each signature took, waiting included. */
  readonly observe: (seconds: number) => void;
  readonly log: Log;
};

export function createOpenPgpPool({ databasePath, observe, log }: Parts): OpenPgpPool {
  const pool = new Piscina<Task, Reply>({
    filename: new URL('./openpgp-worker.ts', import.meta.url).href,
    name: 'runTask',
    workerData: databasePath,
    minThreads: 0, // a store that only serves needs none, and each costs 30 MiB
    maxThreads: Math.min(8, availableParallelism()),
    maxQueue: LIMITS.verifyQueue,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.verifyHeapMb, maxYoungGenerationSizeMb: 8 },
  });
  // A worker that cannot start has no task to fail with; unheard, its error would end the process.
  pool.on('error', (cause) => log.error('worker.failed', { cause: String(cause) }));
  const task =
    (name: Task['name']) =>
    async (...parameters: readonly unknown[]): Promise<never> => {
      const reply = await run(pool, name, parameters);
      if ('value' in reply) return reply.value as never;
      throw fromFailure(reply.failure);
    };
  const examine = task('examine');
  return {
    async examine(...parameters) {
      const started = performance.now();
      try {
        return await examine(...parameters);
      } finally {
        observe((performance.now() - started) / 1000);
      }
    },
    readKeyFile: task('readKeyFile'),
    mergeKey: task('mergeKey'),
    armorKey: task('armorKey'),
    revokeKey: task('revokeKey'),
    queueLength: () => pool.queueSize,
    close: () => pool.destroy(),
  };
}

async function run(pool: Piscina<Task, Reply>, name: Task['name'], parameters: readonly unknown[]): Promise<Reply> {
  const started = new Int32Array(new SharedArrayBuffer(4));
  try {
    // When the time is up, the pool ends the worker, whatever it is doing, and starts another.
    return await pool.run({ name, parameters, started }, { signal: AbortSignal.timeout(LIMITS.verifyMs) });
  } catch (cause) {
    if (Atomics.load(started, 0) === 1)
      throw new AppError('SIGNATURE_TOO_COSTLY', 'reading this took too much time or memory', { cause });
    throw new AppError('INTAKE_BUSY', 'too many uploads are waiting for verification; try again', { cause });
  }
}
