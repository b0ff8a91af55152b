// The exchange: what a CI system says about a run of a pipeline, for a token that lives for a quarter of an hour.
import { AppError, quote, toAppError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { LIMITS } from '../../domain/limits.ts';
import { type Principal, requirePermission, type Token } from '../../domain/principal.ts';
import {
  claimText,
  isSamePipeline,
  type Mismatch,
  mismatches,
  type Publisher,
  TEMPLATES,
} from '../../domain/publisher.ts';
import type { Log } from '../../ops/log.ts';
import { newSecret, newTokenId } from '../tokens.ts';
import type { IdToken } from './id-token.ts';
import type { KeysOf } from './issuer-keys.ts';
import { type PublisherParts, type Publishers, requireAudience } from './publishers.ts';

export type ExchangeRequest = {
  readonly idToken: string;
  /** Name of one of several that match. */
  readonly publisher: string | null;
};

export type Exchanged = { readonly publisher: Publisher; readonly token: Token; readonly secret: string };

export type Trial = { readonly publisher: Publisher; readonly mismatches: readonly Mismatch[] };

export type Exchange = {
  /** Throws ID_TOKEN_INVALID, ID_TOKEN_SPENT, PUBLISHER_UNMATCHED, PUBLISHER_AMBIGUOUS, ISSUER_UNAVAILABLE. */
  exchange(request: ExchangeRequest): Promise<Exchanged>;
  /** What would come of it, with all reasons; spends nothing. */
  tryIdToken(idToken: string, principal: Principal): Promise<Trial[]>;
  /** The same for claims that nobody signed. */
  tryClaims(claims: Readonly<Record<string, unknown>>, principal: Principal): Promise<Trial[]>;
};

type Parts = PublisherParts & {
  readonly publishers: Pick<Publishers, 'list'>;
  readonly keysOf: KeysOf;
  readonly log: Log;
};

/** Whom to ask about an ID token, and whose it may be. */
type Pinned = { readonly issuer: string; readonly audience: string; readonly candidates: readonly Publisher[] };

/** Claims that say which run it was, for the audit log. */
const TOLD = [
  'sub',
  'repository',
  'ref',
  'sha',
  'workflow_ref',
  'run_id',
  'run_attempt',
  'actor',
  'project_path',
  'pipeline_id',
  'job_id',
  'user_login',
  'environment',
  'kubernetes.io/pod/name',
];
const TOLD_LENGTH = 200;
/** In one answer. */
const TOLD_PUBLISHERS = 5;

/** With jose, which a server loads when it is first asked, and a command not at all. */
const idTokens = () => import('./id-token.ts');

export function createExchange({ store, publishers, keysOf, log, world, ...parts }: Parts): Exchange {
  /** Of an issuer that nobody pinned nothing is asked: the address in a token is a stranger's. */
  async function pinned(text: string): Promise<Pinned> {
    const audience = requireAudience(parts.audience);
    const { untrustedIssuer, strange } = await idTokens();
    const issuer = untrustedIssuer(text);
    const candidates = await store.listPublishersOf(issuer);
    if (candidates.length === 0) throw strange();
    return { issuer, audience, candidates };
  }

  async function verified(text: string, { issuer, audience }: Pinned): Promise<IdToken> {
    const { verifyIdToken } = await idTokens();
    return verifyIdToken(text, { issuer, audience, keysOf, now: world.now() });
  }

  /** What the network of the store looks like is for its log. */
  async function reported<T>(issuer: string | null, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toAppError(thrown);
      log.warn('exchange.refused', { code: error.code, issuer });
      if (error.code !== 'ISSUER_UNAVAILABLE') throw error;
      const told = 'the keys of the issuer cannot be had at the moment; try again in a minute';
      throw new AppError(error.code, told, { cause: error.cause, retryAfterSeconds: 60 });
    }
  }

  async function give({ issuer, claims, sha256, until }: IdToken, publisher: Publisher): Promise<Exchanged> {
    const at = world.now();
    const secret = newSecret(world);
    const token: Token = {
      id: newTokenId(world),
      name: publisher.name,
      // Also to see what is there already, where that is private: a pipeline that runs again signs nothing twice.
      permissions: ['upload', 'read'],
      scopes: publisher.scopes,
      createdAt: at,
      expiresAt: (at + LIMITS.exchangedTokenMs) as Instant,
      lastUsedAt: null,
      revokedAt: null,
      keys: publisher.keys,
      publisher: publisher.id,
    };
    const given = { token, sha256: secret.sha256 };
    await store.exchangeToken({ publisher, spent: { sha256, until }, given, about: aboutRun(claims), at });
    log.info('token.exchanged', { publisher: publisher.id, token: token.id, issuer });
    return { publisher, token, secret: secret.secret };
  }

  return {
    async exchange({ idToken: text, publisher }) {
      const at = await reported(null, () => pinned(text));
      return reported(at.issuer, async () => {
        const idToken = await verified(text, at);
        return give(idToken, choose(idToken, at.candidates, publisher));
      });
    },

    async tryIdToken(text, principal) {
      requirePermission(principal, 'admin');
      const at = await pinned(text);
      const { claims } = await verified(text, at);
      const visible = new Set((await publishers.list(principal)).map(({ id }) => id));
      return trials(at.candidates, claims).filter(({ publisher }) => visible.has(publisher.id));
    },

    async tryClaims(claims, principal) {
      requirePermission(principal, 'admin');
      const { iss } = claims;
      const all = await publishers.list(principal);
      return trials(typeof iss === 'string' ? all.filter(({ issuer }) => issuer === iss) : all, claims);
    },
  };
}

