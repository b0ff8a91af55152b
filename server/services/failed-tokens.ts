// Tokens that are none, counted by address. Nobody guesses 256 bits, so this protects no token: it tells a machine that
// keeps sending a wrong one to wait, and keeps a flood of them from being a conversation. A good token is taken whatever
// came from its address before, since many pipelines share one; that is why it is looked up first, and why nothing is
// saved here but the answer. Reads of signatures are never counted.
import { LRUCache } from 'lru-cache';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { World } from '../ops/world.ts';
import type { Client } from './sign-in-attempts.ts';

/** Throws CREDENTIALS_SLOWED in place of a refusal, once too many came from the same address within a minute. */
export type CountFailedToken = (refusal: unknown, client: Client) => void;

const WINDOW_MS = 60_000;
/** A pipeline of many jobs with an expired token makes as many failures at once; each should be told so. */
const FREE = 100;
const COUNTED: ReadonlySet<ErrorCode> = new Set([
  'CREDENTIALS_INVALID',
  'CREDENTIALS_EXPIRED',
  'ID_TOKEN_INVALID',
  'ID_TOKEN_SPENT',
  'PUBLISHER_UNMATCHED',
]);

type Count = { readonly since: Instant; failures: number };

export function createCountFailedToken({ now }: Pick<World, 'now'>): CountFailedToken {
  const counts = new LRUCache<string, Count>({ max: LIMITS.signInCounts });

  return (refusal, { network }) => {
    if (!(refusal instanceof AppError) || !COUNTED.has(refusal.code)) return;
    const at = now();
    const before = counts.get(network);
    // A clock that was set back begins a window, too.
    const current = before && at >= before.since && at - before.since < WINDOW_MS ? before : { since: at, failures: 0 };
    current.failures++;
    counts.set(network, current);
    if (current.failures > FREE) throw slowed(Math.ceil((current.since + WINDOW_MS - at) / 1000));
  };
}

function slowed(seconds: number): AppError {
  const message = `too many requests from this address with tokens that are none; a good token is still taken. Try again in ${seconds} s`;
  return new AppError('CREDENTIALS_SLOWED', message, { retryAfterSeconds: seconds });
}
