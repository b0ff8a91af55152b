// Whether a soak has passed, and the table that says why.
import { median } from '../../bench/statistics.ts';
import type { Counted } from './record.ts';
import type { Sample } from './samples.ts';

/** The memory for reads fills, pools start their threads, the database's own caches fill: a quarter of the time. */
const WARM_UP = 0.25;
/** Between the first third after the warm-up and the last one. What is lost for good adds up to more in 20 minutes. */
const GROWTH_MIB = 8;
const GROWTH_SHARE = 0.06;
/** Samples before and after one, among which the heap of each thread is collected: four minutes. */
const AROUND = 24;
/** Less tells nothing about memory: the warm-up is not over. */
const JUDGED_SECONDS = 9 * 60;
/** Connections come and go; at the end there are none. */
const SPARE_DESCRIPTORS = 4;

export type Seen = {
  readonly samples: readonly Sample[];
  readonly counted: readonly Counted[];
  readonly wrongs: number;
  /** Acknowledged and not there at the end, or there and withdrawn. */
  readonly lost: number;
  readonly late: number;
  /** Open before the load began, and after it has ended. */
  readonly descriptors: { readonly before: number; readonly after: number };
  /** Of the server, after SIGTERM. */
  readonly exitCode: number | null;
};

export type Verdict = { readonly passed: boolean; readonly findings: readonly string[]; readonly table: string };

export function judge(seen: Seen): Verdict {
  const { samples, wrongs, lost, descriptors, exitCode } = seen;
  // Between collections memory grows and nothing is lost: what counts is what is left after one.
  const resident = growth(lowest(samples.map(({ residentMiB }) => residentMiB)));
  const heap = growth(lowest(samples.map(({ heapMiB }) => heapMiB)));
  const findings: string[] = [];
  if (wrongs > 0) findings.push(`${wrongs} answers were not as they should be`);
  if (lost > 0) findings.push(`${lost} acknowledged changes are not there`);
  const long = (samples.at(-1)?.seconds ?? 0) >= JUDGED_SECONDS;
  for (const [what, { from, to }] of [['resident memory', resident] as const, ['heap', heap] as const])
    if (long && to - from > Math.max(GROWTH_MIB, from * GROWTH_SHARE))
      findings.push(`${what} grew from ${mib(from)} to ${mib(to)}`);
  if (descriptors.after > descriptors.before + SPARE_DESCRIPTORS)
    findings.push(`${descriptors.after} file descriptors are open, and not ${descriptors.before} as before`);
  const faults = samples.at(-1)?.faults ?? 0;
  if (faults > 0) findings.push(`${faults} reads were answered 5xx`);
  if (exitCode !== 0) findings.push(`the server ended with ${exitCode}`);
  return { passed: findings.length === 0, findings, table: tableOf(seen, { resident, heap }) };
}

type Growth = { readonly from: number; readonly to: number };

/** Medians of the first and the last third after the warm-up. */
function growth(values: readonly number[]): Growth {
  const warm = values.slice(Math.floor(values.length * WARM_UP));
  const third = Math.max(1, Math.floor(warm.length / 3));
  return { from: median(warm.slice(0, third)), to: median(warm.slice(-third)) };
}

function lowest(values: readonly number[]): number[] {
  return values.map((_, at) => Math.min(...values.slice(Math.max(0, at - AROUND), at + AROUND + 1)));
}

const mib = (value: number) => `${value.toFixed(1)} MiB`;
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);

function tableOf(seen: Seen, { resident, heap }: { resident: Growth; heap: Growth }): string {
  const { samples, descriptors } = seen;
  const [first, last] = [samples[0], samples.at(-1)];
  const seconds = (last?.seconds ?? 0) - (first?.seconds ?? 0);
  const cores = ((last?.cpuSeconds ?? 0) - (first?.cpuSeconds ?? 0)) / seconds;
  const perHour = ({ from, to }: Growth) => (((to - from) / (seconds * (1 - WARM_UP) * (2 / 3))) * 3600).toFixed(1);
  const range = (pick: (sample: Sample) => number, digits = 0) => {
    const values = samples.map(pick);
    return `${values.reduce((a, b) => Math.min(a, b), Infinity).toFixed(digits)} to ${most(values).toFixed(digits)}`;
  };
  const rows: [string, string][] = [
    ['time', `${(seconds / 60).toFixed(1)} min, ${samples.length} samples`],
    ['processor of the server', `${cores.toFixed(2)} cores`],
    [
      'resident memory that stays, after the warm-up → at the end',
      `${mib(resident.from)} → ${mib(resident.to)} (${perHour(resident)} MiB/h)`,
    ],
    ['heap that stays, the same', `${mib(heap.from)} → ${mib(heap.to)} (${perHour(heap)} MiB/h)`],
    [
      'file descriptors before, under load, after',
      `${descriptors.before}, ${range((s) => s.descriptors)}, ${descriptors.after}`,
    ],
    ['resident memory, all of it', `${range((s) => s.residentMiB)} MiB`],
    ['threads', range((s) => s.threads)],
    ['write-ahead log', `${range((s) => s.walMiB, 1)} MiB`],
    ['database', `${range((s) => s.databaseMiB, 1)} MiB`],
    ['event loop lag, p99, worst sample', `${most(samples.map(({ lagP99Ms }) => lagP99Ms)).toFixed(1)} ms`],
    ['reads answered 5xx', String(last?.faults ?? 0)],
    ['answers that should not have been', String(seen.wrongs)],
    ['acknowledged changes lost', String(seen.lost)],
    ['begun late for want of a free client', String(seen.late)],
  ];
  const counted = [...seen.counted].sort((a, b) => a.kind.localeCompare(b.kind));
  return [
    '| figure | value |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    '| requests | answers | p50 ms | p99 ms | worst ms |',
    '|---|---|---|---|---|',
    ...counted.map(
      ({ kind, statuses, p50Ms, p99Ms, worstMs }) =>
        `| ${kind} | ${Object.entries(statuses)
          .map(([status, count]) => `${status}: ${count}`)
          .join(', ')} | ${p50Ms.toFixed(1)} | ${p99Ms.toFixed(1)} | ${worstMs.toFixed(0)} |`,
    ),
  ].join('\n');
}
