// A directory that is held open, so that what is done in it is done there, whatever becomes of its path meanwhile. Whoever
// else may write into the tree, such as a web server that was broken into, could put a symbolic link to /etc in the place
// of a directory between our look and our write. Node.js has no openat(2); below /proc/self/fd Linux has its equal.
// Elsewhere each step is still taken without following a link, only not all of them together.
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { promisify } from 'node:util';
import { AppError, quote } from '../../domain/errors.ts';
import { isDiskFull } from '../../ops/disk-full.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const fsync = promisify(fs.fsync);
/** Whether a directory can be named by what holds it open. */
const HELD = fs.existsSync('/proc/self/fd');

/** Modes whatever the umask: a file that the web server may not read is 403, and stops pulls. */
const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;
/** Nothing that begins so is a signature or part of a repository name. */
const TEMPORARY = '.lookaside-new-';

export type Directory = {
  readonly path: string;
  entries(): fs.Dirent[];
  /** Null where there is none, unless it is to be made. Throws TREE_CONFLICT for what is no directory. */
  enter(name: string, unlessThere?: 'make'): Directory | null;
  /** The content as `latin1` text; null where there is no file or more than `most` bytes. */
  read(name: string, most: number): string | null;
  /** In one step for readers, and durable with the next `sync`. */
  put(name: string, content: string): Promise<void>;
  remove(name: string): void;
  /** False where there is something in it. */
  removeDirectory(name: string): boolean;
  /** Whether names have come or gone since the last `sync`. */
  changed(): boolean;
  /** Makes durable which names there are. */
  sync(): Promise<void>;
  close(): void;
};

/** What an export that was killed has left. */
export function isTemporary(name: string): boolean {
  return name.startsWith(TEMPORARY);
}

/** The path itself may be a symbolic link: whoever runs us has named it. */
export function openRoot(path: string): Directory {
  return hold(
    attempt(path, () => fs.openSync(path, O_RDONLY | O_DIRECTORY)),
    path,
  );
}

function hold(fd: number, path: string): Directory {
  const inside = HELD ? `/proc/self/fd/${fd}` : path;
  const shown = (name: string) => `${path}/${name}`;
  const real = (name: string) => `${inside}/${name}`;
  let changed = false;

  function change(name: string, how: () => void): void {
    attempt(shown(name), how);
    changed = true;
  }

  const open = (name: string): number | null =>
    attempt(shown(name), () => unlessMissing(() => fs.openSync(real(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)));

  function make(name: string): number {
    change(name, () => fs.mkdirSync(real(name)));
    const made = open(name);
    if (made === null) throw new AppError('TREE_CONFLICT', `${quote(shown(name))} was removed while it was made`);
    fs.fchmodSync(made, DIRECTORY_MODE);
    return made;
  }

  async function write(name: string, content: string): Promise<void> {
    const file = attempt(shown(name), () =>
      fs.openSync(real(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, FILE_MODE),
    );
    try {
      const bytes = Buffer.from(content, 'latin1');
      for (let done = 0; done < bytes.length; ) done += fs.writeSync(file, bytes, done);
      fs.fchmodSync(file, FILE_MODE);
      await fsync(file);
    } catch (error) {
      throw treeError(error, shown(name));
    } finally {
      fs.closeSync(file);
    }
  }

  return {
    path,
    entries: () => attempt(path, () => fs.readdirSync(inside, { withFileTypes: true })),

    enter(name, unlessThere) {
      const child = open(name) ?? (unlessThere === 'make' ? make(name) : null);
      return child === null ? null : hold(child, shown(name));
    },

    read: (name, most) => attempt(shown(name), () => readFile(real(name), most)),

    async put(name, content) {
      const temporary = `${TEMPORARY}${randomBytes(9).toString('base64url')}`;
      try {
        await write(temporary, content);
        change(name, () => fs.renameSync(real(temporary), real(name)));
      } catch (error) {
        fs.rmSync(real(temporary), { force: true });
        throw error;
      }
    },

    remove: (name) => change(name, () => unlessMissing(() => fs.unlinkSync(real(name)))),

    removeDirectory(name) {
      try {
        fs.rmdirSync(real(name));
        changed = true;
        return true;
      } catch (error) {
        if (['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) return false;
        throw treeError(error, shown(name));
      }
    },

    changed: () => changed,

    async sync() {
      if (!changed) return;
      changed = false;
      await fsync(fd);
    },

    close: () => fs.closeSync(fd),
  };
}

/** As much as is needed to see that it is too long: what lies there may be anything. */
function readFile(path: string, most: number): string | null {
  let file: number;
  try {
    // Not waiting for whoever might write into a FIFO.
    file = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO', 'EACCES'].includes(codeOf(error))) return null;
    throw error;
  }
  try {
    const bytes = Buffer.allocUnsafe(most + 1);
    const length = fs.fstatSync(file).isFile() ? fs.readSync(file, bytes, 0, most + 1, 0) : most + 1;
    return length > most ? null : bytes.toString('latin1', 0, length);
  } finally {
    fs.closeSync(file);
  }
}

function unlessMissing<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function attempt<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw treeError(error, path);
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

const IN_THE_WAY: Record<string, string> = {
  ENOTDIR: 'is not a directory, or a symbolic link, which an export never follows; remove it',
  ELOOP: 'is a symbolic link, which an export never follows; remove it',
  EISDIR: 'is a directory where a signature belongs; remove it',
  ENAMETOOLONG: 'is longer than a name may be in this file system; only a server can serve this image',
};

function treeError(error: unknown, path: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const why = IN_THE_WAY[code];
  if (why !== undefined) return new AppError('TREE_CONFLICT', `${quote(path)} ${why}`, { cause: error });
  if (isDiskFull(error))
    return new AppError('OUTPUT_FULL', `no space is left to write ${quote(path)}; free some and run it again`, {
      cause: error,
    });
  return new AppError('OUTPUT_FAILED', `${quote(path)} cannot be read or written (${code || String(error)})`, {
    cause: error,
  });
}
