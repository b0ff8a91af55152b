// A registered OpenPGP key: what it may sign, and whether what it signed is served.
import type { Fingerprint, KeyId } from './fingerprint.ts';
import type { Instant } from './instant.ts';
import type { Scope } from './scope.ts';

export const KEY_STATES = ['active', 'retired', 'revoked'] as const;

/** The states as people look for them: an active key past its end is of no use. */
export const KEY_CONDITIONS = ['active', 'expired', 'retired', 'revoked'] as const;
export type KeyCondition = (typeof KEY_CONDITIONS)[number];

export type KeyState =
  | { readonly state: 'active' }
  | { readonly state: 'retired'; readonly since: Instant } // what it signed is still served, new uploads are refused
  | { readonly state: 'revoked'; readonly since: Instant; readonly reason: string }; // nothing it signed is served

/** One key packet, primary or subkey, that can appear as the issuer of a signature. */
export type SigningKey = {
  readonly fingerprint: Fingerprint;
  readonly keyId: KeyId;
  readonly primary: boolean;
  /** As users know it: `RSA 4096`, `Ed25519`, `ECDSA NIST P-256`. */
  readonly algorithm: string;
  readonly createdAt: Instant;
  /** Null: never. Already the earlier of key and binding expiry. */
  readonly expiresAt: Instant | null;
  readonly revoked: boolean;
  /** Null when it may sign; otherwise why runtimes refuse what it signs. */
  readonly unusable: string | null;
};

/** What the key material says of itself. */
export type KeyFacts = {
  readonly fingerprint: Fingerprint;
  readonly userIds: readonly string[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  /** Reason in a self-revocation found in the material, null when there is none. */
  readonly revocation: string | null;
  readonly signingKeys: readonly SigningKey[];
};

export type Key = KeyFacts & {
  readonly name: string;
  readonly state: KeyState;
  readonly scopes: readonly Scope[];
  readonly registeredAt: Instant;
  readonly updatedAt: Instant;
  /** Grows with every change of the row: what a cache of this key must compare. */
  readonly revision: number;
  /** Binary public key: self-signatures and revocations only. */
  readonly material: Uint8Array;
};

export function expiredAt(expiresAt: Instant | null, now: Instant): boolean {
  return expiresAt !== null && expiresAt <= now;
}
