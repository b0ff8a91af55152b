// A real bundle of a real store, its files to be forged, and stores to load it into.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { emptyStore, type MovingStore, succeed } from '../cli/moving-scene.ts';
import type { Ran } from '../cli/scene.ts';
import { type Forged, filesIn } from '../services/bundle-forging.ts';
import { createFastSigner, type FastSigner } from '../support/many-signatures.ts';
import { LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

const HEX = 'a'.repeat(64);
const REPOSITORY = 'registry.example.com/acme/app';
/** Of the one image in the bundle. */
export const IMAGE = `signatures/${REPOSITORY}@sha256=${HEX}`;

export type BundleFiles = Record<'facts' | 'key' | 'first' | 'second', Forged>;

export type BundleScene = BundleFiles & {
  readonly signer: FastSigner;
  readonly dir: string;
  /** The path of the bundle as it was made. */
  readonly bundle: string;
  /** Another signature of the image. */
  readonly another: Buffer;
  /** The path of a new file. */
  file(bytes: Buffer): string;
  load(store: MovingStore, path: string, ...options: readonly string[]): Promise<Ran>;
};

export async function bundleScene(t: TestContext): Promise<BundleScene> {
  const signer = await createFastSigner();
  const source = await emptyStore(t);
  await source.registerKeys(signer.publicKey);
  const dir = tempDir(t);
  const tree = join(dir, 'tree');
  const sign = (tag: string) => signer.sign(`${REPOSITORY}:${tag}`, `sha256:${HEX}`);
  mkdirSync(join(tree, `acme/app@sha256=${HEX}`), { recursive: true });
  for (const n of [1, 2]) writeFileSync(join(tree, `acme/app@sha256=${HEX}/signature-${n}`), sign(`v${n}`));
  await succeed(source.lookaside('import', tree, '--registry', 'registry.example.com'));
  const bundle = join(dir, 'bundle.tar');
  await succeed(source.lookaside('bundle', 'create', bundle));
  const [facts, key, first, second] = filesIn(bundle) as [Forged, Forged, Forged, Forged];
  return {
    ...{ signer, dir, bundle, facts, key, first, second },
    another: sign('v3'),
    file(bytes) {
      writeFileSync(join(dir, 'forged.tar'), bytes);
      return join(dir, 'forged.tar');
    },
    load: (store, path, ...options) => store.lookaside('bundle', 'load', path, ...options),
  };
}

/** A store that knows these keys and nothing else. */
export async function storeKnowing(
  t: TestContext,
  ...keys: readonly Uint8Array[]
): Promise<MovingStore & { keys(): Promise<string>; auditRows(): Promise<number> }> {
  const store = await emptyStore(t);
  await store.registerKeys(...keys);
  return {
    ...store,
    keys: () => succeed(store.lookaside('key', 'list')),
    auditRows: async () => (await store.local.audit.verify(null, LOCAL)).seq,
  };
}
