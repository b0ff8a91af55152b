// `lookaside push` of a tree as years of signing leave it behind, with client and server on both cores.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Corpus, claimOf, makeCorpus, REGISTRY, readCorpus } from './corpus.ts';
import { cpuMicros, peakMiB, residentMiB } from './processes.ts';
import type { Bench } from './rows.ts';
import { OURS, startOurs } from './servers.ts';
import { makeUploadStore } from './upload-store.ts';

const [FULL, QUICK] = [100_000, 5_000];
const BOTH_CORES = '0,1';
const LOOK_MS = 100;

export async function measurePush(bench: Bench): Promise<void> {
  const corpus = await makeCorpus(bench.folder, 'rsa2048', bench.quick ? QUICK : FULL);
  const tree = makeTree(corpus);
  const store = await makeUploadStore(bench.scratch, corpus.key);
  const place = { folder: bench.scratch, dataset: { ...store, tree: '' } };
  const server = await startOurs(place, { cores: BOTH_CORES, path: '/livez' });
  try {
    const before = cpuMicros(server.pid);
    const { seconds, peak, middle, client } = await push(tree, { server: server.url, token: store.token, corpus });
    const about = {
      area: 'push',
      what: `push of ${corpus.count} signatures, RSA-2048`,
      perSecond: corpus.count / seconds,
    } as const;
    bench.report({
      ...about,
      who: 'lookaside, server',
      cpuMicros: (cpuMicros(server.pid) - before) / corpus.count,
      memoryMiB: residentMiB(server.pid),
      peakMiB: peakMiB(server.pid),
      note: `${seconds.toFixed(0)} s`,
    });
    bench.report({
      ...about,
      who: 'lookaside push',
      cpuMicros: client / corpus.count,
      peakMiB: peak,
      note: `peak at half of the time ${middle.toFixed(0)} MiB`,
    });
  } finally {
    await server.stop();
  }
}

function makeTree({ file, folder, count }: Corpus): string {
  const [tree, finished] = [join(folder, 'tree'), join(folder, 'tree-finished')];
  if (existsSync(finished)) return tree;
  rmSync(tree, { recursive: true, force: true });
  for (const [index, bytes] of readCorpus(file, 0, count).entries()) {
    const { path, hex, number } = claimOf(index);
    const directory = join(tree, `${path}@sha256=${hex}`);
    if (number === 1) mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `signature-${number}`), bytes);
  }
  writeFileSync(finished, '');
  return tree;
}

type Target = { readonly server: string; readonly token: string; readonly corpus: Corpus };
type Pushed = {
  readonly seconds: number;
  readonly peak: number;
  /** When half of it was done: memory that grows with the tree shows as a difference. */
  readonly middle: number;
  /** CPU time, in microseconds. */
  readonly client: number;
};

async function push(tree: string, { server, token, corpus }: Target): Promise<Pushed> {
  const start = performance.now();
  const [command = '', ...args] = [...OURS, 'push', tree, '--registry', REGISTRY];
  const child = spawn('taskset', ['-c', BOTH_CORES, command, ...args], {
    env: { ...process.env, LOOKASIDE_SERVER: server, LOOKASIDE_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const looks: { peak: number; cpu: number }[] = [];
  const looking = setInterval(() => {
    const peak = peakMiB(child.pid ?? 0);
    if (peak > 0) looks.push({ peak, cpu: cpuMicros(child.pid ?? 0) });
  }, LOOK_MS);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000);
    });
  const [code] = await once(child, 'close');
  clearInterval(looking);
  if (code !== 0 || !said.includes(`${corpus.count} stored`)) throw new Error(`push ended with ${code}: ${said}`);
  const last = looks.at(-1);
  return {
    seconds: (performance.now() - start) / 1000,
    peak: last?.peak ?? 0,
    middle: looks[looks.length >> 1]?.peak ?? 0,
    client: last?.cpu ?? 0,
  };
}
