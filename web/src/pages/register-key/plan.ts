// What registering a file means: new keys, newer copies, and keys that it ends.
import type { Key, KeyPreview } from '../../api/schema.ts';

export type Plan = {
  readonly title: string;
  readonly action: string;
  /** A name is for one key. */
  readonly hasName: boolean;
  readonly hasScopes: boolean;
  /** Scopes count for all keys of a file, and replace those of registered ones. */
  readonly replacesScopes: boolean;
  /** Why the server will refuse it. */
  readonly obstacle: string | null;
};

export function planOf(preview: KeyPreview): Plan {
  const { keys, revocations } = preview;
  const fresh = keys.filter(({ registered }) => registered === null);
  const isEnding = findEndingKeys(preview).length > 0;
  const word = fresh.length > 0 ? 'Register' : keys.length > 0 ? 'Update' : 'Apply';
  return {
    title: fresh.length > 0 ? 'Register' : keys.length > 0 ? 'Update what is registered' : 'Apply the revocation',
    action: isEnding ? (keys.length === 0 ? 'Revoke' : `${word} and revoke`) : word,
    hasName: fresh.length === 1 && keys.length === 1,
    hasScopes: fresh.length > 0,
    replacesScopes: fresh.length > 0 && fresh.length < keys.length,
    obstacle: revocations.some(({ registered }) => registered === null)
      ? 'One of the revocation certificates is for a key that is not registered. Register that key first.'
      : null,
  };
}

/** Registered keys that are served now and revoked afterwards. */
export function findEndingKeys({ keys, revocations }: KeyPreview): readonly Key[] {
  const revoked = [
    ...keys.filter(({ revocation }) => revocation !== null).map(({ registered }) => registered),
    ...revocations.map(({ registered }) => registered),
  ];
  const ending = revoked.filter((key) => key !== null).filter(({ state }) => state !== 'revoked');
  return [...new Map(ending.map((key) => [key.fingerprint, key])).values()];
}
