// A directory for private keys, passphrases and signatures that are not pushed yet: nobody else's to read, and gone with
// the command, also when that is stopped.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

export type Workspace = {
  readonly dir: string;
  /** A GnuPG home within, made when it is asked for. */
  gnupgHome(): string;
  /** When the command is stopped. */
  readonly ended: AbortSignal;
};

const STOPPING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const AGENT_MS = 5_000;
const DEATH_MS = 1_000;

export async function withWorkspace<T>(use: (workspace: Workspace) => Promise<T>): Promise<T> {
  const dir = makePrivate();
  const gnupg = join(dir, 'gnupg');
  const ending = new AbortController();
  // All of it at once: after a signal nothing may be waited for.
  const clean = () => {
    for (const signal of STOPPING) process.off(signal, stop);
    ending.abort();
    if (existsSync(gnupg))
      spawnSync('gpgconf', ['--homedir', gnupg, '--kill', 'all'], {
        env: { PATH: process.env.PATH }, // tokens of the store are not for it
        stdio: 'ignore',
        timeout: AGENT_MS,
      });
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  };
  const stop = (signal: NodeJS.Signals) => {
    clean();
    process.kill(process.pid, signal); // so that whoever waits sees what it was
    // Another thread may be the one that gets it, a moment later; the first process of a container outlives it.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, DEATH_MS);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of STOPPING) process.on(signal, stop);
  try {
    return await use({
      dir,
      ended: ending.signal,
      gnupgHome() {
        mkdirSync(gnupg, { mode: 0o700, recursive: true });
        return gnupg;
      },
    });
  } finally {
    clean();
  }
}

/** 0700, as mkdtemp makes it; in memory where the system has such a place for its user. */
function makePrivate(): string {
  for (const place of [process.env.XDG_RUNTIME_DIR, tmpdir()]) {
    if (!place) continue;
    try {
      return mkdtempSync(join(place, 'lookaside-'));
    } catch (error) {
      if (place === tmpdir()) throw error;
    }
  }
  throw new Error('no temporary directory');
}
