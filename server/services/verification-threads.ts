// Threads in which openpgp.js runs, for uploads and for fsck: how many, and what each may take.
import { availableParallelism } from 'node:os';
import { LIMITS } from '../domain/limits.ts';

/** Each takes 30 MiB; eight verify more uploads than the main thread can hand them (docs/performance.md). */
const MOST = 8;

/** For Piscina. `worker` exports `runTask` and reads this database. */
export function verificationThreads(worker: URL, databasePath: string) {
  return {
    filename: worker.href,
    name: 'runTask',
    workerData: databasePath,
    maxThreads: Math.min(MOST, availableParallelism()),
    resourceLimits: { maxOldGenerationSizeMb: LIMITS.verifyHeapMb, maxYoungGenerationSizeMb: 8 },
  };
}
