// The store as everybody else sees it: whole atomic operations that return promises. SQLite stands behind it today;
// a PostgreSQL store for several replicas would stand beside it. Only `live` answers synchronously: the read path
// looks up between two network events and must not wait in a queue.
import type { AuditRow } from '../domain/audit-event.ts';
import type { Digest } from '../domain/digest.ts';
import type { Fingerprint, KeyId } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key, KeyFacts } from '../domain/key.ts';
import type { Actor, Token } from '../domain/principal.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Scope } from '../domain/scope.ts';
import type { Note, VerifiedSignature } from '../domain/signature.ts';
import type { DigestSlot, Image } from '../domain/slot.ts';

/** What the read path serves. */
export type LiveSignature = {
  /** The exact bytes as a `latin1` string, one character a byte: a third of the memory of a small buffer. */
  readonly content: string;
  /** Lower-case hex, of the bytes. */
  readonly sha256: string;
  readonly storedAt: Instant;
};

export const SIGNATURE_STATES = ['live', 'withdrawn', 'revoked'] as const;
export type SignatureState = (typeof SIGNATURE_STATES)[number];

export type StoredSignature = {
  readonly id: number;
  readonly repository: RepositoryName;
  readonly digest: Digest;
  /** Its N among the live signatures of the image; null when it is not live. */
  readonly number: number | null;
  readonly state: SignatureState;
  readonly sha256: string;
  readonly bytes: number;
  readonly signer: Fingerprint;
  readonly signerName: string;
  readonly signingKey: Fingerprint;
  readonly reference: string;
  readonly signedAt: Instant;
  readonly notes: readonly Note[];
  readonly storedAt: Instant;
  readonly storedBy: Actor;
  readonly withdrawnAt: Instant | null;
  readonly withdrawnReason: string | null;
};

export type Act = { readonly actor: Actor; readonly at: Instant };

export type Append = Act & {
  readonly signature: VerifiedSignature;
  /** The N the uploader insists on (PUT), or null to take the next one. */
  readonly number: number | null;
};

export type Appended = { readonly status: 'stored' | 'exists'; readonly id: number; readonly number: number };

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
};

/** A token and the SHA-256 of its secret. */
export type TokenRecord = { readonly token: Token; readonly sha256: Buffer };

export type NewToken = Act & TokenRecord;

/** State-changing operations, each one transaction with its audit row, durable when the promise resolves. */
export interface StoreWrites {
  append(append: Append): Promise<Appended>;
  withdraw(withdrawal: Act & { id: number; reason: string }): Promise<StoredSignature>;
  /** False when the key has changed since `basedOn`. */
  putKey(change: KeyChange): Promise<boolean>;
  setKeyState(transition: KeyTransition): Promise<void>;
  createToken(token: NewToken): Promise<void>;
  revokeToken(revocation: Act & { id: string }): Promise<void>;
  /** Not audited, and lost in a crash: when each token was last seen. */
  touchTokens(uses: readonly { id: string; at: Instant }[]): Promise<void>;
  /** Resolves when the database can be written. */
  probe(): Promise<void>;
}

export type SignatureFilter = {
  readonly repository?: RepositoryName | undefined;
  readonly digest?: Digest | undefined;
  readonly signer?: Fingerprint | undefined;
  readonly state?: SignatureState | undefined;
  /** Part of a repository name, digest or docker-reference. */
  readonly q?: string | undefined;
  /** Only what these scopes cover. */
  readonly within: readonly Scope[];
};

/** Newest first; `before` is the id (or audit seq) the last page ended with. */
export type Page = { readonly limit: number; readonly before: number | null };

export type AuditFilter = {
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
};

export type AuditHead = { readonly seq: number; readonly hash: string };

export interface StoreReads {
  findSignature(id: number): Promise<StoredSignature | null>;
  findSignatureByContent(sha256: Uint8Array): Promise<StoredSignature | null>;
  /** The same signature in whatever encoding it was stored. */
  findSignatureByIdentity(identity: Uint8Array): Promise<StoredSignature | null>;
  getBlob(id: number): Promise<Buffer>;
  listSignatures(filter: SignatureFilter, page: Page): Promise<StoredSignature[]>;
  countLive(): Promise<number>;
  /** Live signatures of one image. */
  countImage(image: Image): Promise<number>;
  findKey(fingerprint: Fingerprint): Promise<Key | null>;
  /** Keys that have this primary key or subkey. */
  findKeysById(keyId: KeyId): Promise<Key[]>;
  listKeys(): Promise<Key[]>;
  findToken(sha256: Buffer): Promise<TokenRecord | null>;
  getToken(id: string): Promise<Token>;
  listTokens(): Promise<Token[]>;
  listAudit(filter: AuditFilter, page: Page): Promise<AuditRow[]>;
  /** The head of the log. Throws AUDIT_BROKEN naming the first row that does not fit, or that is not `known` any more. */
  verifyAudit(known: AuditHead | null): Promise<AuditHead>;
}

/** Synchronous, on the caller's thread, never blocked by a writer. */
export interface LiveReads {
  /** All live signatures of an image, in order. */
  live(image: Image): readonly LiveSignature[];
  liveByDigest(slot: DigestSlot): LiveSignature | null;
  /**
   * What has been committed since the last call, by any process: images to forget, or 'everything'. Costs two system
   * calls when nothing has.
   */
  changes(): readonly Image[] | 'everything';
}

export interface Store extends StoreWrites, StoreReads, LiveReads {
  close(): Promise<void>;
}
