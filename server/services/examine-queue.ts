// Uploads on their way to the verification workers. Whoever comes while a worker is free goes at once; whoever comes while
// all are busy goes with the others who do, since handing over one signature costs more than reading it. What was
// verified together is then also appended together, in one commit.
import { performance } from 'node:perf_hooks';
import type { Instant } from '../domain/instant.ts';
import type { Finding, Untrusted } from './examine-batch.ts';

/** A full batch goes at once; so does whatever has come when a worker is free. */
export type ExamineQueue = {
  add(upload: Untrusted, now: Instant): Promise<Finding>;
  /** How many have not been handed over yet. */
  length(): number;
};

/** Uploads in one task: a few milliseconds of work, of which handing it over is a small part. */
const BATCH = 32;
/** Several times what gpg makes. Larger ones go alone: whoever sends them has the wait, and not a neighbour. */
const SMALL_BYTES = 4_096;

type Parts = {
  /** Never rejects; one finding per upload, in order. `since` is when the first of them came (performance.now). */
  readonly examine: (uploads: readonly Untrusted[], now: Instant, since: number) => Promise<Finding[]>;
  readonly workers: number;
};

type Waiting = {
  readonly upload: Untrusted;
  readonly now: Instant;
  readonly since: number;
  readonly answer: (finding: Finding) => void;
};

export function createExamineQueue({ examine, workers }: Parts): ExamineQueue {
  let waiting: Waiting[] = [];
  let busy = 0;
  let scheduled = false;

  async function hand(batch: readonly Waiting[]): Promise<void> {
    busy++;
    // The time of the last to come: no key has ended before it that had not for the others.
    const now = batch.at(-1)?.now as Instant;
    const uploads = batch.map(({ upload }) => upload);
    const findings = await examine(uploads, now, batch[0]?.since as number);
    busy--;
    batch.forEach(({ answer }, index) => void answer(findings[index] as Finding));
    go();
  }

  function go(): void {
    while (waiting.length >= BATCH || (waiting.length > 0 && busy < workers)) {
      const batch = waiting.slice(0, sizeOfNext());
      waiting = waiting.slice(batch.length);
      void hand(batch);
    }
  }

  function sizeOfNext(): number {
    const large = waiting.slice(0, BATCH).findIndex(({ upload }) => upload.bytes.length > SMALL_BYTES);
    return large < 0 ? BATCH : Math.max(large, 1);
  }

  return {
    add: (upload, now) =>
      new Promise((answer) => {
        waiting.push({ upload, now, since: performance.now(), answer });
        if (scheduled) return;
        // After all of a form have been added.
        scheduled = true;
        queueMicrotask(() => {
          scheduled = false;
          go();
        });
      }),
    length: () => waiting.length,
  };
}
