// The part of the store's port that is about signing keys: what is registered, what depends on it, when it ends.
import type { Fingerprint, KeyId } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key, KeyCondition, KeyFacts } from '../domain/key.ts';
import type { Scope } from '../domain/scope.ts';
import type { Image } from '../domain/slot.ts';
import type { Act, Slice, TextPage } from './port.ts';

export type KeyChange = Act & {
  readonly facts: KeyFacts;
  readonly material: Uint8Array;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Revision the change was worked out on; null for a new key. Another one now means: start again. */
  readonly basedOn: number | null;
};

export type KeyTransition = Act & {
  readonly fingerprint: Fingerprint;
  readonly to: 'active' | 'retired' | 'revoked';
  readonly reason: string | null;
  /** Throws KEY_IN_USE, in the transaction of the change, when images have no live signature of another key. */
  readonly unlessNeeded?: boolean | undefined;
};

/** Who made signatures: a key with all its subkeys, or one of these alone. */
export type Signer = { readonly signer: Fingerprint; readonly subkey?: Fingerprint | undefined };

/** What depends on a key, or on a subkey. */
export type Served = {
  /** Live ones that it made. */
  readonly signatures: number;
  readonly images: number;
  /** Images without another live signature, of a key that lives at least as long. */
  readonly onlyImages: number;
};

export type KeyWithServed = Key & { readonly served: Served };

/** A subkey that ends before its key does, and what ends with it. */
export type SubkeyEnd = { readonly fingerprint: Fingerprint; readonly expiresAt: Instant; readonly served: Served };

export type ExpiringKey = KeyWithServed & {
  /** Within the same time, soonest first. */
  readonly endingSubkeys: readonly SubkeyEnd[];
};

/** An image with references that live signatures of it are for, as they are to be signed again. */
export type KeyImage = Image & { readonly references: readonly string[] };

/** Whose images, and of these which. */
export type KeyImagesFilter = Signer & {
  /** Only what these scopes cover. */
  readonly within: readonly Scope[];
} & (
    | { /** Those that nobody else has signed who is good at this instant. */ readonly aloneAt: Instant }
    | { /** Those with a reference that this key has not signed: these references. */ readonly successor: Fingerprint }
  );

/** When a key or a subkey ends, and what ends with it. */
export type KeyEnd = Pick<KeyWithServed, 'fingerprint' | 'name' | 'expiresAt' | 'served'>;

export type KeyFilter = {
  readonly q?: string | undefined;
  readonly state?: KeyCondition | undefined;
  readonly within: readonly Scope[];
};

export interface KeyWrites {
  /** False when the key has changed since `basedOn`. */
  putKey(change: KeyChange): Promise<boolean>;
  setKeyState(transition: KeyTransition): Promise<void>;
}

export interface KeyReads {
  findKey(fingerprint: Fingerprint): Promise<Key | null>;
  /** Keys that have this primary key or subkey. */
  findKeysById(keyId: KeyId): Promise<Key[]>;
}

export interface KeyLists {
  listKeys(filter: KeyFilter, page: TextPage, now: Instant): Promise<Slice<KeyWithServed, string>>;
  /** Keys that end before an instant or have subkeys that do, active or with something that is still served, soonest first. */
  listExpiringKeys(before: Instant, now: Instant): Promise<ExpiringKey[]>;
  /** Keys that are not revoked, and their subkeys that end before them; without those that have ended and serve nothing. */
  listKeysByEnd(now: Instant, most: number): Promise<KeyEnd[]>;
  served(fingerprint: Fingerprint, now: Instant): Promise<Served>;
  /** The same if it ended at an instant: `onlyImages` are those without another live signature that is good then. */
  impact(by: Signer, at: Instant): Promise<Served>;
  /** How many images have a live signature of one key and none of another. */
  countUnsigned(signer: Fingerprint, successor: Fingerprint): Promise<number>;
  listKeyImages(filter: KeyImagesFilter, page: TextPage): Promise<Slice<KeyImage, string>>;
}
