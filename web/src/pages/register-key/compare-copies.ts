// What a copy of a key says that the registered one does not.
import type { Key, KeyPreview } from '../../api/schema.ts';

export type Differences = {
  readonly expiry: boolean;
  readonly userIds: readonly string[];
  /** How many are new. */
  readonly subkeys: number;
  /** How many of the registered ones are revoked now. */
  readonly revoked: number;
};

export function compareCopies(copy: KeyPreview['keys'][number], registered: Key): Differences {
  const known = new Map(registered.signingKeys.map((part) => [part.fingerprint, part]));
  return {
    expiry: copy.expiresAt !== registered.expiresAt,
    userIds: copy.userIds.filter((userId) => !registered.userIds.includes(userId)),
    subkeys: copy.signingKeys.filter(({ fingerprint }) => !known.has(fingerprint)).length,
    revoked: copy.signingKeys.filter(
      ({ fingerprint, primary, revoked }) => !primary && revoked && known.get(fingerprint)?.revoked === false,
    ).length,
  };
}
