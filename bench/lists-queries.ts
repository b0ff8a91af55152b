// Every list with every kind of parameter that could make it slow: what is common, rare and absent, alone and in
// pairs, near the start and deep inside, for scopes that cover all, one repository, or nothing.
import type { Fingerprint } from '../server/domain/fingerprint.ts';
import type { Instant } from '../server/domain/instant.ts';
import { LIMITS } from '../server/domain/limits.ts';
import type { Scope } from '../server/domain/scope.ts';
import type { Lists } from '../server/store/lists.ts';
import type { AuditFilter, Page, SignatureFilter } from '../server/store/port.ts';
import {
  CROWD,
  fingerprintOf,
  HUGE,
  KEYS,
  NOW,
  RARE,
  RARE_TAG,
  repositoryOf,
  SCARRED,
  tokenIdOf,
} from './lists-dataset.ts';

/** One line of the table: calls, each of which gives the rows of its answer. */
export type Query = { readonly name: string; readonly calls: readonly (() => number)[] };

const now = NOW as Instant;
const DAY_MS = 24 * 60 * 60 * 1000;

const SCOPES = {
  everything: ['' as Scope],
  nothing: ['nowhere.example' as Scope],
  'one repository': [repositoryOf(77) as Scope],
  'the most scopes': Array.from({ length: LIMITS.scopesPerGrant }, (_, n) => `*.region-${n}.nowhere.example` as Scope),
} satisfies Record<string, readonly Scope[]>;
type ScopesName = keyof typeof SCOPES;

type Values = { readonly [K in Exclude<keyof SignatureFilter, 'within'>]: readonly unknown[] };

const SIGNATURE_VALUES: Values = {
  repository: [HUGE, CROWD, SCARRED.repository, repositoryOf(77), 'quay.io/absent/app'],
  digest: [SCARRED.digest, `sha256:${'0'.repeat(64)}`],
  signer: [KEYS.busy, KEYS.revoked, KEYS.subkeyRevoked, KEYS.idle].map((key) => fingerprintOf(key)),
  state: ['live', 'withdrawn', 'revoked'],
  storedBy: [tokenIdOf(5), 'root', 'nobody'],
  q: ['app-7', RARE_TAG, 'no such text', 'a'],
};

/** All subsets of one and two names. */
function pairsOf<N extends string>(names: readonly N[]): N[][] {
  return names.flatMap((name, index) => [[name], ...names.slice(index + 1).map((other) => [name, other])]);
}

function filtersOf(names: readonly string[], values: Readonly<Record<string, readonly unknown[]>>): object[] {
  return names.reduce<object[]>(
    (filters, name) => filters.flatMap((filter) => (values[name] ?? []).map((value) => ({ ...filter, [name]: value }))),
    [{}],
  );
}

function pages(last: number): Page[] {
  const cursors = [null, Math.floor(last / 2), Math.floor(last / 100), 500];
  return cursors.flatMap((before) => [50, LIMITS.pageRows].map((limit) => ({ limit, before })));
}

function signatureQueries(lists: Lists, last: number): Query[] {
  const names = [[], ...pairsOf(Object.keys(SIGNATURE_VALUES))];
  return names.flatMap((given) =>
    (Object.keys(SCOPES) as ScopesName[]).map((scopes) => ({
      name: `signatures by ${given.join(' and ') || 'nothing'}, within ${scopes}`,
      calls: filtersOf(given, SIGNATURE_VALUES).flatMap((filter) =>
        pages(last).map((page) => () => lists.listSignatures({ ...filter, within: SCOPES[scopes] }, page).items.length),
      ),
    })),
  );
}

