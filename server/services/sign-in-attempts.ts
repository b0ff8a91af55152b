// Guessing passwords, made slow: failed attempts are counted for the account and for the address, and after a few free
// ones each must wait for longer than the one before. Asked before a password is hashed, so that a guess refused here
// costs nothing. The count lives in memory: a restart forgives, which nobody outside can cause.
import { LRUCache } from 'lru-cache';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { World } from '../ops/world.ts';

/** Where a request comes from. */
export type Client = {
  /** As people write it, for the audit log. */
  readonly address: string;
  /** What counts as one: an IPv4 address, or the /64 of an IPv6 one, which is what a single customer is given. */
  readonly network: string;
  /** It may be a proxy that nobody declared (LOOKASIDE_TRUST_PROXY), behind which everybody looks the same. */
  readonly shared: boolean;
};

export type SignInAttempts = {
  /**
   * Throws SIGN_IN_SLOWED. Until it has succeeded the attempt counts as failed, so that of many guesses sent at once
   * only the free ones get through. Whether there is such an account makes no difference.
   */
  begin(untrustedAccount: string, client: Client): { succeeded(): void };
};

type Rule = { readonly free: number; readonly longestMs: number };

/**
 * The wait of an account is short: anybody can make it by failing on purpose, and it must not lock its owner out. Two
 * guesses a minute are about a million a year, too few for any password that is not on a short list.
 */
const ACCOUNT: Rule = { free: 5, longestMs: 30_000 };
/** An address pays for its own failures. More are free, since an office may share it. */
const ADDRESS: Rule = { free: 10, longestMs: 15 * 60_000 };
const SHARED_ADDRESS: Rule = { ...ADDRESS, longestMs: ACCOUNT.longestMs };
const FIRST_WAIT_MS = 1_000;
/** Longer than any wait; after as much peace a count begins anew. */
const FORGOTTEN_MS = 60 * 60_000;

type Count = { readonly failures: number; readonly lastAt: Instant };
type Counts = LRUCache<string, Count>;

export function createSignInAttempts(world: World): SignInAttempts {
  const counts = (): Counts => new LRUCache({ max: LIMITS.signInCounts });
  const accounts = counts();
  const addresses = counts();
  const familiar = new LRUCache<string, true>({ max: LIMITS.signInCounts });

  /**
   * Who signed in from an address before is counted apart there: otherwise an attacker who keeps failing would take
   * every attempt that the wait leaves, and the owner would never get one.
   */
  function accountKey(account: string, network: string): string {
    const pair = `${network} ${account}`;
    return familiar.has(pair) ? pair : account;
  }

  return {
    begin(untrustedAccount, { network, shared }) {
      const now = world.now();
      const account = accountKey(untrustedAccount, network);
      const wait = Math.max(
        waitOf(countAt(accounts, account, now), ACCOUNT, now),
        waitOf(countAt(addresses, network, now), shared ? SHARED_ADDRESS : ADDRESS, now),
      );
      // Not counted: or whoever waits impatiently would wait for ever.
      if (wait > 0) throw slowed(Math.ceil(wait / 1000));
      count(accounts, account, now);
      count(addresses, network, now);
      return {
        succeeded() {
          accounts.delete(account);
          // Only this one: an account of one's own must not buy free guesses at those of others.
          forgive(addresses, network);
          familiar.set(`${network} ${untrustedAccount}`, true);
        },
      };
    },
  };
}

/** A wait begins anew when the clock was set back: nobody waits until it shows again what it did. */
function countAt(counts: Counts, key: string, now: Instant): Count | undefined {
  const before = counts.get(key);
  if (!before || before.lastAt <= now) return before;
  const moved = { ...before, lastAt: now };
  counts.set(key, moved);
  return moved;
}

function waitOf(count: Count | undefined, { free, longestMs }: Rule, now: Instant): number {
  if (!count || isForgotten(count, now) || count.failures < free) return 0;
  const whole = Math.min(longestMs, FIRST_WAIT_MS * 2 ** (count.failures - free));
  return Math.max(0, count.lastAt + whole - now);
}

function isForgotten({ lastAt }: Count, now: Instant): boolean {
  return now - lastAt >= FORGOTTEN_MS;
}

function count(counts: Counts, key: string, now: Instant): void {
  const before = counts.get(key);
  const failures = before && !isForgotten(before, now) ? before.failures : 0;
  counts.set(key, { failures: failures + 1, lastAt: now });
}

function forgive(counts: Counts, key: string): void {
  const before = counts.get(key);
  if (before) counts.set(key, { ...before, failures: Math.max(0, before.failures - 1) });
}

function slowed(seconds: number): AppError {
  const unit = seconds === 1 ? 'second' : 'seconds';
  const message = `too many failed attempts; try again in ${seconds} ${unit}`;
  return new AppError('SIGN_IN_SLOWED', message, { retryAfterSeconds: seconds });
}
