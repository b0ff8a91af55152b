// What each thread that answers reads can tell about itself, and what becomes of it at a scrape.
import type { Figure } from '../ops/figures.ts';
import type { Lookaside } from '../services/lookaside.ts';
import type { Connections } from './connections.ts';

export type ThreadFigures = {
  readonly connections: number;
  readonly refused: number;
  readonly memoryHits: number;
  readonly memoryMisses: number;
  readonly memoryImages: number;
  readonly memoryBytes: number;
};

export const NO_FIGURES: ThreadFigures = {
  connections: 0,
  refused: 0,
  memoryHits: 0,
  memoryMisses: 0,
  memoryImages: 0,
  memoryBytes: 0,
};

export async function figuresOf(
  connections: Connections,
  { memory }: Pick<Lookaside, 'memory'>,
): Promise<ThreadFigures> {
  return threadFigures(await connections.open(), connections.refused(), memory);
}

export function threadFigures(open: number, refused: number, memory: Lookaside['memory']): ThreadFigures {
  return {
    connections: open,
    refused,
    memoryHits: memory.hits,
    memoryMisses: memory.misses,
    memoryImages: memory.images(),
    memoryBytes: memory.bytes,
  };
}

export function together(threads: readonly ThreadFigures[]): ThreadFigures {
  const sum = { ...NO_FIGURES } as Record<keyof ThreadFigures, number>;
  for (const thread of threads) for (const name of NAMES) sum[name] += thread[name];
  return sum;
}

const NAMES = Object.keys(NO_FIGURES) as (keyof ThreadFigures)[];

/** Of a thread that has ended: what it has counted, and nothing of what it held. */
export function counted({ refused, memoryHits, memoryMisses }: ThreadFigures): ThreadFigures {
  return { ...NO_FIGURES, refused, memoryHits, memoryMisses };
}

type Parts = {
  readonly all: () => Promise<ThreadFigures>;
  readonly mostConnections: number;
  readonly readWorkers: () => { readonly running: number; readonly lost: number };
};

export function connectionFigures({ all, mostConnections, readWorkers }: Parts): Figure[] {
  return [
    {
      name: 'lookaside_open_connections',
      help: 'Connections of clients to the store.',
      read: async () => (await all()).connections,
    },
    {
      name: 'lookaside_open_connections_max',
      help: 'Connections the store takes at a time; further ones are closed.',
      read: () => mostConnections,
    },
    {
      name: 'lookaside_connections_refused_total',
      help: 'Connections closed because there were too many.',
      kind: 'counter',
      read: async () => (await all()).refused,
    },
    {
      name: 'lookaside_read_workers',
      help: 'Threads that answer reads beside the main one.',
      read: () => readWorkers().running,
    },
    {
      name: 'lookaside_read_workers_lost_total',
      help: 'Such threads that ended when they should not have; each is replaced.',
      kind: 'counter',
      read: () => readWorkers().lost,
    },
  ];
}

export function memoryFigures(all: () => Promise<ThreadFigures>): Figure[] {
  return [
    {
      name: 'lookaside_cache_reads_total',
      help: 'Looked up for reads: found in memory (hit), or asked of the index of images or the database (miss).',
      kind: 'counter',
      labels: ['result'],
      read: async () => {
        const { memoryHits, memoryMisses } = await all();
        return [
          { labels: { result: 'hit' }, value: memoryHits },
          { labels: { result: 'miss' }, value: memoryMisses },
        ];
      },
    },
    {
      name: 'lookaside_cache_images',
      help: 'Images whose signatures are in memory; an image counts in each thread that remembers it.',
      read: async () => (await all()).memoryImages,
    },
    {
      name: 'lookaside_cache_bytes',
      help: 'Memory set aside for signatures that were served, without the index of images.',
      read: async () => (await all()).memoryBytes,
    },
  ];
}
