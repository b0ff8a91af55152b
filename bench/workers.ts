// One process for reads against two. The load needs a core as well, so two servers on two cores cannot show twice the
// throughput here. What can be said: how much CPU time a request costs with one and with two, whether both do their
// share, and so what two cores of their own would serve: 2 ÷ (CPU time per request).
import type { Dataset } from './dataset.ts';
import type { Peer } from './peers.ts';
import { cpuByThread, cpuMicros, peakMiB, residentMiB } from './processes.ts';
import type { Bench } from './rows.ts';
import { startOurs } from './servers.ts';
import { median } from './statistics.ts';
import { type Load, runWrk } from './wrk.ts';

const BOTH_CORES = '0,1';
const WORKERS = [1, 2] as const;
const LOADS: readonly [Load, string][] = [
  ['half', 'half hits, half misses'],
  ['pull', 'pull: connection, hit, miss'],
];

type Sample = {
  readonly cpuMicros: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the two threads that did most, the share of the first. */
  readonly busiest: number;
};

export async function measureWorkers(bench: Bench, dataset: Dataset): Promise<void> {
  const started: Peer[] = [];
  const place = { folder: bench.scratch, dataset };
  try {
    for (const count of WORKERS)
      started.push(await startOurs(place, { cores: BOTH_CORES, env: { LOOKASIDE_WORKERS: String(count) } }));
    for (const [load, what] of LOADS) await compare(bench, started, { dataset, load, what });
  } catch (error) {
    if (!(error instanceof Error && /unknown setting/.test(error.message))) throw error;
    bench.skip('Two workers are left out: this version has no setting for them.');
  } finally {
    for (const peer of started) await peer.stop();
  }
}

async function compare(
  bench: Bench,
  peers: readonly Peer[],
  { dataset, load, what }: { dataset: Dataset; load: Load; what: string },
): Promise<void> {
  const samples = peers.map((): Sample[] => []);
  for (const peer of peers) await sample(bench, peer, dataset, load);
  for (let round = 0; round < bench.rounds; round++)
    for (const [index, peer] of peers.entries()) samples[index]?.push(await sample(bench, peer, dataset, load));
  const middle = (index: number, fact: (each: Sample) => number) => median((samples[index] ?? []).map(fact));
  const capacity = (index: number) => ((index + 1) * 1e6) / middle(index, (each) => each.cpuMicros);
  peers.forEach((peer, index) => {
    const grows = `own cores would serve ${capacity(index).toFixed(0)}/s, ${(capacity(index) / capacity(0)).toFixed(2)}x`;
    const share = `the busier one did ${(100 * middle(index, ({ busiest }) => busiest)).toFixed(0)}%`;
    bench.report({
      area: 'workers',
      what: `workers, ${what}`,
      stored: dataset.count,
      keys: 'uniform',
      who: `lookaside, ${WORKERS[index]} worker${index === 0 ? '' : 's'}`,
      cpuMicros: middle(index, (each) => each.cpuMicros),
      perSecond: middle(index, (each) => each.perSecond),
      p50Ms: middle(index, (each) => each.p50Ms),
      p99Ms: middle(index, (each) => each.p99Ms),
      memoryMiB: residentMiB(peer.pid),
      peakMiB: peakMiB(peer.pid),
      note: index === 0 ? grows : `${grows}; ${share}`,
    });
  });
}

async function sample({ seconds }: Bench, { pid, url }: Peer, dataset: Dataset, load: Load): Promise<Sample> {
  const [before, each] = [cpuMicros(pid), cpuByThread(pid)];
  const result = await runWrk(url, { load, keys: dataset.keys('uniform'), seconds, cores: BOTH_CORES });
  const spent = cpuMicros(pid) - before;
  const grown = [...cpuByThread(pid)].map(([thread, micros]) => micros - (each.get(thread) ?? 0));
  const [first = 0, second = 0] = grown.sort((a, b) => b - a);
  return { ...result, cpuMicros: spent / result.requests, busiest: first / (first + second) };
}
