// What a read costs: requests as runtimes make them, on connections as they keep and close them.
import { requireAlike } from './alike.ts';
import { makeCertificate } from './certificate.ts';
import { type Comparison, compare } from './compare.ts';
import { requireConnections } from './connections.ts';
import { type Dataset, LAWS, type Law } from './dataset.ts';
import { type Peer, stopPeers } from './peers.ts';
import type { Area, Bench } from './rows.ts';
import { startAll } from './servers.ts';
import { requireTlsAlike, runTlsLoad } from './tls.ts';
import { runWrk, runWrkUntil } from './wrk.ts';

type Kind = Pick<Comparison, 'what' | 'load' | 'run' | 'goals'> & { area: Area };

const KINDS: readonly Kind[] = [
  { area: 'reads', what: 'hits', load: 'hit', run: runWrk, goals: { nginx: 1, apache: 0.55 } },
  { area: 'reads', what: 'half hits, half misses', load: 'half', run: runWrk, goals: { nginx: 1, apache: 0.55 } },
  { area: 'reads', what: 'miss storm', load: 'storm', run: runWrk },
  {
    area: 'pull',
    what: 'pull: connection, hit, miss',
    load: 'pull',
    run: runWrk,
    goals: { nginx: 1.5, apache: 0.8 },
  },
  {
    area: 'pull',
    what: 'connection per request',
    load: 'connection',
    run: runWrk,
    goals: { nginx: 2, apache: 1 },
  },
  {
    area: 'tls',
    what: 'TLS pull: connection, hit, miss',
    load: 'pull',
    run: runTlsLoad,
    goals: { nginx: 2.5, apache: 1.5 },
  },
  {
    area: 'tls',
    what: 'TLS connection per request',
    load: 'connection',
    run: runTlsLoad,
  },
];

/** A thousand keys fit into every cache there is: how they are drawn makes no difference. */
const lawsOf = ({ count }: Dataset, { load }: Kind): readonly Law[] =>
  count < 10_000 || load === 'storm' ? ['uniform'] : LAWS;

export async function measureReads(bench: Bench, dataset: Dataset): Promise<void> {
  const wanted = KINDS.filter(({ area }) => bench.areas.includes(area));
  const plain = wanted.filter(({ area }) => area !== 'tls');
  const secret = wanted.filter(({ area }) => area === 'tls');
  const place = { folder: bench.scratch, dataset };
  if (plain.some(({ area }) => area === 'pull')) await requireConnections(dataset.keys('uniform'));
  if (plain.length > 0) await measureKinds(bench, dataset, plain, await startAll(place));
  if (secret.length === 0) return;
  const peers = await startAll({ ...place, certificate: makeCertificate(bench.scratch) }).catch((error: Error) => {
    if (!/unknown setting/.test(error.message)) throw error;
    bench.skip('TLS is left out: this version has no setting for a certificate.');
    return [];
  });
  if (peers.length > 0) await measureKinds(bench, dataset, secret, peers);
}

async function measureKinds(bench: Bench, dataset: Dataset, kinds: readonly Kind[], peers: Peer[]): Promise<void> {
  try {
    if (peers[0]?.url.startsWith('https:')) await requireTlsAlike(peers);
    await requireAlike(peers, dataset);
    await fill(peers[0], dataset);
    for (const kind of kinds)
      for (const law of lawsOf(dataset, kind))
        await compare(bench, peers, { ...kind, stored: dataset.count, law, keys: dataset.keys(law) });
  } finally {
    await stopPeers(peers);
  }
}

/** More than fits into the memory that ours has for signatures by default, which some 60,000 do. */
const MOST_TO_FILL = 200_000;

/** Ours keeps what it served; a server that has just started is not what users have. Of the peers' files warm() has read all. */
async function fill(ours: Peer | undefined, { count, keys }: Dataset): Promise<void> {
  if (ours) await runWrkUntil(ours.url, { load: 'half', keys: keys('uniform') }, Math.min(2 * count, MOST_TO_FILL));
}
