// One run of wrk, pinned to the core that the server is not on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Keys } from './dataset.ts';

const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));
/** Connections at a time, and for loads that take turns on a connection as many threads of wrk. */
const CONNECTIONS = 16;

export type Load = 'hit' | 'half' | 'pull' | 'connection' | 'storm';

export type LoadResult = {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly notFound: number;
};

export type WrkOptions = {
  readonly load: Load;
  readonly keys: Keys;
  readonly seconds: number;
  readonly cores?: string;
};

export async function runWrk(url: string, { load, keys, seconds, cores = '1' }: WrkOptions): Promise<LoadResult> {
  const threads = load === 'pull' ? CONNECTIONS : 1;
  const script = [load, keys.paths, keys.count, keys.draws, keys.drawn, keys.pathBytes, Math.random()].map(String);
  const options = [`-t${threads}`, `-c${CONNECTIONS}`, `-d${seconds}s`, '-s', SCRIPT, url, '--'];
  const child = spawn('taskset', ['-c', cores, 'wrk', ...options, ...script]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  await once(child, 'close');
  const json = /^DONE (.*)$/m.exec(output)?.[1];
  if (!json) throw new Error(`wrk failed: ${output}`);
  const done = JSON.parse(json);
  requireExpected(load, done, output);
  const { requests, micros, p50, p99, notFound } = done;
  return { requests, perSecond: (requests / micros) * 1e6, p50Ms: p50 / 1000, p99Ms: p99 / 1000, notFound };
}

/** At a time; a machine that is busy with other things takes more of them, and not for ever. */
const [TURN_SECONDS, MOST_TURNS] = [3, 15];

/** For what a server keeps in memory: that depends on how much it was asked, not on how long. Gives how often it was. */
export async function runWrkUntil(url: string, { load, keys }: Omit<WrkOptions, 'seconds'>, requests: number) {
  let made = 0;
  for (let turn = 0; turn < MOST_TURNS && made < requests; turn++)
    made += (await runWrk(url, { load, keys, seconds: TURN_SECONDS })).requests;
  return made;
}

const MISSES: Record<Load, number> = { hit: 0, half: 0.5, pull: 0.5, connection: 0.5, storm: 1 };

/** A server that answers otherwise is not measured: wrong answers are easily fast. */
function requireExpected(load: Load, done: { requests: number; notFound: number; failed: number }, output: string) {
  const unexpected = Math.abs(done.notFound - done.requests * MISSES[load]);
  if (done.requests < 100 || done.failed > done.requests / 100 || unexpected > 5 * CONNECTIONS)
    throw new Error(`${load} was answered otherwise than it should be: ${output}`);
}
