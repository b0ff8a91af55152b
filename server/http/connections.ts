// How many connections a listener takes. Each costs a file descriptor, of which a process has a fixed number; without a
// bound, clients could use them up, and then the database cannot be opened where a thread starts, nor anything else.
import type { Server } from 'node:net';
import { LIMITS } from '../domain/limits.ts';

export type Connections = {
  open(): Promise<number>;
  /** Closed as soon as they were made, for want of room. */
  refused(): number;
};

/** Idle connections go when fewer than this share of the places is left, before anybody is refused. */
const SPARE = 0.1;
/** How often that is looked at, and done at most. */
const LOOK_MS = 1_000;

/** `endIdle` ends connections on which nothing is under way: their clients make another when they need one. */
export function boundConnections(server: Server, most: number, endIdle: () => void): Connections {
  let refused = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const open = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  const makeRoom = () => {
    lookedAt = performance.now();
    endIdle();
  };
  server.maxConnections = most;
  server.on('drop', () => {
    refused++;
    if (performance.now() - lookedAt >= LOOK_MS) makeRoom();
  });
  const looking = setInterval(async () => {
    if ((await open()) > most * (1 - SPARE)) makeRoom();
  }, LOOK_MS).unref();
  server.on('close', () => clearInterval(looking));
  return { open, refused: () => refused };
}

/**
 * For each of the threads that accept connections. What the store itself needs is kept free: the database and its log in
 * every thread, verification workers that start when they are needed, files being read.
 */
export function mostConnections(openFiles: number | null, threads: number): number {
  const kept = Math.min(LIMITS.filesKept, (openFiles ?? 0) / 2);
  const free = openFiles === null ? LIMITS.connections : openFiles - kept;
  return Math.max(1, Math.floor(Math.min(LIMITS.connections, free) / threads));
}
