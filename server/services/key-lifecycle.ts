// The end of a key, before it comes: when keys expire, what ends with one, and what its successor has yet to sign. A
// rotation is not stored anywhere: what is left of it is asked of the store, so that it can stop and go on at any time.
import { AppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { expiredAt, type Key } from '../domain/key.ts';
import { LIMITS } from '../domain/limits.ts';
import { holdsScopes, type Principal, READ, requirePermission, SEE } from '../domain/principal.ts';
import { type Scope, scopesContain } from '../domain/scope.ts';
import type { World } from '../ops/world.ts';
import type { ExpiringKey, KeyImage, Served, Signer } from '../store/key-port.ts';
import type { Slice, Store, TextPage } from '../store/port.ts';
import { findOfSubkey, findRegistered, findVisible } from './key-reading.ts';
import { pagesOf } from './pages.ts';

export type { ExpiringKey, KeyImage } from '../store/key-port.ts';

export const ENDS = ['now', 'expiry'] as const;
/** Revoked or off the nodes now, or on the day it expires. */
export type End = (typeof ENDS)[number];

export type Impact = Served & Slice<KeyImage, string>;

export type Rotation = Slice<KeyImage, string> & {
  /** With a live signature of the old key. */
  readonly images: number;
  /** Of those, without any of the successor. */
  readonly unsigned: number;
  /** Scopes of the old key that the successor may not sign for. */
  readonly uncovered: readonly Scope[];
};

export type Successor = { readonly old: Fingerprint; readonly successor: Fingerprint };

export type KeyLifecycle = {
  /** Keys that end within a time, or have, or subkeys of theirs: active, or with something served. Soonest first, a page. */
  expiring(withinMs: number, principal: Principal): Promise<ExpiringKey[]>;
  /** What ends with a key or a subkey: how much, and the images that nobody else has signed who is good then. */
  impact(asked: { fingerprint: Fingerprint; end: End }, page: TextPage, principal: Principal): Promise<Impact>;
  /** What a key signed and its successor did not: image by image, with the references that are left. */
  rotation(keys: Successor, page: TextPage, principal: Principal): Promise<Rotation>;
  /** The same to its end, for whoever signs; what is refused is refused with the first page. */
  rotationList(keys: Successor, principal: Principal): AsyncGenerator<readonly KeyImage[], void>;
};

export function createKeyLifecycle(store: Store, world: World): KeyLifecycle {
  /** A key, or the subkey that has this fingerprint. */
  async function visiblePart(fingerprint: Fingerprint, principal: Principal): Promise<Signer & Pick<Key, 'expiresAt'>> {
    const whole = (await store.findKey(fingerprint)) === null ? await findOfSubkey(store, fingerprint) : null;
    if (whole !== null) {
      const { signingKeys } = await findVisible(store, whole.fingerprint, principal);
      const expiresAt = signingKeys.find((part) => part.fingerprint === fingerprint)?.expiresAt ?? null;
      return { signer: whole.fingerprint, subkey: fingerprint, expiresAt };
    }
    const { expiresAt } = await findVisible(store, fingerprint, principal);
    return { signer: fingerprint, expiresAt };
  }

  /** Both keys; there is no use in signing with a key whose signatures would be refused. */
  async function pair({ old, successor }: Successor): Promise<[Key, Key]> {
    if (old === successor)
      throw new AppError('REQUEST_INVALID', 'a key cannot be its own successor; name the key that replaces it');
    const keys = [await findRegistered(store, old), await findRegistered(store, successor)] as const;
    requireSigning(keys[1], world.now());
    return [...keys];
  }

  return {
    async expiring(withinMs, principal) {
      requirePermission(principal, ...SEE);
      const now = world.now();
      const keys = await store.listExpiringKeys((now + withinMs) as Instant, now);
      return keys.filter(({ scopes }) => holdsScopes(principal, scopes));
    },

    async impact({ fingerprint, end }, page, principal) {
      const { expiresAt, ...signer } = await visiblePart(fingerprint, principal);
      if (end === 'expiry' && expiresAt === null)
        throw new AppError('REQUEST_INVALID', `key ${fingerprint} never expires`);
      const now = world.now();
      const at = end === 'now' ? now : (Math.max(expiresAt ?? now, now) as Instant);
      const filter = { ...signer, aloneAt: at, within: principal.scopes };
      const [served, slice] = await Promise.all([store.impact(signer, at), store.listKeyImages(filter, page)]);
      return { ...served, ...slice };
    },

    async rotation(keys, page, principal) {
      const { old, successor } = keys;
      await findVisible(store, old, principal);
      await findVisible(store, successor, principal);
      const [before, after] = await pair(keys);
      const [{ images }, unsigned, slice] = await Promise.all([
        store.impact({ signer: old }, world.now()),
        store.countUnsigned(old, successor),
        store.listKeyImages({ signer: old, successor, within: principal.scopes }, page),
      ]);
      const uncovered = before.scopes.filter((scope) => !scopesContain(after.scopes, scope));
      return { ...slice, images, unsigned, uncovered };
    },

    async *rotationList(keys, principal) {
      requirePermission(principal, ...READ);
      await pair(keys);
      const filter = { signer: keys.old, successor: keys.successor, within: principal.scopes };
      yield* pagesOf((after: string | null) => store.listKeyImages(filter, { limit: LIMITS.pageRows, after }));
    },
  };
}

/** A line for each reference: `<repository>@<digest> <reference to sign as>`. */
export function toSigningLines(images: readonly KeyImage[]): string[] {
  return images.flatMap(({ repository, digest, references }) =>
    references.map((reference) => `${repository}@${digest} ${reference}`),
  );
}

function requireSigning({ fingerprint, state, expiresAt }: Key, now: Instant): void {
  if (state.state !== 'active')
    throw new AppError('KEY_STATE_CONFLICT', `key ${fingerprint} is ${state.state}; a successor must be active`);
  if (expiresAt !== null && expiredAt(expiresAt, now))
    throw new AppError(
      'KEY_STATE_CONFLICT',
      `key ${fingerprint} has expired on ${formatInstant(expiresAt).slice(0, 10)}; extend it and register the newer copy first`,
    );
}
