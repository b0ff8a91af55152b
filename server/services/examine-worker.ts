// Entry point of a verification worker. It looks keys up itself, over a reading connection of its own, so that what
// it verifies with is what is committed now, whoever committed it.
import { workerData } from 'node:worker_threads';
import { type ErrorCode, toAppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Examined } from '../domain/signature.ts';
import { createVerify } from '../openpgp/verify.ts';
import { openReads } from '../store/sqlite-store.ts';
import { examine } from './examine.ts';

export type ExamineTask = { readonly bytes: Uint8Array; readonly now: Instant; readonly started: Int32Array };
/** Errors lose their class between threads. */
export type ExamineReply =
  | { readonly examined: Examined }
  | { readonly code: ErrorCode; readonly message: string; readonly cause: string | null };

const { reads } = openReads(String(workerData));
const verify = createVerify();

export async function examineTask({ bytes, now, started }: ExamineTask): Promise<ExamineReply> {
  Atomics.store(started, 0, 1);
  try {
    return { examined: await examine(bytes, { findKeys: reads.findKeysById, verify, now }) };
  } catch (error) {
    const { code, message, cause } = toAppError(error);
    return { code, message, cause: cause instanceof Error ? (cause.stack ?? cause.message) : null };
  }
}
