// A staging tree as skopeo and podman write it (protocol.md §2): <repo>@sha256=<hex>/signature-N below a directory.
// Walked one directory at a time, so that a tree of any size costs the memory of its widest directory.
import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { AppError, quote } from '../../domain/errors.ts';

export type Found =
  | {
      readonly kind: 'signature';
      readonly path: string /** Below the registry, without signature-N; null: left to the claim. */;
      readonly image: string | null;
    }
  | { readonly kind: 'other'; readonly path: string; readonly why: string };

/** Everything below the given paths, in the order of signature numbers within each directory. */
export async function* findSignatures(paths: readonly string[]): AsyncGenerator<Found> {
  for (const path of paths) {
    const kind = await kindOf(path);
    if (kind === 'directory') yield* walk(path, path);
    else yield { kind: 'signature', path, image: null };
  }
}

/** Whether a path is a directory above those of images. */
export async function isTree(path: string): Promise<boolean> {
  return (await kindOf(path)) === 'directory' && imageOf(path, path) === null;
}

async function kindOf(path: string): Promise<'directory' | 'file'> {
  try {
    return (await stat(path)).isDirectory() ? 'directory' : 'file';
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `cannot read ${quote(path)}; give a staging directory or signature files`, {
      cause,
    });
  }
}

async function* walk(root: string, directory: string): AsyncGenerator<Found> {
  const files: string[] = [];
  const directories: string[] = [];
  const others: string[] = [];
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) directories.push(entry.name);
    else (entry.isFile() ? files : others).push(entry.name);
  }
  for (const name of others) yield other(join(directory, name), 'neither a file nor a directory');
  const image = imageOf(root, directory);
  for (const name of files.sort(byNumber)) yield signature(join(directory, name), name, image);
  for (const name of directories.sort()) yield* walk(root, join(directory, name));
}

type ImageDirectory = { readonly image: string | null } | null;

/** Null for a directory whose files cannot be signatures. */
function imageOf(root: string, directory: string): ImageDirectory {
  if (!/@sha256=[0-9a-f]{64}$/.test(basename(resolve(directory)))) return null;
  const below = relative(root, directory).split(sep).join('/');
  return { image: below === '' ? null : below };
}

function signature(path: string, name: string, directory: ImageDirectory): Found {
  if (directory === null) return other(path, 'not below a <repository>@sha256=<hex> directory');
  if (numberOf(name) === null) return other(path, 'not called signature-N');
  return { kind: 'signature', path, image: directory.image };
}

function other(path: string, why: string): Found {
  return { kind: 'other', path, why };
}

function numberOf(name: string): number | null {
  const digits = /^signature-([1-9][0-9]*)$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

function byNumber(a: string, b: string): number {
  return (numberOf(a) ?? 0) - (numberOf(b) ?? 0) || (a < b ? -1 : 1);
}
