// The same signatures twice: as rows of a store, and as the static tree that Apache and nginx serve. Their bytes are
// noise that follows from their number: reads do not look into them, real ones take minutes to make, and whoever
// writes the store and whoever writes the tree need not talk to each other.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once as event } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { fillStore, storeVersion } from './dataset-store.ts';
import { writeDraws } from './draws.ts';

/** A signature by RSA 2048, compressed. */
const SIGNATURE_BYTES = 560;
/** Directories of repositories are spread as those of teams are; all million in one would be nobody's tree. */
const [TEAMS, APPS] = [20, 500];
const TREE_WRITERS = 2;

/** What is asked for, as wrk takes it: paths of equal length without their number, and indices of them in order. */
export type Keys = {
  readonly paths: string;
  readonly pathBytes: number;
  readonly count: number;
  readonly draws: string;
  readonly drawn: number;
};

export const LAWS = ['uniform', 'zipf'] as const;
export type Law = (typeof LAWS)[number];

export type Dataset = {
  readonly count: number;
  readonly dataDir: string;
  readonly tree: string;
  keys(law: Law): Keys;
};

export type Image = { readonly repository: string; readonly hex: string; readonly bytes: Buffer };

/** The image with this number, and its only signature. */
export function imageOf(index: number): Image {
  const noise = createHash('shake256', { outputLength: SIGNATURE_BYTES + 32 })
    .update(`signature ${index}`)
    .digest();
  const [team, app] = [index % TEAMS, Math.floor(index / TEAMS) % APPS].map((number) =>
    String(number).padStart(3, '0'),
  );
  return {
    repository: `quay.io/team-${team}/app-${app}`,
    hex: noise.subarray(0, 32).toString('hex'),
    bytes: noise.subarray(32),
  };
}

export function directoryOf({ repository, hex }: Image): string {
  return `${repository}@sha256=${hex}`;
}

/** Makes the dataset in `folder`, or what of it an earlier run has not finished there. */
export async function makeDataset(folder: string, count: number): Promise<Dataset> {
  const place = join(folder, `stored-${count}`);
  const [tree, paths] = [join(place, 'tree'), join(place, 'paths')];
  const dataDir = join(place, `data-${storeVersion()}`);
  const draws = (law: Law) => join(place, law);
  const pathBytes = `/${directoryOf(imageOf(0))}/signature-`.length;
  mkdirSync(place, { recursive: true });
  await once(tree, async () => {
    const parts = Array.from({ length: TREE_WRITERS }, (_, part) => writeTree({ tree, count, part }));
    await Promise.all(parts);
    writeFileSync(paths, pathsOf(count, pathBytes));
    for (const law of LAWS) writeDraws(draws(law), count, law);
  });
  await once(dataDir, () => {
    for (const name of readdirSync(place)) if (name.startsWith('data-')) rmSync(join(place, name), { recursive: true });
    mkdirSync(dataDir);
    return fillStore(dataDir, count);
  });
  return {
    count,
    dataDir,
    tree,
    keys: (law) => ({ paths, pathBytes, count, draws: draws(law), drawn: statSync(draws(law)).size / 4 }),
  };
}

/** A file beside the result says that it was finished: a run may have been stopped in the middle. */
async function once(place: string, make: () => Promise<void>): Promise<void> {
  if (existsSync(`${place}.finished`)) return;
  rmSync(place, { recursive: true, force: true });
  const start = performance.now();
  await make();
  writeFileSync(`${place}.finished`, '');
  process.stderr.write(`made ${place} in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
}

/** Reads all of it once: what is compared is servers, not which of the two forms the page cache has lost more of. */
export async function warm({ dataDir, tree }: Dataset): Promise<void> {
  const child = spawn('sh', [
    '-c',
    'find "$@" -type f -print0 | xargs -0 -P 4 -n 1000 cat > /dev/null',
    '-',
    dataDir,
    tree,
  ]);
  const [code] = await event(child, 'close');
  if (code !== 0) throw new Error(`reading the dataset ended with ${code}`);
}

function pathsOf(count: number, pathBytes: number): Buffer {
  const all = Buffer.alloc(count * pathBytes);
  for (let index = 0; index < count; index++)
    all.write(`/${directoryOf(imageOf(index))}/signature-`, index * pathBytes, 'latin1');
  return all;
}

const WRITER = fileURLToPath(new URL('dataset-tree.ts', import.meta.url));

export type TreePart = { readonly tree: string; readonly count: number; readonly part: number };

/** In threads: a million directories are work for the kernel, and one thread waits for most of it. */
function writeTree(part: TreePart): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WRITER, { workerData: { ...part, parts: TREE_WRITERS } });
    worker.once('error', reject);
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the tree was not written: ${code}`))));
  });
}
