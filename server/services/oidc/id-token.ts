// ID tokens: what a CI system says about a run of a pipeline. Nothing of one is believed before its signature was
// checked with a key of the issuer, except which pinned issuer to ask.
import { createHash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { AppError, quote } from '../../domain/errors.ts';
import type { Instant } from '../../domain/instant.ts';
import { LIMITS } from '../../domain/limits.ts';
import type { KeysOf } from './issuer-keys.ts';

export type IdToken = {
  readonly issuer: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** What is spent with it. */
  readonly sha256: Buffer;
  /** From then on nobody takes it any more. */
  readonly until: Instant;
};

/** Signatures that the issuer alone can make: with a shared secret, its public key would do for one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** The same words for everything that a stranger could find out by trying. */
const STRANGE =
  'this is not an ID token of an issuer that this store trusts; a CI system makes one for the audience of the store (docs/ci.md)';

/** What it says its issuer is. */
export function untrustedIssuer(text: string): string {
  if (text.length > LIMITS.idTokenLength) throw strange();
  try {
    const { iss } = decodeJwt(text);
    if (typeof iss === 'string') return iss;
  } catch {
    // below
  }
  throw strange();
}

type Expected = {
  readonly issuer: string;
  readonly audience: string;
  readonly keysOf: KeysOf;
  readonly now: Instant;
};

/** Throws ID_TOKEN_INVALID: tersely, before the signature was checked; in so many words after that. */
export async function verifyIdToken(text: string, { issuer, audience, keysOf, now }: Expected): Promise<IdToken> {
  const { payload } = await jwtVerify(text, keysOf(issuer), {
    algorithms: ALGORITHMS,
    issuer,
    currentDate: new Date(now),
    clockTolerance: LIMITS.clockSkewMs / 1000,
    requiredClaims: ['iat', 'exp'],
  }).catch((error: unknown) => {
    throw refusalOf(error, now);
  });
  requireAudience(payload, audience);
  return { issuer, claims: payload, ...spentBy(text, payload), until: requireTimes(payload, now) };
}

function refusalOf(error: unknown, now: Instant): unknown {
  if (error instanceof AppError) return error;
  // Both come after the signature.
  if (error instanceof errors.JWTExpired)
    return invalid(`it expired at ${at(error.payload.exp)}, and now is ${at(now / 1000)}; get a new one`);
  if (error instanceof errors.JWTClaimValidationFailed && error.claim !== 'iss')
    return invalid(`${error.claim} is missing or wrong; now is ${at(now / 1000)}`);
  return strange(error);
}

/** Ours and no other: whoever else it is for could show it here. */
function requireAudience({ aud }: JWTPayload, audience: string): void {
  const [only, ...others] = [aud ?? []].flat();
  if (only === audience && others.length === 0) return;
  throw invalid(
    `its audience is ${quote(typeof aud === 'string' ? aud : JSON.stringify(aud ?? null))}, and must be ${quote(audience)} alone`,
  );
}

function requireTimes({ iat = 0, exp = 0 }: JWTPayload, now: Instant): Instant {
  const [issuedAt, endsAt] = [iat * 1000, exp * 1000];
  if (issuedAt > now + LIMITS.clockSkewMs) throw invalid(`it is of ${at(iat)}, and now is ${at(now / 1000)}`);
  if (endsAt - issuedAt > LIMITS.idTokenLifetimeMs || now - issuedAt > LIMITS.idTokenLifetimeMs + LIMITS.clockSkewMs)
    throw invalid(`it is good from ${at(iat)} to ${at(exp)}; more than a day is not taken`);
  // Somewhat longer than it counts: clocks are set, and several servers share a database.
  return (endsAt + 10 * LIMITS.clockSkewMs) as Instant;
}

/**
 * Its `jti`, which the issuer gives once; without one, what was signed. Not the whole text: there can be a second
 * signature for the same, made from the first by anybody.
 */
function spentBy(text: string, { iss, jti }: JWTPayload): { sha256: Buffer } {
  const signed = text.slice(0, text.lastIndexOf('.'));
  const what = typeof jti === 'string' && jti !== '' ? ['jti', iss, jti] : ['signed', signed];
  return { sha256: createHash('sha256').update(JSON.stringify(what)).digest() };
}

function at(seconds: number | undefined): string {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
}

export function strange(cause?: unknown): AppError {
  return new AppError('ID_TOKEN_INVALID', STRANGE, { cause });
}

function invalid(why: string): AppError {
  return new AppError('ID_TOKEN_INVALID', `the ID token is not taken: ${why}`);
}
