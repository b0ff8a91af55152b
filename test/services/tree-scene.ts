// A store, a tree on disk, and what an export between them did.
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { AppError } from '../../server/domain/errors.ts';
import { formatImage, type Image } from '../../server/domain/slot.ts';
import { createTreeExport, type ExportCounts, type TreeExport } from '../../server/services/tree-export.ts';
import type { Store } from '../../server/store/port.ts';
import { newKey, openTestStore } from '../store/scene.ts';
import { tempDir } from '../support/temp-dir.ts';

export type Exported = ExportCounts & { readonly changed: readonly string[]; readonly failures: readonly AppError[] };

export type TreeScene = {
  readonly store: Store;
  readonly tree: string;
  /** A run of its own, as a command is one. */
  run(): Promise<Exported>;
  open(): TreeExport;
  path(image: Image, name?: string): string;
};

/** `lingerMs`: nobody reads these trees while they change, unless a test says so. */
export async function treeScene(t: Pick<TestContext, 'after'>, lingerMs = 0): Promise<TreeScene> {
  const { store } = await openTestStore(t);
  await store.putKey(newKey());
  const tree = join(tempDir(t), 'tree');
  const open = () => createTreeExport(store, tree, { lingerMs });
  return {
    store,
    tree,
    open,
    path: (image, name) => join(tree, formatImage(image), name ?? ''),
    async run() {
      const exported = open();
      try {
        return await watched((events) => exported.run(events));
      } finally {
        exported.close();
      }
    },
  };
}

export async function watched<C extends ExportCounts | null>(
  run: (events: Parameters<TreeExport['run']>[0]) => Promise<C>,
): Promise<C & Pick<Exported, 'changed' | 'failures'>> {
  const changed: string[] = [];
  const failures: AppError[] = [];
  const counts = await run({
    expect: () => {},
    step: () => {},
    changed: (path, what) => void changed.push(`${what} ${path}`),
    failed: (_, error) => void failures.push(error),
  });
  return { ...counts, changed: changed.sort(), failures };
}

/** Every file of a tree but the mark: path → hash of its content. */
export function filesOf(tree: string): Record<string, string> {
  const names = readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .filter((name) => name !== '.lookaside-export')
    .sort();
  return Object.fromEntries(names.map((name) => [name, hash('sha256', readFileSync(join(tree, name)))]));
}

/** What changes when anybody touches a file. */
export function touchesOf(tree: string): Record<string, string> {
  return Object.fromEntries(
    Object.keys(filesOf(tree)).map((name) => {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(tree, name), { bigint: true });
      return [name, `${ino} ${mtimeNs} ${ctimeNs}`];
    }),
  );
}

/** The tree is the store, file by file and byte by byte. */
export async function assertSame(store: Store, tree: string, images: readonly Image[]): Promise<void> {
  const wanted = images.flatMap((image) =>
    store.live(image).map(({ sha256 }, index) => [`${formatImage(image)}/signature-${index + 1}`, sha256] as const),
  );
  assert.equal(wanted.length, await store.countLive(), 'the test has forgotten an image');
  assert.deepEqual(filesOf(tree), Object.fromEntries(wanted.sort(([one], [other]) => (one < other ? -1 : 1))));
}
