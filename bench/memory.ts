// What a server holds in memory, and how long it takes from its start to its first answer, by the size of the store.
import type { Dataset } from './dataset.ts';
import { type Peer, stopPeers } from './peers.ts';
import { peakMiB, residentMiB } from './processes.ts';
import type { Bench, Row } from './rows.ts';
import { type Place, startApache, startNginx, startOurs } from './servers.ts';
import { median } from './statistics.ts';
import { type Load, runWrk } from './wrk.ts';

const STARTS = 5;
/** Enough to fill what a server keeps in memory of a million signatures, and then to change all of it. */
const [READ_SECONDS, STORM_SECONDS] = [10, 5];

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
      ['half', 'after reads', READ_SECONDS],
      ['storm', 'after reads and a miss storm', STORM_SECONDS],
    ];
    for (const [load, what, seconds] of loads) {
      const { perSecond } = await runWrk(peer.url, { load, keys: dataset.keys('uniform'), seconds });
      bench.report({ ...about, what: `memory ${what}`, keys: 'uniform', perSecond, ...memory() });
    }
  } finally {
    await stopPeers([peer]);
  }
}
