// Trusted publishers: pipelines that publish by showing what their CI system says about them. Names can be given up and
// registered by somebody else, so each publisher is bound to at least one claim that its issuer never gives twice.
import { isPattern, matchesPattern } from './claim-pattern.ts';
import { AppError, quote } from './errors.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Instant } from './instant.ts';
import { LIMITS, requireText } from './limits.ts';
import type { Scope } from './scope.ts';

export const PUBLISHER_KINDS = ['github', 'gitlab', 'kubernetes', 'other'] as const;
export type PublisherKind = (typeof PUBLISHER_KINDS)[number];

/** Claim → exact value or pattern; all of them must match. */
export type BoundClaims = Readonly<Record<string, string>>;

/** As people and the audit log read them. No name of a claim has a `=`. */
export function formatClaims(claims: BoundClaims): string[] {
  return Object.entries(claims).map(([claim, value]) => `${claim}=${value}`);
}

export type Publisher = {
  readonly id: string;
  readonly name: string;
  readonly kind: PublisherKind;
  /** Exactly as `iss` has it. */
  readonly issuer: string;
  readonly claims: BoundClaims;
  readonly scopes: readonly Scope[];
  /** Whose signatures it may upload. */
  readonly keys: readonly Fingerprint[];
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant | null;
};

export type PublisherDraft = Pick<Publisher, 'name' | 'kind' | 'issuer' | 'claims' | 'scopes' | 'keys'>;

type Template = {
  /** Null: everybody has their own. */
  readonly issuer: string | null;
  /** Claims of which the issuer gives no value twice; one of them at least is bound, to one exact value. */
  readonly stable: readonly string[];
  /** Of these, one should say which of the pipelines it is. */
  readonly narrowing: readonly string[];
};

export const TEMPLATES: Readonly<Record<PublisherKind, Template>> = {
  github: {
    issuer: 'https://token.actions.githubusercontent.com',
    stable: ['repository_id', 'repository_owner_id'],
    narrowing: ['job_workflow_ref', 'workflow_ref', 'environment', 'ref'],
  },
  gitlab: {
    issuer: 'https://gitlab.com',
    stable: ['project_id', 'namespace_id'],
    narrowing: ['ref_protected', 'ref', 'ref_path', 'environment', 'ci_config_ref_uri'],
  },
  kubernetes: { issuer: null, stable: ['sub', 'kubernetes.io/serviceaccount/uid'], narrowing: [] },
  // As Buildkite and CircleCI call theirs, whose subjects are made of names, or differ for each run.
  other: {
    issuer: null,
    stable: ['sub', 'organization_id', 'pipeline_id', 'oidc.circleci.com/project-id'],
    narrowing: [],
  },
};

/** Subjects that are made of names: what they are for another kind of publisher. */
const SUBJECTS_OF_NAMES: readonly (readonly [PublisherKind, RegExp])[] = [
  ['github', /^repo:/],
  ['gitlab', /^(?:project_path|group_path):/],
];
const SERVICE_ACCOUNT = /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/;

/** Of the token itself, and checked in any case. */
const OF_THE_TOKEN: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti']);

/** Throws PUBLISHER_INVALID, and says what to do. */
export function requirePublisher({ name, kind, issuer, claims, scopes, keys }: PublisherDraft): void {
  requireText('the name of a publisher', name, LIMITS.nameLength);
  requireIssuer(issuer);
  requireKind(kind, issuer);
  const entries = Object.entries(claims);
  if (entries.length > LIMITS.claimsPerPublisher)
    throw invalid(`${entries.length} claims are bound; up to ${LIMITS.claimsPerPublisher} are taken`);
  for (const [claim, wanted] of entries) requireClaim(claim, wanted);
  requireStable(kind, claims);
  if (scopes.length === 0) throw invalid('say which repositories it may publish for: at least one scope');
  if (keys.length === 0) throw invalid('say whose signatures it may upload: at least one key');
  if (keys.length > LIMITS.keysPerPublisher)
    throw invalid(`${keys.length} keys are given; up to ${LIMITS.keysPerPublisher} are taken`);
}

function requireIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : null;
  const plain = url?.protocol === 'https:' && (url.href === issuer || url.href === `${issuer}/`);
  if (plain && !/[?#@]/.test(issuer) && issuer.length <= LIMITS.issuerLength) return;
  throw invalid(
    `the issuer is ${quote(issuer)}; it is an https URL without user and query, exactly as \`iss\` of its tokens has it`,
  );
}

/** Whose tokens are known is not taken for something else, by whose rules a name would be enough. */
function requireKind(kind: PublisherKind, issuer: string): void {
  for (const known of ['github', 'gitlab'] as const)
    if (issuer === TEMPLATES[known].issuer && kind !== known) throw invalid(`${issuer} is of the kind ${known}`);
}

function requireClaim(claim: string, wanted: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.:/-]{0,199}$/.test(claim)) throw invalid(`${quote(claim)} is not the name of a claim`);
  if (OF_THE_TOKEN.has(claim)) throw invalid(`the claim ${claim} is checked in any case; bind what the pipeline is`);
  requireText(`the value of the claim ${quote(claim)}`, wanted, LIMITS.claimLength);
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(wanted) || wanted !== wanted.trim())
    throw invalid(`the claim ${quote(claim)} has characters that cannot be seen`);
}

function requireStable(kind: PublisherKind, claims: BoundClaims): void {
  const { stable } = TEMPLATES[kind];
  const bound = stable.filter((claim) => Object.hasOwn(claims, claim));
  if (bound.length === 0)
    throw invalid(
      `a name can be given up and registered by somebody else: bind ${stable.join(' or ')} to the exact value`,
    );
  for (const claim of bound)
    if (isPattern(claims[claim] as string)) throw invalid(`${claim} says who it is: give the exact value, no pattern`);
  const { sub } = claims;
  if (sub === undefined || kind === 'github' || kind === 'gitlab') return;
  const other = SUBJECTS_OF_NAMES.find(([, shape]) => shape.test(sub));
  if (other) throw invalid(`${quote(sub)} is made of names; this is of the kind ${other[0]}`);
  if (kind === 'kubernetes' && !SERVICE_ACCOUNT.test(sub))
    throw invalid(`sub is ${quote(sub)}; a service account is system:serviceaccount:NAMESPACE:NAME`);
}

/** What may be meant, and is worth another look; null: nothing. */
export function adviceOn({ kind, claims }: Pick<Publisher, 'kind' | 'claims'>): string | null {
  const { stable, narrowing } = TEMPLATES[kind];
  if (narrowing.length === 0 || narrowing.some((claim) => Object.hasOwn(claims, claim))) return null;
  const bound = stable.filter((claim) => Object.hasOwn(claims, claim)).join(' and ');
  return `every pipeline with this ${bound} can publish, also one of a branch or tag that anybody may push; bind ${narrowing.slice(0, -1).join(', ')} or ${narrowing.at(-1)}, too`;
}

/** A claim that was verified, as text; null where it is missing, or something that has no one text. */
export function claimText(claims: Readonly<Record<string, unknown>>, name: string): string | null {
  const path = Object.hasOwn(claims, name) ? [name] : name.split('/');
  let value: unknown = claims;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) return null;
    value = (value as Record<string, unknown>)[step];
  }
  if (typeof value === 'string') return value.length <= LIMITS.claimLength ? value : null;
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return String(value);
  return null;
}

export type Mismatch = { readonly claim: string; readonly wanted: string; readonly found: string | null };

/** Every bound claim that does not match. */
export function mismatches(bound: BoundClaims, claims: Readonly<Record<string, unknown>>): Mismatch[] {
  return Object.entries(bound).flatMap(([claim, wanted]) => {
    const found = claimText(claims, claim);
    const matches = found !== null && (isPattern(wanted) ? matchesPattern(wanted, found) : wanted === found);
    return matches ? [] : [{ claim, wanted, found }];
  });
}

/** Whether it is the pipeline that was meant, as far as its issuer gives no value twice. */
export function isSamePipeline(
  { kind, claims }: Pick<Publisher, 'kind' | 'claims'>,
  wrong: readonly Mismatch[],
): boolean {
  const { stable } = TEMPLATES[kind];
  return stable.some((claim) => Object.hasOwn(claims, claim)) && !wrong.some(({ claim }) => stable.includes(claim));
}

function invalid(message: string): AppError {
  return new AppError('PUBLISHER_INVALID', message);
}
