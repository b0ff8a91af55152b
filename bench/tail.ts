// What uploads do to reads: the p99 at the same offered load, without uploads and while uploads run as fast as the
// machine can verify. Everything shares both cores, as on a small machine it does. What of it is the machine's doing, and
// would happen to any server there, is what happens to nginx, with the same reads beside the same uploads.
import { cpSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './children.ts';
import { makeCorpus } from './corpus.ts';
import { type Dataset, makeDataset } from './dataset.ts';
import { stopPeers } from './peers.ts';
import type { Bench } from './rows.ts';
import { startNginx, startOurs } from './servers.ts';
import { median } from './statistics.ts';
import type { ReadJob, ReadResult } from './steady-reads.ts';
import type { UploadJob, UploadResult } from './upload-client.ts';
import { makeUploadStore } from './upload-store.ts';

const BOTH_CORES = '0,1';
const STORED = 100_000;
/** Far below what a core serves: the question is who waits for an upload, not how much can be served. */
const READS_PER_SECOND = 1_000;
const [CONNECTIONS, UPLOADS_AT_ONCE] = [32, 8];
const READ_SECONDS = 5;
/** Uploads begin before the reads and end after them. */
const UPLOAD_SECONDS = READ_SECONDS + 2;
const MOST_PER_SECOND = 2_500;
const GOAL = 1.5;

type Sample = { readonly quiet: ReadResult; readonly busy: ReadResult; readonly uploads: UploadResult };

export async function measureTail(bench: Bench): Promise<void> {
  const rounds = Math.min(bench.rounds, 5);
  const each = MOST_PER_SECOND * UPLOAD_SECONDS;
  const corpus = await makeCorpus(bench.folder, 'ed25519', each * (rounds + 1) * 2);
  const dataset = await makeDataset(bench.folder, STORED);
  const dataDir = mkdtempSync(join(bench.scratch, 'tail-'));
  cpSync(dataset.dataDir, dataDir, { recursive: true });
  const { token } = await makeUploadStore(bench.scratch, corpus.key, dataDir);
  const place = { folder: bench.scratch, dataset: { dataDir, tree: dataset.tree } };
  const store = await startOurs(place, { cores: BOTH_CORES });
  const servers = [store];
  let first = 0;
  const measure = (url: string): Promise<Sample> => {
    const uploads = { url: store.url, token, file: corpus.file, first, count: each, lanes: UPLOADS_AT_ONCE };
    first += each;
    const port = Number(new URL(url).port);
    return sample(readJob(port, dataset), { ...uploads, seconds: UPLOAD_SECONDS });
  };
  try {
    servers.push(await startNginx(place, BOTH_CORES));
    for (const { url } of servers) await measure(url); // compiles, and fills what is kept in memory
    const measured = servers.map((server) => ({ ...server, samples: [] as Sample[] }));
    for (let round = 0; round < rounds; round++)
      for (const { url, samples } of measured) samples.push(await measure(url));
    for (const { name, samples } of measured) report(bench, name, samples);
  } finally {
    await stopPeers(servers);
  }
}

const readJob = (port: number, dataset: Dataset): ReadJob => ({
  port,
  keys: dataset.keys('zipf'),
  perSecond: READS_PER_SECOND,
  seconds: READ_SECONDS,
  connections: CONNECTIONS,
});

async function sample(reads: ReadJob, uploads: UploadJob): Promise<Sample> {
  const quiet = await runChild<ReadResult>('steady-reads.ts', reads, BOTH_CORES);
  const uploading = runChild<UploadResult>('upload-client.ts', uploads, BOTH_CORES);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const busy = await runChild<ReadResult>('steady-reads.ts', reads, BOTH_CORES);
  return { quiet, busy, uploads: await uploading };
}

function report(bench: Bench, server: string, samples: readonly Sample[]): void {
  const middle = (fact: (each: Sample) => number) => median(samples.map(fact));
  const what = `reads, ${READS_PER_SECOND} a second, ${server}`;
  const about = { area: 'tail', what, stored: STORED, keys: 'zipf' } as const;
  bench.report({
    ...about,
    who: 'without uploads',
    perSecond: middle(({ quiet }) => quiet.perSecond),
    p50Ms: middle(({ quiet }) => quiet.p50Ms),
    p99Ms: middle(({ quiet }) => quiet.p99Ms),
  });
  const rate = middle(({ uploads }) => uploads.perSecond).toFixed(0);
  const worst = middle(({ busy }) => busy.worstMs).toFixed(0);
  bench.report({
    ...about,
    who: 'while uploads run',
    ratio: middle(({ quiet, busy }) => busy.p99Ms / quiet.p99Ms),
    ...(server === 'lookaside' ? { goal: GOAL } : {}),
    perSecond: middle(({ busy }) => busy.perSecond),
    p50Ms: middle(({ busy }) => busy.p50Ms),
    p99Ms: middle(({ busy }) => busy.p99Ms),
    note: `the ratio is of the p99; worst ${worst} ms; ${rate} uploads a second into lookaside, ${UPLOADS_AT_ONCE} at a time`,
  });
}
