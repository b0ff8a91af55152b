// What the store of the page tests holds: the images, keys and tokens of a shop that signs what it ships.
import { createHash } from 'node:crypto';
import type { Permission } from '../../server/domain/principal.ts';
import type { Publisher } from '../../server/domain/publisher.ts';
import { DAY_MS, type KeyWish } from './gpg-keys.ts';

/** The user id and the name that a hostile key brings: markup, and letters that turn the ones after them around. */
export const HOSTILE = '<img src=x onerror=alert(1)> \u202egpj.exe';
/** How many days the store has been there. */
export const FIRST_DAY = 30;

/** As long as a name may be, in one word. */
export const LONG_REPOSITORY = `registry.example.com/${'a-very-long-namespace/'.repeat(8)}${'x'.repeat(58)}`;
/** As far as the grammar lets a name look like something else. */
export const ODD_REPOSITORY = 'xn--e1afmkfd.xn--80akhbyknj4f.example:5000/img__src.x/onerror-alert-1';

export const STOREFRONT = 'quay.io/acme/storefront';
export const CHECKOUT = 'quay.io/acme/checkout';
export const POSTGRES = 'registry.example.com/platform/postgresql-16';

export type KeyName = keyof typeof KEYS;
export type KeyPlan = Omit<KeyWish, 'createdAt' | 'expiresAt'> & {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresInDays?: number;
};

const EVERYTHING = [''];

export const KEYS = {
  release: {
    userId: 'Acme Release Engineering <release@acme.example>',
    name: 'Release engineering',
    algorithm: 'rsa2048',
    scopes: ['quay.io/acme', 'registry.example.com'],
  },
  ci: { userId: 'Acme CI <ci@acme.example>', name: 'CI', scopes: ['quay.io/acme', 'registry.example.com'] },
  platform: {
    userId: 'Platform Team <platform@acme.example>',
    name: 'Platform team',
    scopes: ['registry.example.com/platform'],
    expiresInDays: 20,
  },
  security: {
    userId: 'Acme Product Security <security@acme.example>',
    name: 'Product security',
    hasSubkey: true,
    scopes: ['quay.io/acme', 'docker.io/library'],
  },
  former: {
    userId: 'Acme Release 2024 <release-2024@acme.example>',
    name: 'Release 2024',
    scopes: ['quay.io/acme'],
  },
  contractor: {
    userId: 'Northwind Builds <builds@northwind.example>',
    name: 'Northwind builds',
    scopes: ['quay.io/acme'],
  },
} as const satisfies Record<string, KeyPlan>;

export const KEY_NAMES = Object.keys(KEYS) as KeyName[];
export const HOSTILE_KEY: KeyPlan = { userId: HOSTILE, name: HOSTILE, scopes: EVERYTHING };

export type TokenName = keyof typeof TOKENS;
type TokenPlan = {
  readonly permissions: readonly Permission[];
  readonly scopes: readonly string[];
  readonly days: number;
};

export const TOKENS = {
  'gitlab-storefront': { permissions: ['upload'], scopes: ['quay.io/acme'], days: 90 },
  'release-pipeline': { permissions: ['upload', 'withdraw'], scopes: EVERYTHING, days: 365 },
  'nightly-audit': { permissions: ['read'], scopes: EVERYTHING, days: 90 },
  'jenkins-legacy': { permissions: ['upload'], scopes: ['quay.io/acme/checkout'], days: 90 },
  'migration-2026': { permissions: ['upload', 'read'], scopes: ['registry.example.com'], days: 14 },
} as const satisfies Record<string, TokenPlan>;

type PipelinePlan = Pick<Publisher, 'name' | 'kind' | 'claims'> & { key: KeyName; scopes: readonly string[] };

/** The second is bound to less than it should be. */
export const PIPELINES: readonly PipelinePlan[] = [
  {
    name: 'acme/storefront releases',
    kind: 'github',
    claims: { repository_id: '684201177', environment: 'release', ref: 'refs/tags/v*' },
    scopes: ['quay.io/acme/storefront'],
    key: 'release',
  },
  { name: 'platform', kind: 'gitlab', claims: { project_id: '4242' }, scopes: ['quay.io/acme'], key: 'platform' },
];

