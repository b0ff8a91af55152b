// The live store as a static tree for Apache, nginx, a CDN or a site without a network. A run touches what differs and
// nothing else; what the web server reads meanwhile is right at every moment (domain/renumbering.ts).
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { formatImage, type Image } from '../domain/slot.ts';
import type { LiveImage, Store } from '../store/port.ts';
import { pagesOf } from './pages.ts';
import { changeImage, compareImage, removeNumbers } from './tree/image-directory.ts';
import { openTree, type Tree } from './tree/tree.ts';

export type ExportCounts = {
  written: number;
  removed: number;
  unchanged: number;
  /** Images that something stood in the way of. */
  failed: number;
  /** Files that are none of ours, and were left alone. */
  others: number;
};

/** Told while it runs. Paths are those below the tree. */
export type ExportEvents = {
  expect(total: number): void;
  /** Signatures of the store looked at. */
  step(count: number): void;
  changed(path: string, what: 'written' | 'removed'): void;
  failed(path: string, error: AppError): void;
};

export type TreeExport = {
  /** Everything once. */
  run(events: ExportEvents): Promise<ExportCounts>;
  /** What has changed since the last call of either; everything, where that cannot be told. Null: nothing has. */
  update(events: ExportEvents): Promise<ExportCounts | null>;
  close(): void;
};

type Reads = Pick<Store, 'listLive' | 'countLive' | 'counts' | 'live' | 'changes'>;

/** Images written at once: a disk syncs several files in the time of one. */
const LANES = 16;
/** Longer than a client takes from its first signature to its last. */
const LINGER_MS = 2_000;
/** Images whose ends linger before they are waited for. */
const LINGERING = 5_000;

export type ExportOptions = {
  /** Ends a run after the images under way. */
  readonly stopping?: AbortSignal | undefined;
  readonly lingerMs?: number;
};

/** Throws USAGE_INVALID for a directory that is not ours to write in. */
export function createTreeExport(
  store: Reads,
  directory: string,
  { stopping, lingerMs = LINGER_MS }: ExportOptions = {},
): TreeExport {
  const tree = openTree(directory);

  function start(events: ExportEvents) {
    return createRun({ tree, events, lingerMs });
  }

  async function run(events: ExportEvents): Promise<ExportCounts> {
    store.changes(); // what is committed from here on, `update` finds
    const expected = await store.countLive();
    if (expected === 0) await requireUsed(store, tree);
    events.expect(expected);
    const round = start(events);
    await round.finally(async () => {
      for await (const images of pagesOf((after: Image | null) => store.listLive(after))) {
        for (const image of images) {
          await round.take(image);
          events.step(image.signatures.length);
        }
        await round.pause();
        if (stopping?.aborted) return;
      }
      for (const image of tree.images())
        if (store.live(image).length === 0) await round.take({ ...image, signatures: [] });
    });
    return round.counts;
  }

  return {
    run,

    async update(events) {
      const changed = store.changes();
      if (changed === 'everything') return run(events);
      if (changed.length === 0) return null;
      const images = new Map(changed.map((image) => [formatImage(image), image]));
      const round = start(events);
      await round.finally(async () => {
        for (const image of images.values()) await round.take({ ...image, signatures: store.live(image) });
      });
      return round.counts;
    },

    close: () => tree.close(),
  };
}

/** An empty store in the place of the right one must not empty the tree. One whose last signature is withdrawn must. */
async function requireUsed(store: Reads, tree: Tree): Promise<void> {
  const { live, withdrawn, revoked } = (await store.counts(0 as Instant)).signatures;
  if (live + withdrawn + revoked > 0 || tree.images().next().done) return;
  throw new AppError(
    'CONFIG_INVALID',
    'the store has never had a signature, and the tree is full of them; check LOOKASIDE_DATA_DIR, or give an empty directory',
  );
}

type Round = { readonly tree: Tree; readonly events: ExportEvents; readonly lingerMs: number };

function createRun({ tree, events, lingerMs }: Round) {
  const counts: ExportCounts = { written: 0, removed: 0, unchanged: 0, failed: 0, others: 0 };
  const lanes = new Set<Promise<void>>();
  let lingering: { readonly image: Image; readonly numbers: readonly number[] }[] = [];
  let failure: unknown = null;

  /** What stands in the way of one image keeps no other out; what concerns the disk ends the run. */
  function fail(image: Image, error: unknown): void {
    if (!(error instanceof AppError) || error.code !== 'TREE_CONFLICT') {
      failure ??= error;
      return;
    }
    counts.failed++;
    events.failed(formatImage(image), error);
  }

  function report(image: Image, what: 'written' | 'removed', names: readonly string[]): void {
    counts[what] += names.length;
    for (const name of names) events.changed(`${formatImage(image)}/${name}`, what);
  }

  async function change(image: LiveImage): Promise<void> {
    const { signatures } = image;
    const directory = tree.enter(image, signatures.length > 0 ? 'make' : undefined);
    if (directory === null) return;
    try {
      const { plan, written, removed, unchanged, others } = compareImage(directory, signatures);
      counts.unchanged += unchanged;
      counts.others += others;
      if (plan !== null) {
        await changeImage(directory, plan, signatures);
        if (plan.linger) lingering.push({ image, numbers: plan.removals });
      }
      report(image, 'written', written);
      report(image, 'removed', removed);
    } finally {
      directory.close();
    }
    if (signatures.length === 0) tree.prune(image);
  }

  /** No lane is under way while directories are synced and closed. */
  async function pause(): Promise<void> {
    await Promise.all(lanes);
    await new Promise(setImmediate); // signals, and the bar
    if (failure !== null) throw failure;
    await tree.settle();
    if (lingering.length >= LINGERING) await removeLingering();
  }

  async function removeLingering(): Promise<void> {
    if (lingering.length === 0) return;
    const over = lingering;
    lingering = [];
    await sleep(lingerMs);
    for (const { image, numbers } of over) {
      const directory = tree.enter(image);
      if (directory === null) continue;
      try {
        removeNumbers(directory, numbers);
        await directory.sync();
      } finally {
        directory.close();
      }
    }
  }

  return {
    counts,
    pause,

    async take(image: LiveImage): Promise<void> {
      const lane = change(image)
        .catch((error: unknown) => fail(image, error))
        .finally(() => lanes.delete(lane));
      lanes.add(lane);
      if (lanes.size >= LANES) await Promise.race(lanes);
      if (tree.crowded) await pause();
      if (failure !== null) throw failure;
    },

    /** Whatever ends the work, what was begun is ended first. */
    async finally(work: () => Promise<void>): Promise<void> {
      try {
        await work();
      } finally {
        await Promise.all(lanes);
      }
      await pause();
      await removeLingering();
    },
  };
}
