// A web server's clients walk the tree while `lookaside export --watch` renumbers it, as processes of their own.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { formatImage, type Image } from '../../server/domain/slot.ts';
import { filesOf } from '../services/tree-scene.ts';
import { ACT, append, newKey, newSignature, openTestStore, randomDigest } from '../store/scene.ts';
import { CLI, startService } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const [NODE = '', LAUNCH = ''] = CLI;
const IMAGES = 6;
const SIGNATURES = 24;
const WALKERS = 4;
/** A kill comes before a run of this size is over. */
const MANY = 1_500;

async function scene(t: TestContext) {
  const dataDir = tempDir(t);
  const { store } = await openTestStore(t, 'thread', join(dataDir, 'lookaside.db'));
  await store.putKey(newKey());
  const tree = join(dataDir, 'tree');
  const image = (index: number): Image => ({
    repository: parseRepository(`quay.io/acme/app-${index % 5}`),
    digest: randomDigest(),
  });
  const exporting = (...options: readonly string[]) =>
    startService(t, NODE, [LAUNCH, 'export', tree, ...options], { LOOKASIDE_DATA_DIR: dataDir });
  return { store, tree, image, exporting };
}

test('a walk of a tree that is being renumbered', async (t) => {
  const { store, tree, image, exporting } = await scene(t);
  const images = Array.from({ length: IMAGES }, (_, index) => image(index));
  const staying = new Map<Image, Set<string>>();
  const known = new Map<Image, Set<string>>();
  const leaving: number[] = [];
  for (const image of images) {
    staying.set(image, new Set());
    known.set(image, new Set());
    for (let index = 0; index < SIGNATURES; index++) {
      const signature = newSignature(image);
      const { id } = await store.append(append(signature));
      const sha256 = Buffer.from(signature.sha256).toString('hex');
      known.get(image)?.add(sha256);
      if (index % 2 === 0) leaving.push(id);
      else staying.get(image)?.add(sha256);
    }
  }
  const watch = exporting('--watch', '--json');
  await watch.line(/"status":"done"/);

  let going = true;
  let walks = 0;
  async function walk(image: Image): Promise<void> {
    const seen = new Set<string>();
    for (let number = 1; ; number++) {
      const bytes = await readFile(join(tree, formatImage(image), `signature-${number}`)).catch(() => null);
      if (bytes === null) break;
      const sha256 = hash('sha256', bytes);
      assert.ok(known.get(image)?.has(sha256), `signature-${number} is half a file, or of another image`);
      seen.add(sha256);
      await sleep(Math.random() < 0.1 ? 15 : 0);
    }
    for (const sha256 of staying.get(image) ?? []) assert.ok(seen.has(sha256), 'a live signature was hidden');
    walks++;
  }
  const walkers = Array.from({ length: WALKERS }, async (_, index) => {
    for (let turn = index; going; turn++) await walk(images[turn % IMAGES] as Image);
  });

  for (const id of leaving) {
    await store.withdraw({ ...ACT, id, reason: 'mistake' });
    await sleep(Math.random() * 80);
  }
  const wanted = IMAGES * (SIGNATURES / 2);
  const written = () => images.reduce((sum, image) => sum + readdirSync(join(tree, formatImage(image))).length, 0);
  for (let turn = 0; turn < 100 && written() !== wanted; turn++) await sleep(100);
  going = false;
  await Promise.all(walkers);
  assert.ok(walks > 100, `${walks} walks`);
  for (const image of images)
    assert.deepEqual(
      Object.values(filesOf(join(tree, formatImage(image)))).sort(),
      [...(staying.get(image) ?? [])].sort(),
    );
  assert.deepEqual(await watch.end('SIGTERM'), { code: 0, signal: null });
});

test('an export that is killed', async (t) => {
  const { store, tree, image, exporting } = await scene(t);
  const images: Image[] = [];
  while (images.length * 3 < MANY) images.push(image(images.length));
  await Promise.all(images.flatMap((next) => [1, 2, 3].map(() => store.append(append(newSignature(next))))));
  /** What is there is a beginning of each list, file by file; returns how many there are. */
  function written(): number {
    const files = filesOf(tree);
    for (const image of images) {
      const live = store.live(image).map(({ sha256 }) => sha256);
      const found = live.map((_, index) => files[`${formatImage(image)}/signature-${index + 1}`]);
      const end = found.indexOf(undefined);
      const length = end === -1 ? live.length : end;
      assert.deepEqual(found, [...live.slice(0, length), ...Array(live.length - length).fill(undefined)]);
    }
    return Object.keys(files).filter((name) => /\/signature-\d+$/.test(name)).length;
  }

  let before = 0;
  for (let round = 0; round < 4; round++) {
    const running = exporting('--json');
    await running.line(/"status":"written"/);
    await sleep(Math.random() * 50);
    await running.end('SIGKILL');
    const now = written();
    assert.ok(now > before, 'a run goes on where the last one was killed');
    before = now;
  }
  assert.ok(before < MANY, 'the kills came too late to be a test');
  const last = exporting();
  await last.line(/written, 0 removed/);
  await last.end('SIGTERM');
  assert.equal(written(), MANY);
  assert.equal(Object.keys(filesOf(tree)).length, MANY, 'something else is left');
});