function auditQueries(lists: Lists, last: number): Query[] {
  const subject = `${SCARRED.repository}@sha256=${'5c'.repeat(32)}`;
  const values: Record<keyof AuditFilter, readonly unknown[]> = {
    subject: [subject, RARE.subject, 'absent'],
    action: ['signature.stored', 'key.revoked', RARE.action],
    actor: ['alice', 'ci-5', tokenIdOf(5), RARE.actor, 'nobody'],
    since: [NOW - DAY_MS, NOW - 500 * DAY_MS, NOW + DAY_MS],
    until: [NOW, NOW - 500 * DAY_MS, NOW - 3 * 365 * DAY_MS + 1_000, 0],
  };
  return [[], ...pairsOf(Object.keys(values)), ['actor', 'since', 'until']].flatMap((given) => {
    const [filters, by] = [filtersOf(given, values), given.join(' and ') || 'nothing'];
    const starts = [0, Math.floor(last / 2), last - 10];
    return [
      {
        name: `audit by ${by}`,
        calls: filters.flatMap((filter) => pages(last).map((page) => () => lists.listAudit(filter, page).items.length)),
      },
      {
        name: `export of audit by ${by}`,
        calls: filters.flatMap((filter) => starts.map((after) => () => lists.exportAudit(filter, after).items.length)),
      },
    ];
  });
}

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  'one letter': [...'aeqrv0179f'],
  'common words': ['app', 'acme', 'quay.io', 'release', 'ci', 'latest', 'v1', 'sha256:', 'huge', 'example'],
  'rare words': ['app-777', RARE_TAG, 'ci-5', 'release-77', 'crowd'],
  digests: [SCARRED.digest, SCARRED.digest.replace(':', '='), '5c5c', 'ab', '00', SCARRED.digest.slice(7, 40)],
  'name and tag': ['huge:v1', 'huge:latest', 'huge:none', 'app-77:v1', `${CROWD}:v`, 'crowd:l', 'app-777:latest'],
  'keys and tokens': [fingerprintOf(7), fingerprintOf(7).slice(-16), 'AB12', 'Release 777', 'ci-777', tokenIdOf(7)],
  nothing: ['no such text', 'zzzzzz', 'absent:v1', 'FFFFFFFFFFFF', '%', '_', "'", 'ÄÖ', '\u{10FFFF}', 'x'.repeat(300)],
};

function searchQueries(lists: Lists): Query[] {
  return (Object.keys(SCOPES) as ScopesName[]).flatMap((scopes) =>
    Object.entries(TEXTS).map(([kind, texts]) => ({
      name: `search for ${kind}, within ${scopes}`,
      calls: texts.flatMap((q) =>
        [10, 50].map((limit) => () => {
          const hits = lists.search({ q, limit, within: SCOPES[scopes], all: true, now });
          return Object.values(hits).reduce((sum, each) => sum + each.length, 0);
        }),
      ),
    })),
  );
}

function catalogueQueries(lists: Lists): Query[] {
  const limits = [50, LIMITS.pageRows];
  const words = [undefined, 'a', 'app', 'app-777', 'huge', 'zzz'];
  const cursors = [null, 'quay.io/acme/app-5000', 'zzz', 'app-5000 900'];
  const repositories = (Object.keys(SCOPES) as ScopesName[]).map((scopes) => ({
    name: `repositories, within ${scopes}`,
    calls: words.flatMap((q) =>
      cursors.flatMap((after) =>
        limits.map(
          (limit) => () => lists.listRepositories({ q, within: SCOPES[scopes] }, { limit, after }).items.length,
        ),
      ),
    ),
  }));
  const images = [HUGE, CROWD, SCARRED.repository, repositoryOf(77), 'quay.io/absent/app'].map((name) => ({
    name: `images of ${name}`,
    calls: pages(200_000).map((page) => () => lists.listImages(name as never, page).items.length),
  }));
  return [...repositories, ...images];
}

