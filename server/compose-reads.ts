// What answers plain reads, put together once for every thread that does: the main one and the read workers.
import type { Instant } from './domain/instant.ts';
import { createMayRead } from './http/may-read.ts';
import { createPlainReads, type PlainReads } from './http/plain-reads.ts';
import { createReadAnswers } from './http/read-answer.ts';
import type { ReadOptions } from './http/read-workers.ts';
import { createLookaside, INDEX_SHARE } from './services/lookaside.ts';
import { createTokenCheck } from './services/tokens.ts';
import type { ImageIndexOptions } from './store/image-index.ts';
import type { LiveReads } from './store/port.ts';

type Parts = ReadOptions & {
  readonly live: LiveReads;
  readonly metrics: Parameters<typeof createPlainReads>[0]['metrics'];
  /** Told of a use of a token that is worth noting. */
  readonly noteUse: (id: string, at: Instant) => void;
  readonly now: () => Instant;
};

/** The share of the memory that knows which images are signed; `composeReads` gives the rest to signatures. */
export function imageIndexOf({ memoryBytes, seed }: Pick<ReadOptions, 'memoryBytes' | 'seed'>): ImageIndexOptions {
  return { maxBytes: memoryBytes * INDEX_SHARE, seed };
}

export function composeReads(parts: Parts) {
  const { live, readAccess, publicScopes, defaultRegistry, memoryBytes, seed, keepAliveMs, metrics, noteUse, now } =
    parts;
  const answers = createReadAnswers(readAccess);
  const lookaside = createLookaside(live, defaultRegistry, memoryBytes - live.indexBytes, seed);
  const isPublic = readAccess === 'public';
  const check = createTokenCheck(live.tokenOf, now, noteUse);
  const mayRead = isPublic ? null : createMayRead({ check, parse: lookaside.parse, publicScopes });
  const keepAliveSeconds = keepAliveMs / 1000;
  const plainReads: PlainReads = createPlainReads({ lookaside, answers, metrics, keepAliveSeconds, now, mayRead });
  return { answers, lookaside, plainReads };
}

/**
 * Reads, between requests, which images are signed: in the first seconds of a large store. Reads are right meanwhile,
 * only slower. Returns what ends it.
 */
export function learnAside({ learn }: Pick<LiveReads, 'learn'>, onFault: (error: unknown) => void): () => void {
  let next: NodeJS.Immediate | null = null;
  const slice = () => {
    next = null;
    try {
      if (learn()) next = setImmediate(slice);
    } catch (error) {
      onFault(error);
    }
  };
  slice();
  return () => {
    if (next) clearImmediate(next);
  };
}
