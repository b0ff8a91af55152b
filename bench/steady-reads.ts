// The process that reads at a fixed rate, whatever the server does: an open loop. The time of a read runs from when it
// is due, also while all connections wait for answers, so that a server that stands still is not excused from the reads
// it kept from being asked. Only how late this process itself was woken is left out: a millisecond of its own would
// make every server look steady.
import { connect, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import type { Keys } from './dataset.ts';
import { createPaths, isWhole, requestOf } from './paths.ts';
import { percentile } from './statistics.ts';

export type ReadJob = {
  readonly port: number;
  readonly keys: Keys;
  readonly perSecond: number;
  readonly seconds: number;
  readonly connections: number;
};

export type ReadResult = {
  readonly reads: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
};

const job: ReadJob = JSON.parse(process.argv[2] ?? '');
/** What a client on a machine of its own would not have to wait for: the cores that the server keeps busy. */
const PRIORITY = -15;
const TICK_MS = 1;

type Connection = { readonly socket: Socket; dueAt: number };

try {
  setPriority(PRIORITY);
} catch {} // only root may; then both of the rows that are compared have the same handicap
const nextPath = createPaths(job.keys);
const idle: Connection[] = await Promise.all(Array.from({ length: job.connections }, open));
/** Since when, for each read that no connection was free for. */
const waiting: number[] = [];
const times: number[] = [];
const start = performance.now();
const all = job.perSecond * job.seconds;
let scheduled = 0;
const done = Promise.withResolvers<void>();
const ticking = setInterval(() => {
  const now = performance.now();
  const due = Math.min(all, Math.floor(((now - start) / 1000) * job.perSecond));
  for (; scheduled < due; scheduled++) waiting.push(now);
  ask();
  if (scheduled === all) clearInterval(ticking);
}, TICK_MS);
await done.promise;
const result: ReadResult = {
  reads: times.length,
  perSecond: (times.length * 1000) / (performance.now() - start),
  p50Ms: percentile(times, 0.5),
  p99Ms: percentile(times, 0.99),
  worstMs: percentile(times, 1),
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));

function ask(): void {
  while (waiting.length > 0) {
    const connection = idle.pop();
    if (!connection) return;
    connection.dueAt = waiting.shift() as number;
    connection.socket.write(requestOf(job.port, `${nextPath()}${1 + (times.length % 2)}`, false));
  }
}

async function open(): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port: job.port, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  const connection: Connection = { socket, dueAt: 0 };
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
    if (!isWhole(answer)) return;
    if (!/^HTTP\/1\.1 (?:200|404) /.test(answer)) throw new Error(`answered ${answer.slice(0, 40)}`);
    answer = '';
    times.push(performance.now() - connection.dueAt);
    idle.push(connection);
    if (times.length === all) done.resolve();
    else ask();
  });
  return connection;
}
