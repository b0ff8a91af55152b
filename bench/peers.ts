// Servers under comparison: started on a core of their own, watched, and ended by their handle.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { get } from './requests.ts';

export const SERVER_CORE = '0';
const START_MS = 60_000;
const LOOK_MS = 2;

export type Peer = {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  /** From its spawning to the first 200 of a read. */
  readonly startMs: number;
  stop(): Promise<void>;
};

export type Command = {
  readonly name: string;
  readonly url: string;
  readonly command: readonly string[];
  /** That is there; the server counts as started when it answers it with 200. */
  readonly path: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly cores?: string;
};

export async function startPeer({ name, url, command, path, env, cores = SERVER_CORE }: Command): Promise<Peer> {
  const start = performance.now();
  const child = spawn('taskset', ['-c', cores, ...command], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill();
  process.once('exit', kill); // also where the bench is interrupted
  child.once('exit', () => process.off('exit', kill));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  const took = () => performance.now() - start;
  for (;;) {
    const status = await get(`${url}${path}`).then(
      (answer) => answer.status,
      () => 'nothing',
    );
    if (status === 200) return { name, url, pid: child.pid ?? 0, startMs: took(), stop: () => end(child) };
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${said.trim()}`);
    if (took() > START_MS) {
      await end(child);
      throw new Error(`${name} answers ${url}${path} with ${status}: ${said.trim()}`);
    }
    await sleep(LOOK_MS);
  }
}

export async function stopPeers(peers: readonly Peer[]): Promise<void> {
  for (const peer of peers) await peer.stop();
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
