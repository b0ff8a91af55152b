// A static lookaside tree on disk: which directory is ours, who may write into it, and where an image has its place.
import { closeSync, constants, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError, quote } from '../../domain/errors.ts';
import { DOCKER_HUB, readRepository } from '../../domain/repository-name.ts';
import { formatImage, type Image, parseTarget } from '../../domain/slot.ts';
import { makeDirectories } from '../../ops/make-directories.ts';
import { lockFile } from '../../store/file-lock.ts';
import { type Directory, openRoot } from './directory.ts';

/** Empty; says that the tree is an export's own, and is locked while one writes. */
const MARK = '.lookaside-export';
/** What file systems bring along. */
const IGNORED = new Set(['lost+found']);
/** A path below the tree is at most a repository name and a digest long; nothing deeper can be ours. */
const DEEPEST = 512;
/** Far below the file descriptors that any system grants. */
const CROWD = 100;

export type Tree = {
  /** Null where the image has none. To be closed by the caller. */
  enter(image: Image, unlessThere?: 'make'): Directory | null;
  /** Directories that look like those of images. They may be removed while this goes on. */
  images(): Generator<Image>;
  /** Removes the directory of an image and those above it, as far as they are empty. */
  prune(image: Image): void;
  /** Makes durable which directories there are. */
  settle(): Promise<void>;
  /** Whether it is time for that: directories stay open until they are synced. */
  readonly crowded: boolean;
  close(): void;
};

/** Throws USAGE_INVALID for a directory with files that no export wrote, TREE_CONFLICT while another one runs. */
export function openTree(directory: string): Tree {
  const path = resolve(directory);
  makeRoot(path);
  const root = openRoot(path);
  try {
    requireOurs(root);
    return treeIn(root, lock(path));
  } catch (error) {
    root.close();
    throw error;
  }
}

/** Throws TREE_CONFLICT while another export has it. */
function lock(path: string): () => void {
  let unlock: (() => void) | null;
  try {
    unlock = lockFile(join(path, MARK));
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `${quote(path)} cannot be locked; check its owner and its disk`, { cause });
  }
  if (unlock !== null) return unlock;
  throw new AppError('TREE_CONFLICT', `another export is writing into ${quote(path)}; wait for its end, or stop it`);
}

function makeRoot(path: string): void {
  try {
    makeDirectories(path, 0o755);
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `${quote(path)} is no directory, and cannot be made one`, { cause });
  }
}

function requireOurs(root: Directory): void {
  const entries = root.entries().filter(({ name }) => !IGNORED.has(name));
  const mark = entries.find(({ name }) => name === MARK);
  if (mark?.isFile()) return;
  if (entries.length > 0)
    throw new AppError(
      'USAGE_INVALID',
      `${quote(root.path)} holds files that no export wrote, such as ${quote(entries[0]?.name ?? '')}; give an empty directory, or one that an export made`,
    );
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  try {
    closeSync(openSync(join(root.path, MARK), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644));
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `cannot write into ${quote(root.path)}; check its owner and its disk`, {
      cause,
    });
  }
}

function treeIn(root: Directory, unlock: () => void): Tree {
  /** From the root to the directory that held the last image: the next one is often in the same. */
  let way: { readonly name: string; readonly directory: Directory }[] = [];
  /** Left, and not yet synced. */
  let left: Directory[] = [];

  function leaveTo(depth: number): void {
    for (const { directory } of way.slice(depth).reverse()) {
      if (directory.changed()) left.push(directory);
      else directory.close();
    }
    way = way.slice(0, depth);
  }

  function walk(names: readonly string[], unlessThere?: 'make'): Directory | null {
    const common = names.findIndex((name, index) => way[index]?.name !== name);
    leaveTo(common === -1 ? names.length : common);
    for (const name of names.slice(way.length)) {
      const directory = here().enter(name, unlessThere);
      if (directory === null) return null;
      way.push({ name, directory });
    }
    return here();
  }

  const here = () => way.at(-1)?.directory ?? root;

  function* imagesIn(directory: Directory, path: string): Generator<Image> {
    for (const entry of directory.entries()) {
      if (!entry.isDirectory() || entry.name.startsWith('.')) continue;
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      const image = readImage(below);
      if (image !== null) yield image;
      else if (below.length < DEEPEST) yield* imagesBelow(directory, entry.name, below);
    }
  }

  function* imagesBelow(directory: Directory, name: string, path: string): Generator<Image> {
    const child = directory.enter(name);
    if (child === null) return;
    try {
      yield* imagesIn(child, path);
    } finally {
      child.close();
    }
  }

  return {
    enter(image, unlessThere) {
      const names = formatImage(image).split('/');
      return walk(names.slice(0, -1), unlessThere)?.enter(names.at(-1) as string, unlessThere) ?? null;
    },

    images: () => imagesIn(root, ''),

    prune(image) {
      const names = formatImage(image).split('/');
      if (walk(names.slice(0, -1)) === null) return;
      let gone = here().removeDirectory(names.at(-1) as string);
      while (gone && way.length > 0) {
        const name = way.at(-1)?.name as string;
        leaveTo(way.length - 1);
        gone = here().removeDirectory(name);
      }
    },

    async settle() {
      const done = left;
      left = [];
      for (const directory of [...done, ...way.map(({ directory }) => directory).reverse(), root])
        await directory.sync();
      for (const directory of done) directory.close();
    },

    get crowded() {
      return left.length >= CROWD;
    },

    close() {
      leaveTo(0);
      for (const directory of left) directory.close();
      root.close();
      unlock();
    },
  };
}

/** Only names as the store writes them: others are not ours to remove. */
function readImage(path: string): Image | null {
  const [, repository = ''] = /^(.+)@sha256=[0-9a-f]{64}$/.exec(path) ?? [];
  if (repository === '' || readRepository(repository, DOCKER_HUB) !== repository) return null;
  return parseTarget(path, DOCKER_HUB);
}
