// A unix socket in the file system. Its file outlives a server that was killed, so one that is there says nothing about
// whether somebody listens. What is certain: a file that answers is never touched, nor one that took its place meanwhile.
import { chmodSync, existsSync, linkSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';
import { AppError } from '../domain/errors.ts';
import { listen } from './listen.ts';

type SocketFile = { readonly path: string; readonly mode: number };

/** Somebody else may take the place as often as we do, but hardly more than once. */
const ATTEMPTS = 10;

/**
 * Listens under a name of its own, and takes the right one when all is ready: it is never there with the wrong mode, and
 * of two that start at the same time one fails. Returns how to remove it. Throws CONFIG_INVALID.
 */
export async function listenOnFile(server: Server, { path, mode }: SocketFile): Promise<() => void> {
  const beside = `${path}.${process.pid}`;
  try {
    removeFile(beside); // of a killed server that had this number
    await listen(server, { path: beside });
    chmodSync(beside, mode);
    await take(path, beside);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    // libuv calls a missing directory EACCES.
    const why = existsSync(dirname(path))
      ? ((cause as NodeJS.ErrnoException).code ?? cause)
      : 'there is no such directory';
    throw new AppError('CONFIG_INVALID', `cannot listen on LOOKASIDE_SOCKET ${path}: ${why}`, { cause });
  } finally {
    removeFile(beside);
  }
  const ours = identityOf(path);
  return () => {
    if (ours !== null && identityOf(path) === ours) removeFile(path);
  };
}

async function take(path: string, beside: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      return linkSync(beside, path); // fails where there is something, whatever it is
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await removeStale(path);
  }
  throw new AppError('CONFIG_INVALID', `cannot listen on LOOKASIDE_SOCKET ${path}: others keep taking its place`);
}

/** Throws CONFIG_INVALID for what is no socket, and for one that answers. */
async function removeStale(path: string): Promise<void> {
  const found = identityOf(path);
  if (found === null) return;
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket())
    throw new AppError('CONFIG_INVALID', `LOOKASIDE_SOCKET ${path} exists and is no socket; move it away`);
  if (await answers(path))
    throw new AppError(
      'CONFIG_INVALID',
      `another server listens on LOOKASIDE_SOCKET ${path}; stop it, or choose another`,
    );
  // Out of the way first, and removed when it is the one that did not answer: another server may have put its own there.
  const away = `${path}.${process.pid}.stale`;
  renameSync(path, away);
  if (identityOf(away) !== found) linkSync(away, path);
  removeFile(away);
}

/** Only a refusal says that nobody listens: one that is too busy to answer, or not for us, is somebody's. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(!['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')),
    );
  });
}

/** The time, because the number of a removed file is given away again. */
function identityOf(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stats ? `${stats.dev}:${stats.ino}:${stats.mtimeNs}` : null;
}

function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {} // it is not there, or is told by what comes next
}
