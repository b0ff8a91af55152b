// A file system of a few MiB of its own, which a test can fill to the last block. Only root may mount one.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { tempDir } from '../support/temp-dir.ts';

export type SmallDisk = {
  /** For LOOKASIDE_DATA_DIR. */
  readonly dataDir: string;
  /** Leaves no room for another block. */
  fill(): void;
  free(): void;
  /** tmpfs: to so many MiB. */
  grow(mib: number): void;
  /** ext4: read-only from now on, as after an error that the kernel has met. */
  fail(): void;
  /** Nothing may have a file open in it. */
  mountAgain(): void;
};

/** `ext4-1k`: with blocks of 1 KiB, which is what mkfs gives a volume below 512 MiB. */
export type FileSystem = 'tmpfs' | 'ext4' | 'ext4-1k';

/** Why there can be none here, for the options of a test. */
export function needsMount(): { skip?: string } {
  return process.getuid?.() === 0 ? {} : { skip: 'mounting a small disk takes root' };
}

export function smallDisk(t: Pick<TestContext, 'after'>, kind: FileSystem, mib: number): SmallDisk {
  let mounted = '';
  t.after(() => mounted && must('umount', ['--lazy', mounted])); // before the directory goes
  const folder = tempDir(t);
  const place = join(folder, 'disk');
  const image = join(folder, 'image');
  mkdirSync(place);
  if (kind !== 'tmpfs') makeExt4(image, mib, kind === 'ext4' ? 4096 : 1024);
  const mount = () =>
    kind === 'tmpfs'
      ? must('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', place])
      : must('mount', ['-o', 'loop', image, place]);
  mount();
  mounted = place;
  const ballast = join(place, 'ballast');
  return {
    dataDir: join(place, 'data'),
    fill() {
      const file = openSync(ballast, 'a');
      for (const size of [2 ** 16, 2 ** 12, 1]) writeUntilFull(file, Buffer.alloc(size));
      closeSync(file);
    },
    free: () => rmSync(ballast),
    grow: (to) => must('mount', ['-o', `remount,size=${to}m`, place]),
    fail: () => must('mount', ['-o', 'remount,abort', place]),
    mountAgain() {
      must('umount', [place]);
      mount();
    },
  };
}

function makeExt4(image: string, mib: number, blockBytes: number): void {
  closeSync(openSync(image, 'w'));
  truncateSync(image, mib * 2 ** 20);
  must('mkfs.ext4', ['-q', '-m', '0', '-b', String(blockBytes), image]);
}

function writeUntilFull(file: number, piece: Buffer): void {
  try {
    while (writeSync(file, piece) === piece.length);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`);
}
