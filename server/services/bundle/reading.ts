// A bundle that somebody has carried here, and that may be anything. Reading it to its end once, before anything is done
// with it, shows that it is whole: the one form of archive, each file named and hashed in its list, in its order, no more.
import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { AppError, quote, reasonOf } from '../../domain/errors.ts';
import { MOST_BYTES, type Part, parsePath, requireOrder, SUMS } from './contents.ts';
import { malformed } from './malformed.ts';
import { readSums } from './sums.ts';
import { type Entry, type ReadAt, readEntries } from './tar.ts';

export type Content = { readonly part: Part; readonly bytes: Buffer };

export type BundleFile = {
  /** Of the file. */
  sha256(): string;
  /** From the beginning, each time: every file with its content, once that is what the list says. */
  contents(): Generator<Content>;
  close(): void;
};

const CHUNK = 1024 * 1024;

export function openBundle(file: string): BundleFile {
  const fd = open(file);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw new AppError('USAGE_INVALID', `${quote(file)} is not a file; a bundle is read twice`);
    return bundleIn(fd, stats.size);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function open(file: string): number {
  try {
    return openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `cannot read ${quote(file)}: ${reasonOf(cause)}`, { cause });
  }
}

function bundleIn(fd: number, size: number): BundleFile {
  const readAt = (offset: number, length: number): Buffer => {
    const bytes = Buffer.alloc(length);
    let done = 0;
    for (let more = -1; more !== 0 && done < length; done += more)
      more = readSync(fd, bytes, done, length - done, offset + done);
    return bytes.subarray(0, done);
  };

  function* contents(): Generator<Content> {
    const entries = readEntries(readAt, size);
    const sums = readSums(readAt, sumsOf(entries.next().value));
    let last: Part | null = null;
    for (const entry of entries) {
      const sum = sums.next().value;
      if (sum?.path !== entry.path)
        throw malformed(`${quote(entry.path)} is not what its list of hashes has at this place`);
      const part = parsePath(entry.path);
      requireOrder(last, part);
      if (entry.size > MOST_BYTES[part.kind]) throw malformed(`${quote(entry.path)} has ${entry.size} bytes`);
      const bytes = readAt(entry.offset, entry.size);
      if (hash('sha256', bytes) !== sum.sha256)
        throw malformed(`${quote(entry.path)} does not have the hash of its list`);
      last = part;
      yield { part, bytes };
    }
    if (last === null) throw malformed('it is empty');
    const missing = sums.next();
    if (!missing.done) throw malformed(`${quote(missing.value.path)} is missing`);
  }

  return {
    sha256: () => hashOf(readAt, size),
    contents,
    close: () => closeSync(fd),
  };
}

function sumsOf(entry: Entry | undefined): Entry {
  if (entry?.path !== SUMS) throw malformed(`it does not begin with ${SUMS}`);
  return entry;
}

function hashOf(readAt: ReadAt, size: number): string {
  const sha256 = createHash('sha256');
  for (let at = 0; at < size; at += CHUNK) sha256.update(readAt(at, Math.min(CHUNK, size - at)));
  return sha256.digest('hex');
}