function keyQueries(lists: Lists): Query[] {
  const texts = [undefined, 'release', 'example.com', 'release-777', 'AB12', fingerprintOf(9_000), 'absent', '0xFFFF'];
  const states = [undefined, 'active', 'revoked', 'retired'] as const;
  const cursors = [null, `${NOW - 3 * 365 * DAY_MS + 5_000_000}-${fingerprintOf(5_000)}`];
  const perScopes = (Object.keys(SCOPES) as ScopesName[]).flatMap((scopes) => {
    const within = SCOPES[scopes];
    const every = cursors.flatMap((after) => [50, LIMITS.pageRows].map((limit) => ({ limit, after })));
    return [
      {
        name: `keys, within ${scopes}`,
        calls: texts.flatMap((q) =>
          states.flatMap((state) =>
            every.map((page) => () => lists.listKeys({ q, state, within }, page, now).items.length),
          ),
        ),
      },
      {
        name: `tokens, within ${scopes}`,
        calls: [undefined, 'ci', 'ci-777', tokenIdOf(9), 'absent'].flatMap((q) =>
          every.map((page) => () => lists.listTokens({ q, within }, page).items.length),
        ),
      },
    ];
  });
  return [
    ...perScopes,
    {
      name: 'keys about to expire',
      calls: [30, 90, 4_000].map((days) => () => lists.listExpiringKeys((NOW + days * DAY_MS) as Instant, now).length),
    },
    {
      name: 'what depends on a key',
      calls: Array.from({ length: 42 }, (_, key) => () => {
        const { images } = lists.served(fingerprintOf(key) as Fingerprint, now);
        return Math.min(images, 1);
      }),
    },
  ];
}

/** The end of a key: what nothing else signs, what another key has yet to sign, from the beginning and deep inside. */
function keyEndQueries(lists: Lists): Query[] {
  const keys = [KEYS.busy, KEYS.retired, KEYS.expiring, KEYS.expired, KEYS.idle, 7].map(
    (key) => fingerprintOf(key) as Fingerprint,
  );
  const cursors = [null, '0.1.100000', '0.20.0', '1.1.1', '1.60.500000'];
  const asked = keys.flatMap((signer) => [
    { signer, aloneAt: now },
    ...keys.map((successor) => ({ signer, successor })),
  ]);
  const ends = (Object.keys(SCOPES) as ScopesName[]).map((scopes) => ({
    name: `images that depend on a key, within ${scopes}`,
    calls: asked.flatMap((filter) =>
      cursors.flatMap((after) =>
        [50, LIMITS.pageRows].map(
          (limit) => () => lists.listKeyImages({ ...filter, within: SCOPES[scopes] }, { limit, after }).items.length,
        ),
      ),
    ),
  }));
  return [
    ...ends,
    {
      name: 'what ends with a key',
      calls: keys.flatMap((signer) => [
        () => Math.min(lists.impact({ signer }, now).images, 1),
        () => Math.min(lists.countUnsigned(signer, fingerprintOf(3) as Fingerprint), 1),
      ]),
    },
  ];
}

function otherQueries(lists: Lists, last: number): Query[] {
  const verified = [0, Math.floor(last / 2), Math.max(last - 6_000, 0)].map((seq) => ({
    seq,
    hash: lists.auditHash(seq) ?? '0'.repeat(64),
  }));
  const filters = [
    {},
    { code: 'KEY_UNKNOWN' },
    { code: 'IMAGE_FULL' },
    { actor: 'ci-5' },
    { actor: 'nobody' },
  ] as const;
  return [
    {
      name: 'refusals',
      calls: filters.flatMap((filter) =>
        pages(10_000).map((page) => () => lists.listRefusals(filter, page).items.length),
      ),
    },
    { name: 'slice of the chain', calls: verified.map((from) => () => lists.verifyAudit(from).seq - from.seq) },
    { name: 'head of the audit log', calls: [() => Math.sign(lists.auditHead().seq)] },
    { name: 'counts of the overview', calls: [() => Math.sign(lists.counts(now).repositories)] },
    {
      name: 'days of the overview',
      calls: [() => lists.days(now, 30).days.length, () => lists.days(now, 400).days.length],
    },
  ];
}

/** `last`: how many signatures and audit rows there are. */
export function listQueries(lists: Lists, last: number): Query[] {
  return [
    ...signatureQueries(lists, last),
    ...catalogueQueries(lists),
    ...searchQueries(lists),
    ...keyQueries(lists),
    ...keyEndQueries(lists),
    ...auditQueries(lists, last),
    ...otherQueries(lists, last),
  ];
}
