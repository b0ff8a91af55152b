// What a server holds in memory, and how long it takes from its start to its first answer, by the size of the store.
import type { Dataset } from './dataset.ts';
import { type Peer, stopPeers } from './peers.ts';
import { peakMiB, residentMiB } from './processes.ts';
import type { Bench, Row } from './rows.ts';
import { type Place, startApache, startNginx, startOurs } from './servers.ts';
import { median } from './statistics.ts';
import { type Load, runWrkUntil } from './wrk.ts';

const STARTS = 5;
/** Enough to fill whatever a server keeps of a million signatures, and then to push all of it out, if that can be. */
const [READS, STORM] = [300_000, 200_000];

export async function measureMemory(bench: Bench, dataset: Dataset): Promise<void> {
  const place = { folder: bench.scratch, dataset };
  for (const start of [startOurs, startNginx, startApache]) await measure(bench, dataset, () => start(place as Place));
}

async function measure(bench: Bench, dataset: Dataset, start: () => Promise<Peer>): Promise<void> {
  const times: number[] = [];
  for (let turn = 1; turn < STARTS; turn++) {
    const peer = await start();
    times.push(peer.startMs);
    await peer.stop();
  }
  const peer = await start();
  times.push(peer.startMs);
  const about = { area: 'memory', stored: dataset.count, who: peer.name } as const;
  const memory = (): Pick<Row, 'memoryMiB' | 'peakMiB'> => ({
    memoryMiB: residentMiB(peer.pid),
    peakMiB: peakMiB(peer.pid),
  });
  try {
    bench.report({ ...about, what: 'start to first read', p50Ms: median(times), ...memory() });
    const loads: readonly [Load, string, number][] = [
      ['half', 'after reads', READS],
      ['storm', 'after reads and a miss storm', STORM],
    ];
    for (const [load, what, requests] of loads) {
      const made = await runWrkUntil(peer.url, { load, keys: dataset.keys('uniform') }, requests);
      const note = made < requests ? { note: `only ${made} requests in the time there was` } : {};
      bench.report({ ...about, what: `memory ${what}`, keys: 'uniform', ...memory(), ...note });
    }
  } finally {
    await stopPeers([peer]);
  }
}
