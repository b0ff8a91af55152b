// Stores to move between: one that holds everything real signers made for the corpus, and empty ones.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { APART, CORPUS, CORPUS_KEYS, targetOf } from '../openpgp/corpus.ts';
import { fixture, type TestStore, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine, type Lookaside } from './scene.ts';

export type MovingStore = TestStore & { readonly lookaside: Lookaside };

export async function emptyStore(t: TestContext): Promise<MovingStore> {
  const store = await testStore(t);
  return { ...store, lookaside: commandLine(t, { LOOKASIDE_DATA_DIR: store.dataDir }) };
}

/** Keys of the corpus that can be registered and sign. */
export const KEYS = CORPUS_KEYS.filter(({ name, state }) => state === 'active' && !APART.has(name)).map(
  ({ name }) => name,
);

export async function emptyStoreWithKeys(t: TestContext): Promise<MovingStore> {
  const store = await emptyStore(t);
  await store.registerKeys(...KEYS);
  return store;
}

/** Every signature of the corpus that is accepted, taken in by `lookaside import`. */
export async function corpusStore(t: TestContext): Promise<MovingStore> {
  const store = await emptyStoreWithKeys(t);
  const tree = tempDir(t);
  const numbers = new Map<string, number>();
  for (const vector of CORPUS.filter(
    ({ expect, keys }) => expect === 'accepted' && keys.every((key) => KEYS.includes(key)),
  )) {
    const image = join(tree, targetOf(vector));
    const number = (numbers.get(image) ?? 0) + 1;
    numbers.set(image, number);
    mkdirSync(image, { recursive: true });
    writeFileSync(join(image, `signature-${number}`), fixture(vector.file));
  }
  await importTree(store, tree);
  return store;
}

/** What an export has written, registry by registry. */
export async function importTree({ lookaside }: MovingStore, tree: string): Promise<void> {
  for (const registry of readdirSync(tree).filter((name) => !name.startsWith('.')))
    await succeed(lookaside('import', join(tree, registry), '--registry', registry));
}

export async function succeed(running: ReturnType<Lookaside>): Promise<string> {
  const { code, out, err } = await running;
  if (code !== 0) throw new Error(`exit ${code}: ${err}`);
  return out;
}
