// The keys of pinned issuers, kept so that an issuer that is down for a while stops no pipeline, and fetched again often
// enough that a key it takes back does not count for long. A token may name any key: looking for one that is not there
// is bounded, or a stranger could have an issuer asked as often as they like.
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { AppError, describeCause } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { Log } from '../../ops/log.ts';
import type { World } from '../../ops/world.ts';
import { type FetchDocument, unavailable } from './issuer-fetch.ts';

/** How to find the key of a token of this issuer. Throws ISSUER_UNAVAILABLE. */
export type KeysOf = (issuer: string) => JWTVerifyGetKey;

type Parts = { readonly fetchDocument: FetchDocument; readonly world: Pick<World, 'now'>; readonly log: Log };

/** For so long keys are used without asking; a key that was taken back counts until then. */
export const FRESH_MS = 10 * 60 * 1000;
/** For so long they are used while the issuer cannot be asked. */
export const KEPT_MS = 6 * 60 * 60 * 1000;
/** Between two requests to an issuer, whether the last one failed or a token names a key it does not have. */
export const PAUSE_MS = 30 * 1000;

type Entry = {
  find: JWTVerifyGetKey | null;
  fetchedAt: Instant;
  triedAt: Instant;
  failure: AppError | null;
  running: Promise<void> | null;
};

export function createIssuerKeys({ fetchDocument, world, log }: Parts): KeysOf {
  const entries = new LRUCache<string, Entry>({ max: LIMITS.publishers });
  const never = Number.NEGATIVE_INFINITY as Instant;

  function entryOf(issuer: string): Entry {
    const entry = entries.get(issuer) ?? {
      find: null,
      fetchedAt: never,
      triedAt: never,
      failure: null,
      running: null,
    };
    entries.set(issuer, entry);
    return entry;
  }

  async function fetchInto(entry: Entry, issuer: string): Promise<void> {
    entry.triedAt = world.now();
    try {
      const keys = await fetchKeys(issuer, fetchDocument);
      [entry.find, entry.fetchedAt, entry.failure] = [createLocalJWKSet(keys), world.now(), null];
    } catch (error) {
      const failure = error instanceof AppError ? error : unavailable('they cannot be read', error);
      entry.failure = failure;
      const { message, cause } = failure;
      log.warn('issuer.unavailable', { issuer, message, cause: describeCause(cause) });
    } finally {
      entry.running = null;
    }
  }

  /** Asks the issuer, unless it was asked a moment ago; whoever comes meanwhile waits for the same answer. */
  async function refresh(entry: Entry, issuer: string): Promise<void> {
    if (entry.running === null && elapsed(entry.triedAt, world.now()) >= PAUSE_MS)
      entry.running = fetchInto(entry, issuer);
    await entry.running;
  }

  return (issuer) => async (header, token) => {
    const entry = entryOf(issuer);
    if (elapsed(entry.fetchedAt, world.now()) >= FRESH_MS) await refresh(entry, issuer);
    const { find } = entry;
    if (find === null || elapsed(entry.fetchedAt, world.now()) >= KEPT_MS)
      throw entry.failure ?? unavailable('it was asked a moment ago; try again in half a minute');
    try {
      return await find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh(entry, issuer);
      if (entry.find === null || entry.find === find) throw error;
      return entry.find(header, token);
    }
  };
}

/** A clock that was set back makes nothing fresh. */
function elapsed(since: Instant, now: Instant): number {
  return now < since ? Number.POSITIVE_INFINITY : now - since;
}

async function fetchKeys(issuer: string, fetchDocument: FetchDocument): Promise<JSONWebKeySet> {
  const discovery = membersOf(await fetchDocument(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
  if (discovery.issuer !== issuer) throw unavailable(`its discovery document is that of another issuer`);
  if (typeof discovery.jwks_uri !== 'string') throw unavailable('its discovery document names no jwks_uri');
  const { keys } = membersOf(await fetchDocument(discovery.jwks_uri));
  if (!Array.isArray(keys) || keys.length > LIMITS.issuerKeys) throw unavailable('what it answers is no set of keys');
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key)) };
}

function membersOf(document: unknown): Readonly<Record<string, unknown>> {
  if (typeof document === 'object' && document !== null && !Array.isArray(document))
    return document as Record<string, unknown>;
  throw unavailable('what it answers is no JSON object');
}
