// What a server costs, as the kernel counts it: the process, its threads, its children, and those that have ended.
import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux on every architecture we run on; `getconf CLK_TCK` would say the same. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** utime + stime so far, in microseconds. */
export function cpuMicros(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + exactly(each) + reapedMicros(each), 0);
}

/**
 * Most kernels show what they cut utime and stime to ticks from, for threads that are there; but only those two have
 * what threads that ended had used. Neither is ever too much, so the larger one is nearer.
 */
function exactly(pid: number): number {
  const millis = threads(pid).map((thread) =>
    Number(/sum_exec_runtime\s*:\s*([\d.]+)/.exec(readProc(pid, `task/${thread}/sched`))?.[1] ?? 0),
  );
  return Math.max(millis.reduce((sum, each) => sum + each, 0) * 1000, (own(pid) * 1e6) / TICKS_PER_SECOND);
}

/** The same of children that were waited for; of this process, what all programs that it ran have cost. */
export function reapedMicros(pid = process.pid): number {
  return (reaped(pid) * 1e6) / TICKS_PER_SECOND;
}

/** CPU time of each thread, to see whether work is spread evenly. */
export function cpuByThread(pid: number): Map<string, number> {
  const all = processTree(pid).flatMap((each) => threads(each).map((thread) => [`task/${thread}/stat`, each] as const));
  return new Map(all.map(([file, each]) => [file, (own(each, file) * 1e6) / TICKS_PER_SECOND]));
}

/** Resident now, in MiB. Pages that processes share are counted in each. */
export function residentMiB(pid: number): number {
  const pages = processTree(pid).map((each) => Number(readProc(each, 'statm').split(' ')[1] ?? 0));
  return (pages.reduce((sum, count) => sum + count, 0) * PAGE_BYTES) / 2 ** 20;
}

/** The most that was resident at any time, in MiB. */
export function peakMiB(pid: number): number {
  const sizes = processTree(pid).map((each) => Number(/VmHWM:\s+(\d+) kB/.exec(readProc(each, 'status'))?.[1] ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

function fields(pid: number, file = 'stat'): string[] {
  const stat = readProc(pid, file);
  // The name of a program may hold spaces and parentheses; what follows its last one may not.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function own(pid: number, file?: string): number {
  const [utime = 0, stime = 0] = fields(pid, file).slice(11, 13).map(Number);
  return utime + stime;
}

function reaped(pid: number): number {
  const [utime = 0, stime = 0] = fields(pid).slice(13, 15).map(Number);
  return utime + stime;
}

function processTree(pid: number): number[] {
  const children = threads(pid).flatMap((thread) =>
    readProc(pid, `task/${thread}/children`).trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(processTree)];
}

function threads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Nothing for a process or thread that ended between the listing and the look. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
