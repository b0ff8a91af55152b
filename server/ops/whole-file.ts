// A file that people name, such as a backup: written beside, synced, renamed, so that it is there whole or not at all.
import { closeSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, quote, reasonOf } from '../domain/errors.ts';
import { DAY_MS, type Instant } from '../domain/instant.ts';
import { syncDirectory } from './durable-file.ts';
import type { World } from './world.ts';

export type WholeFile = {
  /** Absolute. */
  readonly target: string;
  /** Part of the name that the file has meanwhile. */
  readonly kind: 'backup' | 'bundle';
  readonly mode: number;
  readonly force: boolean;
};

/** What it is filled through: by its name, or by what holds it open. */
export type Beside = { readonly path: string; readonly fd: number };

/** Older ones were left by somebody who was killed. */
const LEFT_MS = DAY_MS;
/** SQLite keeps a file of its own beside one that is a database. */
const SUFFIXES = ['', '-journal'];

/** What `fill` has put together has its name when this resolves; nothing is left of it otherwise. */
export async function writeWhole<T>(
  { target, kind, mode, force }: WholeFile,
  { now, randomBytes }: World,
  fill: (beside: Beside) => Promise<T>,
): Promise<T> {
  const folder = dirname(target);
  requireFree(target, force);
  clear(folder, kind, now());
  const path = join(folder, `.lookaside-${kind}-${randomBytes(8).toString('hex')}.partial`);
  const fd = make(path, mode);
  try {
    const result = await fill({ path, fd });
    fsyncSync(fd);
    requireFree(target, force); // somebody else may have been faster
    renameSync(path, target);
    syncDirectory(folder);
    return result;
  } finally {
    closeSync(fd);
    for (const suffix of SUFFIXES) rmSync(path + suffix, { force: true });
  }
}

function requireFree(target: string, force: boolean): void {
  const shown = quote(target);
  if (!statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory())
    throw new AppError('USAGE_INVALID', `there is no directory ${quote(dirname(target))}; make it, or choose another`);
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (!there) return;
  if (there.isDirectory())
    throw new AppError('USAGE_INVALID', `${shown} is a directory; give the name of a file in it`);
  if (!there.isFile()) throw new AppError('USAGE_INVALID', `${shown} is not a file; give another one`);
  if (!force)
    throw new AppError('USAGE_INVALID', `${shown} is there already; choose another name, or replace it with --force`);
}

function make(path: string, mode: number): number {
  try {
    return openSync(path, 'wx', mode);
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `cannot write into ${quote(dirname(path))}: ${reasonOf(cause)}`, { cause });
  }
}

function clear(folder: string, kind: WholeFile['kind'], now: Instant): void {
  const ours = new RegExp(`^\\.lookaside-${kind}-[0-9a-f]{16}\\.partial(?:${SUFFIXES.join('|')})$`);
  for (const name of readdirSync(folder).filter((name) => ours.test(name))) {
    const left = join(folder, name);
    const stats = statSync(left, { throwIfNoEntry: false });
    if (stats && stats.mtimeMs < now - LEFT_MS) rmSync(left, { force: true });
  }
}
