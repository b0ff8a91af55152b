// A line of the table, whatever was measured: what does not apply stays empty.
import type { Law } from './dataset.ts';

export const AREAS = ['reads', 'pull', 'tls', 'memory', 'workers', 'intake', 'push', 'tail', 'lists'] as const;
export type Area = (typeof AREAS)[number];

export type Row = {
  readonly area: Area;
  readonly what: string;
  /** Signatures in the store. */
  readonly stored?: number;
  readonly keys?: Law;
  readonly who: string;
  /** CPU time of the server for one request, or for one of what the row says. */
  readonly cpuMicros?: number;
  /** Ours ÷ theirs, of the CPU time unless the row says otherwise. */
  readonly ratio?: number;
  /** What the ratio should not exceed. */
  readonly goal?: number;
  readonly perSecond?: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly memoryMiB?: number;
  readonly peakMiB?: number;
  readonly note?: string;
};

/** What the whole bench was asked for, and where it may write. */
export type Bench = {
  readonly areas: readonly Area[];
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  /** Less of what takes long and is not repeated. */
  readonly quick: boolean;
  /** Kept for the next run, if there is to be one. */
  readonly folder: string;
  /** Of this run. */
  readonly scratch: string;
  report(row: Row): void;
  /** What was left out and why; becomes part of the result. */
  skip(sentence: string): void;
};