function trials(candidates: readonly Publisher[], claims: IdToken['claims']): Trial[] {
  return candidates.map((publisher) => ({ publisher, mismatches: mismatches(publisher.claims, claims) }));
}

/** Scopes and keys belong together, so one publisher is chosen, never the sum of several. */
function choose({ claims }: IdToken, candidates: readonly Publisher[], name: string | null): Publisher {
  const tried = trials(candidates, claims);
  const matching = tried.flatMap((trial) => (trial.mismatches.length === 0 ? [trial.publisher] : []));
  const wanted = name === null ? matching : matching.filter((publisher) => publisher.name === name);
  const [only, ...others] = wanted;
  if (only && others.length === 0) return only;
  if (only) {
    const names = wanted
      .slice(0, TOLD_PUBLISHERS)
      .map((publisher) => quote(publisher.name))
      .join(', ');
    throw new AppError('PUBLISHER_AMBIGUOUS', `${names} match the ID token; name one of them (--publisher)`);
  }
  throw new AppError('PUBLISHER_UNMATCHED', whyNot(tried, claims, matching.length > 0));
}

/**
 * Anybody can have a token of a public issuer, so what a publisher is bound to is told to its own pipeline alone: to the
 * one whose stable ids it has.
 */
function whyNot(tried: readonly Trial[], claims: IdToken['claims'], otherName: boolean): string {
  if (otherName) return 'the pipeline has a publisher, of another name; leave the name out, or correct it';
  const own = tried.filter(({ publisher, mismatches: wrong }) => isSamePipeline(publisher, wrong));
  if (own.length > 0)
    return own
      .slice(0, TOLD_PUBLISHERS)
      .map(
        ({ publisher, mismatches: wrong }) => `${quote(publisher.name)} does not match: ${describeMismatches(wrong)}`,
      )
      .join('; ');
  const stable = [...new Set(Object.values(TEMPLATES).flatMap((template) => template.stable))];
  const said = stable.flatMap((claim) => {
    const found = claimText(claims, claim);
    return found === null ? [] : [`${claim} ${quote(found)}`];
  });
  return `no publisher of this store is this pipeline; its ID token has ${said.join(', ') || 'no id that is known'}`;
}

/** Why it does not match, claim by claim. */
export function describeMismatches(wrong: readonly Mismatch[]): string {
  return wrong
    .map(
      ({ claim, wanted, found }) =>
        `${claim} is ${found === null ? 'missing' : quote(found)} and must be ${quote(wanted)}`,
    )
    .join(', ');
}

function aboutRun(claims: IdToken['claims']): string[] {
  return TOLD.flatMap((name) => {
    const found = claimText(claims, name);
    return found === null ? [] : [`${name}=${found.slice(0, TOLD_LENGTH)}`];
  });
}
