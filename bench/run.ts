// `npm run bench`: what a read costs, beside nginx and Apache on the same data, in one run. The machine may be noisy
// and shared, so the peers take turns, round by round, and what counts is the median ratio of CPU time per request.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeDataset } from './dataset.ts';
import { cpuTime, memory, type Peer, startPeers, stopPeers } from './peers.ts';

const LOADS = { hit: 0, half: 0.5, miss: 1 } as const;
const CONNECTIONS = 16;
const LOAD_CORE = '1';
const SCRIPT = fileURLToPath(new URL('load.lua', import.meta.url));

type Sample = { readonly cpuMicros: number; readonly perSecond: number };
type Line = { load: string; peer: string; cpuMicros: number; ratio: number; perSecond: number };

function measure(peer: Peer, paths: string, misses: number, seconds: number): Sample {
  const before = cpuTime(peer);
  const args = [
    '-c',
    LOAD_CORE,
    'wrk',
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    '-s',
    SCRIPT,
    peer.url,
    '--',
    paths,
  ];
  const { stdout, stderr, status } = spawnSync('taskset', [...args, String(misses)], { encoding: 'utf8' });
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0);
  if (status !== 0 || requests === 0) throw new Error(`wrk failed: ${stderr}${stdout}`);
  return { cpuMicros: (cpuTime(peer) - before) / requests, perSecond: requests / seconds };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function compare(peers: readonly Peer[], paths: string, rounds: number, seconds: number): Line[] {
  const lines: Line[] = [];
  for (const [load, misses] of Object.entries(LOADS)) {
    const samples = peers.map((): Sample[] => []);
    for (const peer of peers) measure(peer, paths, misses, seconds); // warms caches, uncounted
    for (let round = 0; round < rounds; round++)
      for (const [index, peer] of peers.entries()) samples[index]?.push(measure(peer, paths, misses, seconds));
    const ours = samples[0] ?? [];
    for (const [index, peer] of peers.entries()) {
      const theirs = samples[index] ?? [];
      lines.push({
        load,
        peer: peer.name,
        cpuMicros: median(theirs.map((sample) => sample.cpuMicros)),
        ratio: median(theirs.map((sample, round) => (ours[round]?.cpuMicros ?? Number.NaN) / sample.cpuMicros)),
        perSecond: median(theirs.map((sample) => sample.perSecond)),
      });
    }
  }
  return lines;
}

function print(lines: readonly Line[], peers: readonly Peer[]): void {
  const rows = lines.map(({ load, peer, cpuMicros, ratio, perSecond }) =>
    [
      load.padEnd(5),
      peer.padEnd(10),
      cpuMicros.toFixed(1).padStart(8),
      ratio.toFixed(2).padStart(12),
      perSecond.toFixed(0).padStart(10),
    ].join(' '),
  );
  const memories = peers.map((peer) => `${peer.name} ${memory(peer).toFixed(0)} MiB`).join(', ');
  process.stdout.write(`load  peer        µs/req  ours÷theirs      req/s\n${rows.join('\n')}\nmemory: ${memories}\n`);
}

const { values } = parseArgs({
  options: {
    signatures: { type: 'string', default: '50000' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});
if (cpus().length < 2) throw new Error('two cores are needed: one for the server, one for the load');
const folder = mkdtempSync(join(tmpdir(), 'lookaside-bench-'));
try {
  const dataset = await makeDataset(folder, Number(values.signatures));
  const peers = await startPeers(folder, dataset);
  try {
    const lines = compare(peers, dataset.paths, Number(values.rounds), Number(values.seconds));
    if (values.json) process.stdout.write(`${JSON.stringify(lines)}\n`);
    else print(lines, peers);
  } finally {
    await stopPeers(peers);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
