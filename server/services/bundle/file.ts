// The file a bundle becomes: written beside, synced, renamed, so that a bundle is there whole or not at all.
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, quote, toAppError } from '../../domain/errors.ts';
import { syncDirectory } from '../../ops/durable-file.ts';

const PARTIAL = /^\.lookaside-bundle-[0-9a-f]{16}\.partial$/;
/** Older ones were left by somebody who was killed. */
const LEFT_MS = 24 * 60 * 60 * 1000;

/** What `write` has put together has its name when this resolves; nothing is left of it otherwise. */
export async function writeWhole<T>(
  file: string,
  force: boolean,
  use: (write: (bytes: Uint8Array) => void) => Promise<T>,
): Promise<T> {
  const target = resolve(file);
  const folder = dirname(target);
  requireFree(target, force);
  clear(folder);
  const partial = join(folder, `.lookaside-bundle-${randomBytes(8).toString('hex')}.partial`);
  const fd = make(partial, folder);
  try {
    const result = await use((bytes) => {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    });
    fsyncSync(fd);
    requireFree(target, force); // somebody else may have been faster
    renameSync(partial, target);
    syncDirectory(folder);
    return result;
  } catch (error) {
    rmSync(partial, { force: true });
    throw failed(error, folder);
  } finally {
    closeSync(fd);
  }
}

function requireFree(target: string, force: boolean): void {
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (!there) return;
  if (!there.isFile()) throw new AppError('USAGE_INVALID', `${quote(target)} is not a file; give another name`);
  if (!force)
    throw new AppError(
      'USAGE_INVALID',
      `${quote(target)} is there already; choose another name, or replace it with --force`,
    );
}

function make(partial: string, folder: string): number {
  try {
    return openSync(partial, 'wx', 0o644);
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `cannot write into ${quote(folder)}; make it, or give another file`, { cause });
  }
}

function clear(folder: string): void {
  for (const name of statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : []) {
    const stats = PARTIAL.test(name) ? statSync(join(folder, name), { throwIfNoEntry: false }) : undefined;
    if (stats && stats.mtimeMs < Date.now() - LEFT_MS) rmSync(join(folder, name), { force: true });
  }
}

function failed(thrown: unknown, folder: string): AppError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('OUTPUT_FULL', `no bundle was made: there is no room for it in ${quote(folder)}`, {
      cause: thrown,
    });
  return toAppError(thrown);
}
