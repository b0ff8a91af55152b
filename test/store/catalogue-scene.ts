// Stores in motion: keys with a subkey each, signatures by either, and random things that happen to them.
import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type Digest, parseDigest } from '../../server/domain/digest.ts';
import { AppError } from '../../server/domain/errors.ts';
import { type Fingerprint, type KeyId, parseFingerprint } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { parseReference } from '../../server/domain/reference.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { attest, type VerifiedSignature } from '../../server/domain/signature.ts';
import type { KeyChange } from '../../server/store/key-port.ts';
import type { Store } from '../../server/store/port.ts';
import { ACTOR, fingerprint, NOW, newKey } from './scene.ts';

export const DAY_MS = 24 * 60 * 60 * 1000;
export const DIGITS = ['A', 'B', 'C', 'D'] as const;
export const REPOSITORIES = ['quay.io/acme/app', 'quay.io/acme/app-2', 'localhost:5000/a', 'Corp.example/app/app'];
export const DIGESTS: readonly Digest[] = ['1', '2', '3'].map((digit) => parseDigest(`sha256:${digit.repeat(64)}`));

export const subkeyOf = (digit: string): Fingerprint => parseFingerprint(`${digit.repeat(39)}0`);

type KeyOf = {
  revokedSubkey?: boolean;
  expiresAt?: number | null;
  subkeyExpiresAt?: number | null;
  basedOn?: number | null;
};

/** A key whose digits are all the same but the last one of its subkey. */
export function keyOf(
  digit: string,
  { revokedSubkey = false, expiresAt = null, subkeyExpiresAt = null, basedOn = null }: KeyOf = {},
): KeyChange {
  const key = newKey(fingerprint(digit));
  const [primary] = key.facts.signingKeys;
  if (!primary) throw new Error('a key without a part');
  const subkey = subkeyOf(digit);
  const part = { ...primary, primary: false, fingerprint: subkey, keyId: subkey.slice(-16) as string as KeyId };
  const signingKeys = [primary, { ...part, revoked: revokedSubkey, expiresAt: subkeyExpiresAt as Instant | null }];
  return { ...key, facts: { ...key.facts, signingKeys, expiresAt: expiresAt as Instant | null }, name: digit, basedOn };
}

export type Signed = {
  readonly repository: string;
  readonly digest: Digest;
  readonly signer: string;
  readonly bySubkey?: boolean;
  readonly tag?: string;
};

export function signed({ repository, digest, signer, bySubkey = false, tag = 'v1' }: Signed): VerifiedSignature {
  const bytes = randomBytes(40);
  const primary = fingerprint(signer);
  const claim = {
    digest,
    reference: parseReference(`${repository}:${tag}`),
    creator: null,
    timestamp: null,
    otherOptional: [],
  };
  const facts = { identity: randomBytes(32), signedAt: NOW, algorithm: 'RSA 2048', hash: 'SHA256', notes: [] };
  const signingKey = bySubkey ? subkeyOf(signer) : primary;
  const sha256 = createHash('sha256').update(bytes).digest();
  return attest({ bytes, sha256 }, { ...facts, signer: primary, signingKey, claim, keyScopes: [parseScope('')] }, null);
}

/** Something that happens; refused by the store where it makes no sense. */
export type Event = { readonly what: string; readonly happen: (store: Store) => Promise<unknown> };

const digit = fc.constantFrom(...DIGITS);
/** The clock of the store is set back now and then. */
const at = fc.integer({ min: -3, max: 3 }).map((days) => (NOW + days * DAY_MS) as Instant);

const append = fc
  .record({
    repository: fc.constantFrom(...REPOSITORIES),
    digest: fc.constantFrom(...DIGESTS),
    signer: digit,
    bySubkey: fc.boolean(),
    tag: fc.constantFrom('v1', 'v2', 'latest'),
    at,
  })
  .map(
    ({ at, ...wanted }): Event => ({
      what: `store ${JSON.stringify(wanted)}`,
      happen: (store) => store.append({ actor: ACTOR, at, signature: signed(wanted), number: null }),
    }),
  );

const withdraw = fc.record({ id: fc.integer({ min: 1, max: 12 }), at }).map(
  ({ id, at }): Event => ({
    what: `withdraw ${id}`,
    happen: (store) => store.withdraw({ id, reason: 'mistake', actor: ACTOR, at }),
  }),
);

const transition = fc.record({ digit, to: fc.constantFrom('active', 'retired', 'revoked'), at }).map(
  ({ digit, to, at }): Event => ({
    what: `${digit} becomes ${to}`,
    happen: (store) =>
      store.setKeyState({
        fingerprint: fingerprint(digit),
        to,
        reason: to === 'active' ? null : 'lost',
        actor: ACTOR,
        at,
      }),
  }),
);

const update = fc.record({ digit, revokedSubkey: fc.boolean(), expires: fc.constantFrom(null, -1, 1, 2) }).map(
  ({ digit, revokedSubkey, expires }): Event => ({
    what: `${digit} has ${revokedSubkey ? 'a revoked' : 'a good'} subkey and expires in ${expires} days`,
    async happen(store) {
      const before = await store.findKey(fingerprint(digit));
      const expiresAt = expires === null ? null : NOW + expires * DAY_MS;
      await store.putKey(keyOf(digit, { revokedSubkey, expiresAt, basedOn: before?.revision ?? null }));
    },
  }),
);

export const events = fc.array(
  fc.oneof({ weight: 6, arbitrary: append }, { weight: 2, arbitrary: withdraw }, transition, update),
  { minLength: 5, maxLength: 40 },
);

/** What the store refuses changes nothing. */
export async function happen(store: Store, { happen }: Event): Promise<void> {
  try {
    await happen(store);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'INTERNAL') throw error;
  }
}
