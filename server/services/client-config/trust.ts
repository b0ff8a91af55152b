// Which keys count where. Clients look at the most specific entry of a policy alone, and all requirements of an entry
// must hold at once: an entry therefore names the keys of its ancestors too, as alternatives in one keyring.
import type { Mirror, SignedIdentity } from '../../domain/client-config.ts';
import { formatInstant, type Instant } from '../../domain/instant.ts';
import { expiredAt, type Key } from '../../domain/key.ts';
import { EVERYTHING, type Scope, scopesContain } from '../../domain/scope.ts';

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
  const scopes = wanted.length > 0 ? wanted : keys.flatMap((key) => key.scopes);
  const entries = [...new Set(scopes)].sort().map((scope) => ({ scope, keys: keysFor(scope, keys), mirror: null }));
  const stated = new Set(keys.filter(counts).flatMap((key) => key.scopes));
  return entries.filter((entry) => wanted.length > 0 || entry.keys.length === 0 || stated.has(entry.scope));
}

/** Entries for images that are named by their mirror: those of the original, its ancestors and what lies below it. */
export function mirrorEntriesOf(keys: readonly KnownKey[], mirrors: readonly Mirror[]): Entry[] {
  return mirrors.flatMap((mirror) => {
    const { original, mirror: place } = mirror;
    const below = entriesOf(keys).filter(({ scope }) => scope.startsWith(`${original}/`));
    const moved = below.map((entry) => ({
      ...entry,
      scope: `${place}${entry.scope.slice(original.length)}` as Scope,
      mirror,
    }));
    return [{ scope: place, keys: keysFor(original, keys), mirror }, ...moved];
  });
}

function keysFor(scope: Scope, keys: readonly KnownKey[]): KnownKey[] {
  return keys
    .filter((key) => counts(key) && scopesContain(key.scopes, scope))
    .sort((one, other) => (one.fingerprint < other.fingerprint ? -1 : 1));
}

export function identityOf({ mirror }: Entry, wished: SignedIdentity | undefined): SignedIdentity | undefined {
  return mirror ? { type: 'remapIdentity', prefix: mirror.mirror, signedPrefix: mirror.original } : wished;
}

/** Several public keys after one another are a keyring. */
export function keyringOf(keys: readonly KnownKey[]): Uint8Array {
  return Buffer.concat(keys.map(({ material }) => material));
}

/** What somebody who installs the entries should know. */
export function trustNotes(entries: readonly Entry[], now: Instant): string[] {
  const keys = new Map(entries.flatMap((entry) => entry.keys.map((key) => [key.fingerprint, key])));
  return [
    ...entries
      .filter((entry) => entry.keys.length === 0)
      .map(({ scope }) => `${place(scope)}: no key counts there any more, so nothing is accepted`),
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
