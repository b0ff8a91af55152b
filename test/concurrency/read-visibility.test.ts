// What one process has acknowledged, another says from its next answer on, however busy it is: hundreds of connections
// read from it all the time, so that it answers many with one look at the store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { randomDigest } from '../support/gpg-claims.ts';
import { must, runCli, serverProcess } from '../support/processes.ts';
import { type Cluster, createCluster, postSignature, REPOSITORY } from '../support/processes-cluster.ts';
import { openReadConnection, type ReadConnection } from './read-connection.ts';
import { hashOf, type ReadLoad, type ReadLoadResult } from './read-load.ts';

const IMAGES = 4;
const READERS = 200;
/** Uploads at most; there are as many withdrawals, and each of both is looked for on all these connections. */
const ROUNDS = 80;
const PROBES = 8;

type Image = { readonly path: string; readonly signatures: readonly Buffer[]; readonly list: Stored[] };
type Stored = { readonly id: number; readonly bytes: Buffer };

for (const [workers, rounds] of [
  ['1', ROUNDS],
  ['2', ROUNDS / 2],
] as const)
  test(`a busy process with ${workers} worker(s) knows what another acknowledged`, async (t) => {
    const cluster = await createCluster(t, 1);
    const busy = await serverProcess(t, { LOOKASIDE_DATA_DIR: cluster.dataDir, LOOKASIDE_WORKERS: workers });
    const images = await Promise.all(Array.from({ length: IMAGES }, () => createImage(cluster)));
    const probes = await Promise.all(Array.from({ length: PROBES }, () => openReadConnection(busy.url)));
    const load = startLoad(busy.url, images);
    t.after(() => load.end());
    t.after(() => probes.forEach((probe) => void probe.end()));

    const started = performance.now();
    for (let round = 0; round < rounds; round++) {
      const image = images[round % IMAGES] as Image;
      await upload(cluster, image, image.signatures[Math.floor(round / IMAGES)] as Buffer);
      await expectList(probes, image, `upload ${round}`);
      // The lists grow to three, and shrink to nothing.
      for (const most = [1, 2, 3, 0][Math.floor(round / IMAGES) % 4] ?? 0; image.list.length > most; ) {
        await withdraw(cluster, image, round % image.list.length, round === rounds - 1);
        await expectList(probes, image, `withdrawal in round ${round}`);
      }
    }
    const took = performance.now() - started;
    const { answers, error } = await load.end();
    assert.equal(error, null);
    t.diagnostic(`${answers} answers to others, ${Math.round(answers / (took / 1_000))} in a second`);
    assert.ok(answers > 10 * READERS, 'it was busy');
  });

async function createImage({ signer }: Cluster): Promise<Image> {
  const digest = randomDigest();
  const signatures = await signer.signTags(REPOSITORY, digest, ROUNDS / IMAGES);
  return { path: `/${REPOSITORY}@${digest.replace(':', '=')}/signature-`, signatures, list: [] };
}

async function upload({ url, token }: Cluster, { list }: Image, bytes: Buffer): Promise<void> {
  const { status, id } = await postSignature(url(0), token, bytes);
  assert.equal(status, 201);
  list.push({ id, bytes });
}

async function withdraw(
  { url, token, dataDir }: Cluster,
  { list }: Image,
  at: number,
  byCommand: boolean,
): Promise<void> {
  const id = String(list[at]?.id);
  if (byCommand) await must(runCli(['withdraw', id, '--reason', 'test'], { env: { LOOKASIDE_DATA_DIR: dataDir } }));
  else {
    const { status } = await fetch(`${url(0)}/api/v1/signatures/${id}`, {
      method: 'DELETE',
      body: JSON.stringify({ reason: 'test' }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    assert.equal(status, 204);
  }
  list.splice(at, 1);
}

/** Each connection asks for one number, or for all of them at once; they all ask in the same moment. */
async function expectList(probes: readonly ReadConnection[], { path, list }: Image, when: string): Promise<void> {
  const asked = probes.map(async (probe, index) => {
    const last = list.length + 1;
    const numbers = index % 2 ? [1 + (index % last)] : Array.from({ length: last }, (_, at) => at + 1);
    const answers = await probe.ask(...numbers.map((number) => `${path}${number}`));
    for (const [at, { status, body }] of answers.entries()) {
      const expected = list[(numbers[at] ?? 0) - 1];
      assert.equal(status, expected ? 200 : 404, `${when}: signature-${numbers[at]}`);
      if (expected) assert.ok(expected.bytes.equals(body), `${when}: another signature-${numbers[at]}`);
    }
  });
  await Promise.all(asked);
}

function startLoad(url: string, images: readonly Image[]) {
  const workerData: ReadLoad = {
    url,
    readers: READERS,
    images: images.map(({ path, signatures }) => ({ path, known: signatures.map(hashOf) })),
  };
  const worker = new Worker(new URL('./read-load.ts', import.meta.url), { workerData });
  const result = new Promise<ReadLoadResult>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  result.catch(() => {}); // told by end()
  return {
    async end(): Promise<ReadLoadResult> {
      worker.postMessage('stop');
      const told = await result;
      await worker.terminate();
      return told;
    },
  };
}
