// Which keys count where. Clients look at the most specific entry of a policy alone, and all requirements of an entry
// must hold at once: an entry therefore names the keys of its ancestors too, as alternatives in one keyring.
import type { Mirror } from '../../domain/client-config.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { expiredAt, type Key } from '../../domain/key.ts';
import type { SignedIdentity } from '../../domain/policy/identity.ts';
import { EVERYTHING, type Scope, scopesAbove } from '../../domain/scope.ts';
import { isSimpleKey } from '../../openpgp/simple-algorithms.ts';

export type KnownKey = Pick<Key, 'fingerprint' | 'scopes' | 'state' | 'expiresAt' | 'material'>;

/** No key: nothing is accepted. */
export type Entry = { readonly scope: Scope; readonly keys: readonly KnownKey[]; readonly mirror: Mirror | null };

/** Also the retired: what they signed is still served. */
const counts = ({ state }: KnownKey) => state.state !== 'revoked';

/**
 * An entry for each scope of a key, sorted. Where all keys of a scope were revoked and nobody else's count, the entry
 * stays and rejects: without it, revoking would open the scope to whatever the default accepts.
 */
export function entriesOf(keys: readonly KnownKey[], wanted: readonly Scope[] = []): Entry[] {
  const keysOf = byScope(keys);
  const scopes = wanted.length > 0 ? [...new Set(wanted)] : [...keysOf.keys()];
  const entries = scopes.sort().map((scope) => ({ scope, keys: keysFor(scope, keysOf), mirror: null }));
  return entries.filter(({ scope, keys }) => wanted.length > 0 || keys.length === 0 || keysOf.get(scope)?.length);
}

/** Entries for images that are named by their mirror: those of the original, its ancestors and what lies below it. */
export function mirrorEntriesOf(keys: readonly KnownKey[], mirrors: readonly Mirror[]): Entry[] {
  const all = entriesOf(keys);
  return mirrors.flatMap((mirror) => {
    const { original, mirror: place } = mirror;
    const below = all.filter(({ scope }) => scope.startsWith(`${original}/`));
    const moved = below.map((entry) => ({
      ...entry,
      scope: `${place}${entry.scope.slice(original.length)}` as Scope,
      mirror,
    }));
    return [{ scope: place, keys: keysFor(original, byScope(keys)), mirror }, ...moved];
  });
}

/** Those that count, by their scopes; a scope that only revoked keys have is there, without a key. */
function byScope(keys: readonly KnownKey[]): ReadonlyMap<Scope, readonly KnownKey[]> {
  const found = new Map<Scope, KnownKey[]>();
  for (const key of keys)
    for (const scope of new Set(key.scopes))
      found.set(scope, [...(found.get(scope) ?? []), ...(counts(key) ? [key] : [])]);
  return found;
}

function keysFor(scope: Scope, keysOf: ReadonlyMap<Scope, readonly KnownKey[]>): KnownKey[] {
  const keys = scopesAbove(scope).flatMap((each) => keysOf.get(each) ?? []);
  return [...new Set(keys)].sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
}

export function identityOf({ mirror }: Entry, wished: SignedIdentity | undefined): SignedIdentity | undefined {
  return mirror ? { type: 'remapIdentity', prefix: mirror.mirror, signedPrefix: mirror.original } : wished;
}

/**
 * Several public keys after one another are a keyring. First those that builds with containers_image_openpgp do not know:
 * they lose the key before such a one.
 */
export function keyringOf(keys: readonly Pick<KnownKey, 'material'>[]): Uint8Array {
  const all = keys.map(({ material }) => material);
  return Buffer.concat([...all.filter((key) => !isSimpleKey(key)), ...all.filter(isSimpleKey)]);
}

/** What somebody who installs the entries should know. */
export function trustNotes(entries: readonly Entry[], now: Instant): string[] {
  const keys = new Map(entries.flatMap((entry) => entry.keys.map((key) => [key.fingerprint, key])));
  return [
    ...entries
      .filter((entry) => entry.keys.length === 0)
      .map(({ scope }) => `${place(scope)}: no key counts there, so nothing is accepted`),
    ...[...keys.values()].flatMap(({ fingerprint, state, expiresAt }) => {
      if (expiresAt !== null && expiredAt(expiresAt, now))
        return `key ${fingerprint} expired on ${day(expiresAt)}: runtimes refuse what it signed, until a renewed copy is registered and this is made anew`;
      return state.state === 'retired' ? `key ${fingerprint} is retired: what it signed before is still accepted` : [];
    }),
  ];
}

function day(instant: Instant): string {
  return formatInstant(instant).slice(0, 10);
}

export function place(scope: Scope): string {
  return scope === EVERYTHING ? 'everything' : scope;
}
