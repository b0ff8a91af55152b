// Verifying all stored signatures again with every processor, in pages: short reads, between which checkpoints pass, and
// a bounded number of rows in memory.
import { Piscina } from 'piscina';
import { type Failure, fromFailure } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import { openReader } from '../store/database.ts';
import { createContents } from '../store/fsck/contents.ts';
import { verificationThreads } from './verification-threads.ts';

/** The signatures behind one id, up to another. */
export type Pages = { readonly after: number; readonly upTo: number };
export type PageVerdict =
  | { readonly count: number; readonly findings: readonly Finding[] }
  | { readonly failure: Failure };

/** Signatures in one read: some hundred kilobytes, and a tenth of a second of work. */
const PAGE = 200;

type Listener = {
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (done: number, total: number) => void;
};

/** How many were looked at. */
export async function verifyAllAgain(path: string, { onFinding, onProgress }: Listener): Promise<number> {
  const threads = verificationThreads(new URL('./verify-again-worker.ts', import.meta.url), path);
  const pool = new Piscina<Pages, PageVerdict>(threads);
  const db = openReader(path);
  let done = 0;
  let next: number | null = 0;
  try {
    const contents = createContents(db);
    const total = contents.count();
    const lane = async () => {
      while (next !== null) {
        const after: number = next;
        const upTo = contents.pageEnd(after, PAGE);
        next = upTo;
        if (upTo === null) return;
        const verdict = await pool.run({ after, upTo });
        if ('failure' in verdict) onFinding(unreadable(verdict.failure, { after, upTo }));
        else {
          verdict.findings.forEach(onFinding);
          done += verdict.count;
        }
        onProgress(done, Math.max(total, done));
      }
    };
    // Twice as many as threads, so that none waits for its next page.
    await Promise.all(Array.from({ length: threads.maxThreads * 2 }, lane));
    return done;
  } finally {
    db.close();
    await pool.destroy();
  }
}

/** A page of the file that is lost takes its signatures along, and no others. */
function unreadable(failure: Failure, { after, upTo }: Pages): Finding {
  if (failure.code !== 'STORE_CORRUPT') throw fromFailure(failure);
  const problem = `some of the signatures ${after + 1} to ${upTo} cannot be read`;
  return { code: 'file.damaged', subject: 'signatures', problem };
}
