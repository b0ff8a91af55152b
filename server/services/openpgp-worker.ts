// Entry point of a verification worker. It looks keys up itself, over a reading connection of its own, so that what
// it verifies with is what is committed now, whoever committed it.
import { workerData } from 'node:worker_threads';
import { type Failure, toAppError, toFailure } from '../domain/errors.ts';
import { openReads } from '../store/sqlite-store.ts';
import { createOpenPgpTasks, type OpenPgpTasks } from './openpgp-tasks.ts';

export type Task = {
  readonly name: keyof OpenPgpTasks;
  readonly parameters: readonly unknown[];
  /** Set to 1 when the worker begins. */
  readonly started: Int32Array;
};
export type Reply = { readonly value: unknown } | { readonly failure: Failure };

type Tasks = Record<Task['name'], (...parameters: readonly unknown[]) => Promise<unknown>>;
let tasks: Tasks | null = null;

export async function runTask({ name, parameters, started }: Task): Promise<Reply> {
  Atomics.store(started, 0, 1);
  try {
    // Opened by the first task and not at the start, so that a fault of the store is an answer and no dead worker.
    tasks ??= createOpenPgpTasks(openReads(String(workerData)).reads.findKeysById) as Tasks;
    return { value: await tasks[name](...parameters) };
  } catch (error) {
    return { failure: toFailure(toAppError(error)) };
  }
}
