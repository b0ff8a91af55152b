// A store, the command line on it, and a tree to import: what the tests of `lookaside import` begin with.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { openReads } from '../../server/store/sqlite-store.ts';
import { createFastSigner, type FastSigner } from '../support/many-signatures.ts';
import { type TestStore, testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine, type Lookaside, type Ran } from './scene.ts';

export const REGISTRY = 'registry.example.com';

export type ImportScene = TestStore & {
  readonly tree: string;
  readonly signer: FastSigner;
  readonly lookaside: Lookaside;
  /** A file of the tree; its directories are made. */
  write(path: string, bytes: Uint8Array | string): string;
  /** `lookaside import` of the tree. */
  take(...options: readonly string[]): Promise<Ran>;
  /** Bytes of signature-1, -2, … of an image, as they are served. */
  served(repository: string, digest: string): Buffer[];
};

/** The key of `signer` is registered. */
export async function importScene(t: TestContext): Promise<ImportScene> {
  const store = await testStore(t);
  const tree = tempDir(t);
  const signer = await createFastSigner();
  await store.registerKeys(signer.publicKey);
  const reading = openReads(store.config.databasePath);
  t.after(() => reading.close());
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: store.dataDir });
  return {
    ...store,
    tree,
    signer,
    lookaside,
    write(path, bytes) {
      const file = join(tree, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      return file;
    },
    take: (...options) => lookaside('import', tree, '--registry', REGISTRY, ...options),
    served: (repository, digest) =>
      reading.live
        .live({ repository: repository as RepositoryName, digest: digest as Digest })
        .map(({ content }) => Buffer.from(content, 'latin1')),
  };
}

export const hexOf = (digest: string) => digest.replace(':', '=');
