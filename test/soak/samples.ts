// What the server takes, asked of the kernel and of its own metrics every few seconds.
import { readdirSync, readFileSync, statSync } from 'node:fs';

export type Sample = {
  /** Since the load began. */
  readonly seconds: number;
  readonly residentMiB: number;
  readonly heapMiB: number;
  readonly descriptors: number;
  readonly threads: number;
  readonly walMiB: number;
  readonly databaseMiB: number;
  readonly lagP99Ms: number;
  readonly cpuSeconds: number;
  /** Answers of the read path that were 5xx. */
  readonly faults: number;
};

type Place = { readonly pid: number; readonly metricsUrl: string; readonly databasePath: string };

export async function takeSample({ pid, metricsUrl, databasePath }: Place, seconds: number): Promise<Sample> {
  const text = await (await fetch(metricsUrl)).text();
  const metric = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    seconds,
    residentMiB: field('VmRSS') / 1024,
    heapMiB: metric('nodejs_heap_size_used_bytes') / 2 ** 20,
    descriptors: countDescriptors(pid),
    threads: field('Threads'),
    walMiB: sizeOf(`${databasePath}-wal`) / 2 ** 20,
    databaseMiB: sizeOf(databasePath) / 2 ** 20,
    lagP99Ms: metric('nodejs_eventloop_lag_p99_seconds') * 1000,
    cpuSeconds: metric('process_cpu_seconds_total'),
    faults: metric('lookaside_reads_total\\{outcome="fault"\\}'),
  };
}

export function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
