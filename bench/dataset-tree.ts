// A thread that writes its share of the static tree.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workerData } from 'node:worker_threads';
import { directoryOf, imageOf, type TreePart } from './dataset.ts';

const { tree, count, part, parts } = workerData as TreePart & { parts: number };
const parents = new Set<string>();
for (let index = part; index < count; index += parts) {
  const image = imageOf(index);
  const directory = join(tree, directoryOf(image));
  const parent = dirname(directory);
  if (!parents.has(parent)) mkdirSync(parent, { recursive: true });
  parents.add(parent);
  mkdirSync(directory);
  writeFileSync(join(directory, 'signature-1'), image.bytes);
}
