// The pool of verification workers: the event loop stays free, and time, memory and queue are bounded.
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Piscina } from 'piscina';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Examined } from '../domain/signature.ts';
import type { ExamineReply, ExamineTask } from './examine-worker.ts';

export type Examiner = {
  examine(untrustedBytes: Uint8Array, now: Instant): Promise<Examined>;
  queueLength(): number;
  close(): Promise<void>;
};

export function createExaminer(databasePath: string, observe: (seconds: number) => void = () => {}): Examiner {
  const pool = new Piscina<ExamineTask, ExamineReply>({
    filename: new URL('./examine-worker.ts', import.meta.url).href,
    name: 'examineTask',
    workerData: databasePath,
    minThreads: 1,
    maxThreads: Math.min(8, availableParallelism()),
    maxQueue: LIMITS.verifyQueue,
    idleTimeout: 30_000,
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.verifyHeapMb },
  });

  return {
    async examine(bytes, now) {
      const started = performance.now();
      const reply = await run(pool, { bytes, now });
      observe((performance.now() - started) / 1000);
      if ('examined' in reply) return reply.examined;
      throw new AppError(reply.code, reply.message, { cause: reply.cause ?? undefined });
    },
    queueLength: () => pool.queueSize,
    close: () => pool.destroy(),
  };
}

async function run(
  pool: Piscina<ExamineTask, ExamineReply>,
  task: Omit<ExamineTask, 'started'>,
): Promise<ExamineReply> {
  // Set by the worker when it begins: it tells a slow signature from a long queue.
  const started = new Int32Array(new SharedArrayBuffer(4));
  try {
    // When the time is up, the pool ends the worker, whatever it is doing, and starts another.
    return await pool.run({ ...task, started }, { signal: AbortSignal.timeout(LIMITS.verifyMs) });
  } catch (cause) {
    if (Atomics.load(started, 0) === 1)
      throw new AppError('SIGNATURE_TOO_COSTLY', 'verification of this signature took too much time or memory', {
        cause,
      });
    throw new AppError('INTAKE_BUSY', 'too many uploads are waiting for verification; try again', { cause });
  }
}
