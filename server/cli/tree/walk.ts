// A tree as skopeo and podman write it (protocol.md §2): <repo>@sha256=<hex>/signature-N below a directory. Walked one
// directory at a time, so that a tree of any size costs the memory of its widest directory.
import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { AppError, quote } from '../../domain/errors.ts';
import { whyUnreadable } from '../given-file.ts';
import { unreadable } from './file.ts';

/** Why something in a tree is no signature in its place. */
export const ELSEWHERE = {
  link: 'a symbolic link; copy what it points at into the tree (cp -RL, rsync -L)',
  special: 'neither a file nor a directory',
  colon: 'below a directory with @sha256: in its name, while clients ask for @sha256=; rename it',
  nameless:
    "below a sha256=<hex> directory, OpenShift's layout by digest alone; the name of the repository and @ belong before it",
  digest: 'below a directory that does not end in @sha256=<64 lower-case hex digits>',
  outside: 'not below a <repository>@sha256=<hex> directory',
  name: 'not called signature-N',
} as const;

export type Elsewhere = keyof typeof ELSEWHERE;

export type Found =
  /** Before its signatures: their numbers, in order. */
  | { readonly kind: 'image'; readonly path: string; readonly numbers: readonly number[] }
  | {
      readonly kind: 'signature';
      readonly path: string;
      /** Below the registry, without signature-N; null: left to the claim. */
      readonly image: string | null;
    }
  /** `meant`: somebody may believe that it is a signature of an image. */
  | { readonly kind: 'other'; readonly path: string; readonly reason: Elsewhere; readonly meant: boolean }
  | { readonly kind: 'unreadable'; readonly path: string; readonly error: AppError };

/** Everything below the given paths, in the order of signature numbers within each directory. */
export async function* findSignatures(paths: readonly string[]): AsyncGenerator<Found> {
  for (const path of paths) {
    const kind = await kindOf(path);
    if (kind === 'directory') yield* walk(path, path);
    else yield { kind: 'signature', path, image: null };
  }
}

/** For progress: the same walk, without a look into the files. */
export async function countSignatures(paths: readonly string[]): Promise<number> {
  let total = 0;
  for await (const found of findSignatures(paths)) if (found.kind === 'signature') total++;
  return total;
}

/** Whether a path is a directory above those of images. */
export async function isTree(path: string): Promise<boolean> {
  return (await kindOf(path)) === 'directory' && imageOf(path, path) === null;
}

async function kindOf(path: string): Promise<'directory' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (cause) {
    throw new AppError(
      'USAGE_INVALID',
      `cannot read ${quote(path)}: ${whyUnreadable(cause)}; give a directory with signatures below it, or signature files`,
      {
        cause,
      },
    );
  }
}

async function* walk(root: string, directory: string): AsyncGenerator<Found> {
  const files: string[] = [];
  const directories: string[] = [];
  const links: string[] = [];
  try {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) directories.push(entry.name);
      else if (entry.isFile()) files.push(entry.name);
      else if (entry.isSymbolicLink()) {
        links.push(entry.name);
        yield { kind: 'other', path, reason: 'link', meant: true };
      } else yield { kind: 'other', path, reason: 'special', meant: looksMeant(entry.name) };
    }
  } catch (cause) {
    yield { kind: 'unreadable', path: directory, error: unreadable(cause) };
    return;
  }
  const image = imageOf(root, directory);
  // A web server follows links: to whoever reads the tree they leave no gap.
  if (image) yield* numbersIn(directory, [...files, ...links].sort(byNumber));
  yield* signaturesIn(directory, image, files.sort(byNumber));
  for (const name of directories.sort()) yield* walk(root, join(directory, name));
}

function* numbersIn(directory: string, names: readonly string[]): Generator<Found> {
  const numbers = names.map(numberOf).filter((number) => number !== null);
  if (numbers.length > 0) yield { kind: 'image', path: directory, numbers };
}

function* signaturesIn(directory: string, image: ImageDirectory, names: readonly string[]): Generator<Found> {
  for (const name of names) {
    const path = join(directory, name);
    if (image !== null && numberOf(name) !== null) yield { kind: 'signature', path, image: image.image };
    else {
      const reason = image === null ? reasonOf(basename(resolve(directory))) : 'name';
      yield { kind: 'other', path, reason, meant: looksMeant(name) };
    }
  }
}

type ImageDirectory = { readonly image: string | null } | null;

/** Null for a directory whose files cannot be signatures. */
function imageOf(root: string, directory: string): ImageDirectory {
  if (!/@sha256=[0-9a-f]{64}$/.test(basename(resolve(directory)))) return null;
  const below = relative(root, directory).split(sep).join('/');
  return { image: below === '' ? null : below };
}

function reasonOf(directory: string): Elsewhere {
  if (/@sha256:[0-9a-f]{64}$/.test(directory)) return 'colon';
  if (/^sha256=[0-9a-f]{64}$/.test(directory)) return 'nameless';
  return directory.includes('@') ? 'digest' : 'outside';
}

function looksMeant(name: string): boolean {
  return /^signature-[0-9]+$/.test(name);
}

function numberOf(name: string): number | null {
  const digits = /^signature-([1-9][0-9]*)$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

function byNumber(a: string, b: string): number {
  return (numberOf(a) ?? 0) - (numberOf(b) ?? 0) || (a < b ? -1 : 1);
}
