// What it costs to take a signature: the CPU time of the whole server for one upload, verified and durable, against a
// process of gpgv for one signature, and against the cryptography alone.
import { spawn } from 'node:child_process';
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './children.ts';
import { type Corpus, claimOf, makeCorpus, readCorpus } from './corpus.ts';
import { type Peer, SERVER_CORE } from './peers.ts';
import { cpuMicros, reapedMicros } from './processes.ts';
import type { Bench } from './rows.ts';
import { startOurs } from './servers.ts';
import { type Algorithm, createSign } from './signing-key.ts';
import { median } from './statistics.ts';
import type { UploadJob, UploadResult } from './upload-client.ts';
import { makeUploadStore } from './upload-store.ts';

const LOAD_CORE = '1';
/** Per round. With one at a time an upload takes milliseconds, so more would only take longer. */
const [UPLOADS, PROCESSES, BARE] = [200, 100, 2_000];
/** Until the code of the server is compiled. */
const WARM = 500;
const AT_ONCE = 8;
/** A verified upload costs at most a quarter of a process of gpgv. */
const GOAL = 0.25;
const NAMES: Readonly<Record<string, string>> = { rsa4096: 'RSA-4096', ed25519: 'Ed25519' };

type Sample = {
  readonly cpuMicros: number;
  readonly perSecond: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
};
type Way = { readonly who: string; readonly goal?: number; measure(): Promise<Sample> };

export async function measureIntake(bench: Bench): Promise<void> {
  for (const algorithm of ['rsa4096', 'ed25519'] as const) await measureAlgorithm(bench, algorithm);
}

async function measureAlgorithm(bench: Bench, algorithm: Algorithm): Promise<void> {
  const corpus = await makeCorpus(bench.folder, algorithm, 2 * (WARM + UPLOADS * bench.rounds));
  const store = await makeUploadStore(bench.scratch, corpus.key);
  const server = await startOurs({ folder: bench.scratch, dataset: { ...store, tree: '' } }, { path: '/livez' });
  let first = 0;
  const upload = async (lanes: number, count = UPLOADS): Promise<Sample> => {
    const job = { url: server.url, token: store.token, file: corpus.file, first, count, lanes };
    first += count;
    return uploadBy(server, job);
  };
  try {
    await upload(1, WARM);
    await upload(AT_ONCE, WARM);
    await compare(bench, algorithm, [
      { who: 'lookaside, one at a time', measure: () => upload(1) },
      { who: `lookaside, ${AT_ONCE} at a time`, measure: () => upload(AT_ONCE) },
      { who: 'gpgv, a process each', goal: GOAL, measure: createGpgv(bench, corpus) },
      { who: 'crypto.verify alone', measure: createBare(corpus) },
    ]);
  } finally {
    await server.stop();
  }
}

/** The ratio is that of uploads at a time, as many as a busy server has, to each of the others. */
async function compare(bench: Bench, algorithm: Algorithm, ways: readonly Way[]): Promise<void> {
  const samples = ways.map((): Sample[] => []);
  for (let round = 0; round < bench.rounds; round++)
    for (const [index, way] of ways.entries()) samples[index]?.push(await way.measure());
  const ours = samples[1] ?? [];
  ways.forEach(({ who, goal }, index) => {
    const theirs = samples[index] ?? [];
    const middle = (fact: (sample: Sample) => number | undefined) =>
      median(theirs.map((each) => fact(each) ?? Number.NaN));
    const waits =
      theirs[0]?.p50Ms === undefined
        ? {}
        : { p50Ms: middle((each) => each.p50Ms), p99Ms: middle((each) => each.p99Ms) };
    bench.report({
      area: 'intake',
      what: `verified upload, ${NAMES[algorithm]}`,
      who,
      cpuMicros: middle((each) => each.cpuMicros),
      ratio: median(theirs.map((each, round) => (ours[round]?.cpuMicros ?? Number.NaN) / each.cpuMicros)),
      ...(goal === undefined ? {} : { goal }),
      perSecond: middle((each) => each.perSecond),
      ...waits,
    });
  });
}

async function uploadBy({ pid }: Peer, job: UploadJob): Promise<Sample> {
  const before = cpuMicros(pid);
  const { stored, ...result } = await runChild<UploadResult>('upload-client.ts', job, LOAD_CORE);
  if (stored !== job.count) throw new Error(`${stored} of ${job.count} were stored; the corpus was too small`);
  return { ...result, cpuMicros: (cpuMicros(pid) - before) / stored };
}

/** A shell runs them, as a script would; its own share is that of starting a process. */
function createGpgv(bench: Bench, { key, file }: Corpus): () => Promise<Sample> {
  const folder = mkdtempSync(join(bench.scratch, 'gpgv-'));
  const keyring = join(folder, 'key.gpg');
  writeFileSync(keyring, Buffer.from(key.publicKey, 'base64'));
  const files = readCorpus(file, 0, PROCESSES).map((bytes, index) => {
    const name = join(folder, String(index));
    writeFileSync(name, bytes);
    return name;
  });
  const loop = 'keyring=$1; shift; for file; do gpgv --quiet --keyring "$keyring" "$file" 2>/dev/null || exit 1; done';
  return async () => {
    const [start, before] = [performance.now(), reapedMicros()];
    const child = spawn('taskset', ['-c', SERVER_CORE, 'sh', '-c', loop, '-', keyring, ...files], { stdio: 'ignore' });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error('gpgv refused a signature');
    return {
      cpuMicros: (reapedMicros() - before) / PROCESSES,
      perSecond: (PROCESSES * 1000) / (performance.now() - start),
    };
  };
}

/** What no program can do without: the mathematics, and the hash of a few hundred octets. */
function createBare({ key }: Corpus): () => Promise<Sample> {
  const publicKey: KeyObject = createPublicKey({ key: key.jwk, format: 'jwk' });
  const { signedData, signature } = createSign(key)(claimOf(0).payload);
  const algorithm = key.algorithm === 'ed25519' ? null : 'sha512';
  const data = algorithm === null ? hash('sha512', signedData, 'buffer') : signedData;
  return async () => {
    const [start, before] = [performance.now(), process.cpuUsage()];
    for (let turn = 0; turn < BARE; turn++)
      if (!verify(algorithm, data, publicKey, signature)) throw new Error('the signature is not what it should be');
    const { user, system } = process.cpuUsage(before);
    return { cpuMicros: (user + system) / BARE, perSecond: (BARE * 1000) / (performance.now() - start) };
  };
}