/** The last leads to an address that is an alias, and not to what that stands for. */
export const ALIASES = [
  { path: '/mirror.acme.example/hub', target: 'docker.io' },
  { path: '/Signatures/prod', target: 'quay.io/acme' },
  { path: '/mirror', target: 'mirror.acme.example/hub' },
] as const;

export const TOKEN_NAMES = Object.keys(TOKENS) as TokenName[];

/** One signature: of what, and when. */
export type Signed = {
  readonly reference: string;
  /** Signatures of several tags can be of one. */
  readonly image: string;
  readonly daysAgo: number;
};
export type SignaturePlan = Signed & { readonly key: KeyName };

const release = (repository: string, version: string, daysAgo: number, keys: readonly KeyName[]): SignaturePlan[] =>
  keys.map((key, index) => ({
    reference: `${repository}:${version}`,
    image: `${repository}:${version}`,
    key,
    daysAgo: daysAgo - index * 0.01,
  }));

const NEWEST = `${STOREFRONT}:v2.15.1`;

export const SIGNATURES: readonly SignaturePlan[] = [
  ...release(STOREFRONT, 'v2.13.4', 29.2, ['former', 'contractor']),
  ...release(STOREFRONT, 'v2.14.0', 22.1, ['ci', 'release']),
  ...release(STOREFRONT, 'v2.15.0', 9.4, ['ci', 'release']),
  ...release(STOREFRONT, 'v2.15.1', 0.6, ['ci', 'release', 'security']),
  { reference: `${STOREFRONT}:stable`, image: NEWEST, key: 'release', daysAgo: 0.5 },
  ...release(CHECKOUT, 'v1.8.2', 27.3, ['contractor']),
  ...release(CHECKOUT, 'v1.9.0', 16.6, ['ci', 'release']),
  ...release(CHECKOUT, 'v1.9.1', 2.2, ['ci']),
  ...release('quay.io/acme/inventory', '2026.10', 19.7, ['ci', 'release']),
  ...release('quay.io/acme/inventory', '2026.11', 4.1, ['ci', 'release']),
  ...release('quay.io/acme/recommendations', 'v0.31.0', 6.3, ['ci']),
  ...release(POSTGRES, '16.4-2', 24.8, ['platform']),
  ...release(POSTGRES, '16.5-1', 5.9, ['platform', 'release']),
  ...release('registry.example.com/platform/ubi9-base', '9.5-1730', 11.5, ['platform']),
  ...release('docker.io/library/nginx', '1.27.2', 13.3, ['security']),
];

/** The second of its two was withdrawn. */
export const WITHDRAWN = `${CHECKOUT}:v1.9.0`;

export const HOSTILE_SIGNATURES: readonly Signed[] = [LONG_REPOSITORY, ODD_REPOSITORY].map((repository) => ({
  reference: `${repository}:${'v'.repeat(128)}`,
  image: repository,
  daysAgo: 7.5,
}));

/** Of the images that a build makes each night, for charts and lists that look like those of a shop at work. */
export function nightlyBuilds(): SignaturePlan[] {
  const names = ['storefront', 'checkout', 'inventory', 'recommendations', 'search', 'payments'];
  const plans: SignaturePlan[] = [];
  for (let day = 29; day >= 0; day--) {
    const count = [4, 6, 5, 7, 3, 1, 0][day % 7] ?? 0;
    for (let build = 0; build < count; build++) {
      const name = names[(day * 5 + build * 7) % names.length] ?? 'storefront';
      const version = `nightly-${String(30 - day).padStart(3, '0')}.${build}`;
      plans.push(
        ...release(`quay.io/acme/${name}`, version, day + 0.9 - build / 12, build === 0 ? ['ci', 'release'] : ['ci']),
      );
    }
  }
  return plans;
}

export function digestOf(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`;
}

/** A claim as skopeo writes it. */
export function payloadOf(reference: string, digest: string, { at, creator = 'skopeo 1.18.0' }: Writing): string {
  const critical = {
    type: 'atomic container signature',
    image: { 'docker-manifest-digest': digest },
    identity: { 'docker-reference': reference },
  };
  return JSON.stringify({ critical, optional: { creator, timestamp: Math.floor(at / 1000) } });
}

type Writing = { readonly at: number; readonly creator?: string };

export function targetOf(repository: string, digest: string): string {
  return `${repository}@${digest.replace(':', '=')}`;
}

export function daysBefore(now: number, days: number): number {
  return Math.floor(now - days * DAY_MS);
}
