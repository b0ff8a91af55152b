// Peers take turns, round by round, so that whatever else the machine does hits all of them; what counts is the median
// of the ratios of one round.
import type { Keys, Law } from './dataset.ts';
import type { Peer } from './peers.ts';
import { cpuMicros } from './processes.ts';
import type { Area, Bench, Row } from './rows.ts';
import { median } from './statistics.ts';
import type { Load, LoadResult } from './wrk.ts';

export type Run = (url: string, options: { load: Load; keys: Keys; seconds: number }) => Promise<LoadResult>;

export type Comparison = {
  readonly area: Area;
  readonly what: string;
  readonly load: Load;
  readonly stored: number;
  readonly law: Law;
  readonly keys: Keys;
  readonly run: Run;
  /** What the ratio to each peer should not exceed, by its name. */
  readonly goals?: Readonly<Record<string, number>>;
};

type Sample = LoadResult & { readonly cpuMicros: number };

/** A run of a long bench that went wrong may be the machine's fault; one that goes wrong again is not. */
const TRIES = 3;

export async function compare(bench: Bench, peers: readonly Peer[], comparison: Comparison): Promise<void> {
  const { rounds, seconds } = bench;
  const samples = peers.map((): Sample[] => []);
  for (const peer of peers) await sample(peer, comparison, Math.min(1, seconds)); // warms what can be warm, uncounted
  for (let round = 0; round < rounds; round++)
    for (const [index, peer] of peers.entries()) samples[index]?.push(await sample(peer, comparison, seconds));
  for (const row of rowsOf(peers, samples, comparison)) bench.report(row);
}

async function sample(peer: Peer, comparison: Comparison, seconds: number, tries = TRIES): Promise<Sample> {
  const { load, keys, run } = comparison;
  const before = cpuMicros(peer.pid);
  try {
    const result = await run(peer.url, { load, keys, seconds });
    return { ...result, cpuMicros: (cpuMicros(peer.pid) - before) / result.requests };
  } catch (error) {
    if (tries === 1) throw error;
    process.stderr.write(`${peer.name} is asked again: ${error}\n`);
    return sample(peer, comparison, seconds, tries - 1);
  }
}

function rowsOf(peers: readonly Peer[], samples: readonly Sample[][], comparison: Comparison): Row[] {
  const { area, what, stored, law, goals = {} } = comparison;
  const ours = samples[0] ?? [];
  return peers.map(({ name }, index) => {
    const theirs = samples[index] ?? [];
    const middle = (fact: (sample: Sample) => number) => median(theirs.map(fact));
    const goal = goals[name];
    return {
      area,
      what,
      stored,
      ...(comparison.load === 'storm' ? {} : { keys: law }),
      who: name,
      cpuMicros: middle((each) => each.cpuMicros),
      ratio: median(theirs.map((each, round) => (ours[round]?.cpuMicros ?? Number.NaN) / each.cpuMicros)),
      ...(goal === undefined ? {} : { goal }),
      perSecond: middle((each) => each.perSecond),
      p50Ms: middle((each) => each.p50Ms),
      p99Ms: middle((each) => each.p99Ms),
    };
  });
}
