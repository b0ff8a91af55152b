// Entry point of a verification worker. It looks keys up itself, over a reading connection of its own, so that what
// it verifies with is what is committed now, whoever committed it.
import { workerData } from 'node:worker_threads';
import { type Failure, toAppError, toFailure } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { createVerify, type Verify } from '../openpgp/verify.ts';
import { giveWay } from '../ops/thread-priority.ts';
import type { StoreReads } from '../store/port.ts';
import { openReads } from '../store/sqlite-store.ts';
import { type Batch, examineBatch } from './examine-batch.ts';
import { createOpenPgpTasks, type OpenPgpTasks } from './openpgp-tasks.ts';

export type Task = {
  readonly name: keyof OpenPgpTasks | 'examineBatch';
  readonly parameters: readonly unknown[];
  /** How many uploads of a batch the worker has begun; 1 for anything else. */
  readonly begun: Int32Array;
};
export type Reply = { readonly value: unknown } | { readonly failure: Failure };

type Run = (...parameters: readonly unknown[]) => Promise<unknown>;

const tasks = createOpenPgpTasks() as Record<keyof OpenPgpTasks, Run>;
let opened: { readonly reads: StoreReads; readonly verify: Verify } | null = null;

giveWay();

export async function runTask({ name, parameters, begun }: Task): Promise<Reply> {
  const begin = (count: number) => void Atomics.store(begun, 0, count);
  begin(1);
  try {
    if (name !== 'examineBatch') return { value: await tasks[name](...parameters) };
    // Opened by the first task and not at the start, so that a fault of the store is an answer and no dead worker.
    opened ??= { reads: openReads(String(workerData)).reads, verify: createVerify() };
    const [batch, now] = parameters as [Batch, Instant];
    return { value: await examineBatch(batch, { ...opened, now, begin }) };
  } catch (error) {
    return { failure: toFailure(toAppError(error)) };
  }
}
