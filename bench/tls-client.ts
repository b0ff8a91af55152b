// The process that makes requests over TLS: lanes of one connection after the other, each with a full handshake.
import { connect, type TLSSocket } from 'node:tls';
import type { Keys } from './dataset.ts';
import { createPaths, isWhole, requestOf } from './paths.ts';
import { percentile } from './statistics.ts';

export type TlsJob = {
  readonly port: number;
  /** On one connection: a hit and a miss, or one of them in turn. */
  readonly requests: 1 | 2;
  readonly keys: Keys;
  readonly seconds: number;
  readonly lanes: number;
  readonly curve: string;
};

export type TlsResult = {
  readonly requests: number;
  readonly connections: number;
  readonly resumed: number;
  readonly perSecond: number;
  /** From the first octet of the connection to the last answer on it. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly notFound: number;
};

const job: TlsJob = JSON.parse(process.argv[2] ?? '');
const counts = { requests: 0, connections: 0, resumed: 0, notFound: 0 };
const times: number[] = [];
const nextPath = createPaths(job.keys);
const start = performance.now();
const until = start + job.seconds * 1000;
await Promise.all(Array.from({ length: job.lanes }, lane));
const took = (performance.now() - start) / 1000;
const result: TlsResult = {
  ...counts,
  perSecond: counts.requests / took,
  p50Ms: percentile(times, 0.5),
  p99Ms: percentile(times, 0.99),
};
process.stdout.write(JSON.stringify(result));

async function lane(_: unknown, number: number): Promise<void> {
  for (let turn = number; performance.now() < until; turn++) {
    const path = nextPath();
    const asks = job.requests === 2 ? [`${path}1`, `${path}2`] : [`${path}${1 + (turn % 2)}`];
    const began = performance.now();
    await askAll(asks);
    times.push(performance.now() - began);
  }
}

/** One connection; the last request on it says that it is the last. */
function askAll(paths: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: job.port, rejectUnauthorized: false, ecdhCurve: job.curve });
    let asked = 0;
    let answer = '';
    const ask = () => {
      asked++;
      socket.write(requestOf(job.port, paths[asked - 1] ?? '', asked === paths.length));
    };
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('close', () => (asked === paths.length ? resolve() : reject(new Error('closed too early'))));
    socket.once('secureConnect', () => {
      counts.connections++;
      if (socket.isSessionReused()) counts.resumed++;
      ask();
    });
    socket.on('data', (text: string) => {
      answer += text;
      if (!isWhole(answer)) return;
      count(answer, socket);
      answer = '';
      if (asked < paths.length) ask();
      else socket.end();
    });
  });
}

function count(answer: string, socket: TLSSocket): void {
  const status = answer.slice(9, 12);
  if (status !== '200' && status !== '404') socket.destroy(new Error(`answered ${status}`));
  counts.requests++;
  if (status === '404') counts.notFound++;
}
