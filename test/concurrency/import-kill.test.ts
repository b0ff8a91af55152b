// An import that ends in the middle, killed or asked to: what it said is in the store, what it did not say is in it whole or
// not at all, and running it again gets to where one run would have come.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { openReads } from '../../server/store/sqlite-store.ts';
import { randomDigest, stage } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { CLI, cleanEnv } from '../support/processes.ts';
import { LOCAL, testServer, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

const REGISTRY = 'registry.example.com';
const [NODE = '', LAUNCH = ''] = CLI;
const [IMAGES, PER_IMAGE] = [40, 50];
const TOTAL = IMAGES * PER_IMAGE;

type Tree = { readonly dir: string; readonly images: readonly { name: string; digest: string; signed: Buffer[] }[] };

async function makeTree(t: TestContext): Promise<Tree & { readonly publicKey: Uint8Array }> {
  const signer = await createFastSigner();
  const dir = tempDir(t);
  const images = Array.from({ length: IMAGES }, (_, index) => {
    const name = `${REGISTRY}/app-${index}`;
    const digest = randomDigest();
    const signed = Array.from({ length: PER_IMAGE }, (_, tag) => signer.sign(`${name}:v${tag}`, digest));
    stage(dir, `app-${index}`, digest, signed);
    return { name, digest, signed };
  });
  return { dir, images, publicKey: signer.publicKey };
}

type Running = {
  readonly child: ChildProcess;
  /** Lines of standard output up to now. */
  readonly lines: string[];
  /** Resolves when so many lines are there, or there will be no more. */
  reaches(count: number): Promise<void>;
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null; err: string }>;
};

function startImport(t: TestContext, dataDir: string, tree: string): Running {
  const args = [LAUNCH, 'import', tree, '--registry', REGISTRY, '--json'];
  const child = spawn(NODE, args, {
    env: cleanEnv({ LOOKASIDE_DATA_DIR: dataDir }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  const closed = once(child, 'close');
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout as Readable });
  output.on('line', (line) => lines.push(line));
  let err = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return {
    child,
    lines,
    async reaches(count) {
      while (lines.length < count && child.exitCode === null && child.signalCode === null)
        await Promise.race([once(output, 'line'), closed]);
    },
    async ended() {
      const [code, signal] = await closed;
      return { code, signal, err };
    },
  };
}

type Line = { path?: string; status?: string; complete?: boolean; counts?: Record<string, number> };
const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Line);

/** Per image a beginning of its signatures, in their order; returns how many in all. */
function requireBeginnings({ images }: Tree, path: string): number {
  const reading = openReads(path);
  try {
    return images.reduce((sum, { name, digest, signed }) => {
      const image = { repository: name as RepositoryName, digest: digest as Digest };
      const live = reading.live.live(image).map(({ content }) => Buffer.from(content, 'latin1'));
      assert.deepEqual(live, signed.slice(0, live.length));
      return sum + live.length;
    }, 0);
  } finally {
    reading.close();
  }
}

test('an import that is killed', async (t) => {
  const tree = await makeTree(t);
  const store = await testStore(t);
  await store.registerKeys(tree.publicKey);
  let kills = 0;

  await t.test('loses nothing that it said was stored, however often', async () => {
    let before = 0;
    while (kills < 3 && before < TOTAL - 600) {
      const running = startImport(t, store.dataDir, tree.dir);
      await running.reaches(before + 100);
      running.child.kill('SIGKILL');
      const { signal } = await running.ended();
      assert.equal(signal, 'SIGKILL');
      kills++;
      // The last line may be cut off by the kill.
      const said = running.lines.filter((line) => /"status":"(stored|exists)".*\}$/.test(line)).length;
      const there = requireBeginnings(tree, store.config.databasePath);
      assert.ok(there >= said, `${said} were said to be stored, ${there} are`);
      assert.ok(there > before && there < TOTAL, `killed with ${there} stored, ${before} before`);
      before = there;
    }
    assert.ok(kills > 1, 'the tree was too small to be interrupted');
  });
  await t.test('is completed by the next one, each signature once and in its order', async () => {
    const before = requireBeginnings(tree, store.config.databasePath);
    const running = startImport(t, store.dataDir, tree.dir);
    assert.equal((await running.ended()).code, 0);
    const { counts } = parsed(running.lines).at(-1) ?? {};
    assert.deepEqual([counts?.stored, counts?.exists, counts?.refused], [TOTAL - before, before, 0]);
    assert.equal(requireBeginnings(tree, store.config.databasePath), TOTAL);
  });
  await t.test('leaves an audit log that is whole, with one event for each', async () => {
    const { seq } = await store.local.audit.verify(null, LOCAL);
    assert.equal(seq, TOTAL + 1); // and the key
  });
});

test('an import that is asked to end', async (t) => {
  const tree = await makeTree(t);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    await t.test(`by ${signal} finishes what is under way, says what was done, and can be gone on with`, async (t) => {
      const store = await testStore(t);
      await store.registerKeys(tree.publicKey);
      const running = startImport(t, store.dataDir, tree.dir);
      await running.reaches(10);
      running.child.kill(signal);
      const { code, err } = await running.ended();
      assert.equal(code, 1, err);
      const { complete, counts } = parsed(running.lines).at(-1) ?? {};
      assert.equal(complete, false);
      const there = requireBeginnings(tree, store.config.databasePath);
      assert.ok(there < TOTAL);
      assert.equal(counts?.stored, there);
      assert.match(err, /ending when what is under way is stored/);

      const next = startImport(t, store.dataDir, tree.dir);
      assert.equal((await next.ended()).code, 0);
      assert.equal(parsed(next.lines).at(-1)?.counts?.stored, TOTAL - there);
    });
});

test('an import beside a server', async (t) => {
  const tree = await makeTree(t);
  const server = await testServer(t);
  const signer = await createFastSigner();
  await server.registerKeys(tree.publicKey, signer.publicKey);
  const token = await server.createToken(['upload']);
  const pathOf = ({ name, digest }: Tree['images'][number], number: number) =>
    `${server.url}/${name}@${digest.replace(':', '=')}/signature-${number}`;
  const [first] = tree.images;
  assert.ok(first);
  assert.equal((await fetch(pathOf(first, 1))).status, 404);

  await t.test('keeps no upload from being taken', async () => {
    const running = startImport(t, server.dataDir, tree.dir);
    const statuses = new Set<number>();
    let uploads = 0;
    while (running.child.exitCode === null) {
      const body = signer.sign(`${REGISTRY}/other:v${uploads++}`, randomDigest());
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
      statuses.add((await fetch(`${server.url}/api/v1/signatures`, { method: 'POST', headers, body })).status);
    }
    assert.equal((await running.ended()).code, 0);
    assert.deepEqual([...statuses], [201]);
    assert.ok(uploads > 10, `${uploads} uploads`);
    await server.local.audit.verify(null, LOCAL);
  });
  await t.test('is read from the server at once, byte by byte', async () => {
    for (const image of tree.images)
      for (const number of [1, PER_IMAGE]) {
        const response = await fetch(pathOf(image, number));
        assert.equal(response.status, 200);
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), image.signed[number - 1]);
      }
  });
});
