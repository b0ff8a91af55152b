// What a soak has seen: answers by kind and status, how long they took, and whatever should not have been.
import { percentile } from '../../bench/statistics.ts';

/** As many are told in full; the rest is counted. */
const MOST_TOLD = 50;

export type Counted = {
  readonly kind: string;
  readonly statuses: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
};

export type SoakRecord = ReturnType<typeof createRecord>;

export function createRecord() {
  const kinds = new Map<string, { statuses: Map<string, number>; times: number[] }>();
  const told: string[] = [];
  let wrongs = 0;

  return {
    /** One answer that was allowed to be as it is. */
    done(kind: string, status: number | string, ms: number): void {
      const counted = kinds.get(kind) ?? { statuses: new Map<string, number>(), times: [] };
      kinds.set(kind, counted);
      counted.statuses.set(String(status), (counted.statuses.get(String(status)) ?? 0) + 1);
      counted.times.push(ms);
    },

    wrong(what: string): void {
      wrongs++;
      const line = `${new Date().toISOString()} ${what}`;
      if (told.length < MOST_TOLD) told.push(line);
      process.stderr.write(`WRONG ${line}\n`);
    },

    wrongs: () => wrongs,
    told: (): readonly string[] => told,

    counted: (): Counted[] =>
      [...kinds].map(([kind, { statuses, times }]) => ({
        kind,
        statuses: Object.fromEntries([...statuses].sort(([a], [b]) => a.localeCompare(b))),
        p50Ms: percentile(times, 0.5),
        p99Ms: percentile(times, 0.99),
        worstMs: times.reduce((worst, ms) => Math.max(worst, ms), 0),
      })),
  };
}
