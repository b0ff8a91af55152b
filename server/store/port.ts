// The store as everybody else sees it: whole atomic operations that return promises. SQLite stands behind it today;
// a PostgreSQL store for several replicas would stand beside it. Only `live` answers synchronously: the read path
// looks up between two network events and must not wait in a queue.
import type { AliasTable } from '../domain/alias.ts';
import type { AuditRow } from '../domain/audit-event.ts';
import type { Digest } from '../domain/digest.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Actor, Token } from '../domain/principal.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Scope } from '../domain/scope.ts';
import type { Note, VerifiedSignature } from '../domain/signature.ts';
import type { DigestSlot, Image } from '../domain/slot.ts';
import type { KeyLists, KeyReads, KeyWrites } from './key-port.ts';
import type { MachineLists, MachineReads, MachineWrites, TokenFilter, TokenRecord } from './machine-port.ts';
import type { PeopleReads, PeopleWrites } from './people-port.ts';

/** What the read path serves. */
export type LiveSignature = {
  /** The exact bytes as a `latin1` string, one character a byte: a third of the memory of a small buffer. */
  readonly content: string;
  /** Lower-case hex, of the bytes. */
  readonly sha256: string;
  readonly storedAt: Instant;
};

/** An image with its live signatures in order; none, where all that are left are of revoked keys. */
export type LiveImage = Image & { readonly signatures: readonly LiveSignature[] };

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
  /** Of the primary key; null: never. */
  readonly signerExpiresAt: Instant | null;
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

/** State-changing operations, each one transaction with its audit row, durable when the promise resolves. */
export interface StoreWrites extends KeyWrites, PeopleWrites, MachineWrites {
  append(append: Append): Promise<Appended>;
  withdraw(withdrawal: Act & { id: number; reason: string }): Promise<StoredSignature>;
  /** Not audited: nothing changed. */
  recordRefusals(refusals: readonly NewRefusal[]): Promise<void>;
  /** Resolves when the database can be written. */
  probe(): Promise<void>;
}

export type SignatureFilter = {
  readonly repository?: RepositoryName | undefined;
  readonly digest?: Digest | undefined;
  readonly signer?: Fingerprint | undefined;
  readonly state?: SignatureState | undefined;
  /** Id of a token, or name of a person. */
  readonly storedBy?: string | undefined;
  /** Part of a repository name, digest or docker-reference. */
  readonly q?: string | undefined;
  /** Only what these scopes cover. */
  readonly within: readonly Scope[];
};

/** Newest first; `before` is what the last page gave as `next`. */
export type Page = { readonly limit: number; readonly before: number | null };
/** The same where the order is not that of a number. */
export type TextPage = { readonly limit: number; readonly after: string | null };

/** One page. It can be short, even empty, and still have a next one: a page is a bounded amount of work. */
export type Slice<T, C = number> = { readonly items: readonly T[]; readonly next: C | null };

export type CatalogueRepository = {
  readonly name: RepositoryName;
  readonly images: number;
  /** Live or not. */
  readonly signatures: number;
  readonly live: number;
  readonly lastStoredAt: Instant;
};

export type CatalogueImage = Image & {
  readonly id: number;
  readonly signatures: number;
  readonly live: number;
  /** Of its latest signatures, at most ten. */
  readonly references: readonly string[];
  /** Of its live signatures. */
  readonly signers: readonly {
    readonly fingerprint: Fingerprint;
    readonly name: string;
    readonly expiresAt: Instant | null;
  }[];
  readonly firstStoredAt: Instant;
  readonly lastStoredAt: Instant;
};

export type AuditFilter = {
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  /** Name of a person, name or id of a token. */
  readonly actor?: string | undefined;
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
};

export type AuditHead = { readonly seq: number; readonly hash: string };

/** How far the chain was found right; `done` when that is its end. */
export type AuditCheck = AuditHead & { readonly done: boolean };

/** An upload that was refused. */
export type NewRefusal = Act & {
  readonly code: ErrorCode;
  readonly detail: string;
  /** As the uploader wrote it. */
  readonly target: string | null;
};
export type Refusal = NewRefusal & { readonly id: number };
export type RefusalFilter = { readonly code?: ErrorCode | undefined; readonly actor?: string | undefined };

export type Counts = {
  readonly signatures: { readonly live: number; readonly withdrawn: number; readonly revoked: number };
  readonly images: { readonly signed: number; readonly total: number };
  readonly repositories: number;
  readonly keys: {
    readonly active: number;
    readonly expired: number;
    readonly retired: number;
    readonly revoked: number;
  };
};

export type DayCount = { readonly day: string; readonly stored: number; readonly refused: number };

export type SearchHits = {
  readonly repositories: readonly CatalogueRepository[];
  readonly images: readonly CatalogueImage[];
  readonly signatures: readonly StoredSignature[];
  readonly keys: readonly Key[];
  readonly tokens: readonly Token[];
};

/** Single look-ups, each a step or two through an index. */
export interface StoreReads extends KeyReads, PeopleReads, MachineReads {
  findSignature(id: number): Promise<StoredSignature | null>;
  findSignatureByContent(sha256: Uint8Array): Promise<StoredSignature | null>;
  /** The same signature in whatever encoding it was stored. */
  findSignatureByIdentity(identity: Uint8Array): Promise<StoredSignature | null>;
  getBlob(id: number): Promise<Buffer>;
  countLive(): Promise<number>;
  /** Live signatures of one image. */
  countImage(image: Image): Promise<number>;
  /** When the last backup was begun, which holds everything acknowledged before; null: none was made. */
  lastBackupAt(): Promise<Instant | null>;
}

/** What people look at. A server answers these in a thread of its own, so that no list delays a read. */
export interface StoreLists extends KeyLists, MachineLists {
  listSignatures(filter: SignatureFilter, page: Page): Promise<Slice<StoredSignature>>;
  listRepositories(
    filter: { readonly q?: string | undefined; readonly within: readonly Scope[] },
    page: TextPage,
  ): Promise<Slice<CatalogueRepository, string>>;
  listImages(repository: RepositoryName, page: Page): Promise<Slice<CatalogueImage>>;
  /** By name, from the image behind `after` on, as many as a page has room for. */
  listLive(after: Image | null): Promise<Slice<LiveImage, Image>>;
  listTokens(filter: TokenFilter, page: TextPage): Promise<Slice<Token, string>>;
  listAudit(filter: AuditFilter, page: Page): Promise<Slice<AuditRow>>;
  /** Oldest first, from the row after `after` on. */
  exportAudit(filter: AuditFilter, after: number): Promise<Slice<AuditRow>>;
  auditHead(): Promise<AuditHead>;
  auditHash(seq: number): Promise<string | null>;
  /** Goes on from a row known to be right, some thousand rows. Throws AUDIT_BROKEN naming the first that does not fit. */
  verifyAudit(from: AuditHead): Promise<AuditCheck>;
  listRefusals(filter: RefusalFilter, page: Page): Promise<Slice<Refusal>>;
  search(query: SearchQuery): Promise<SearchHits>;
  counts(now: Instant): Promise<Counts>;
  days(now: Instant, length: number): Promise<{ days: DayCount[]; refusals: { code: ErrorCode; count: number }[] }>;
}

export type SearchQuery = {
  readonly q: string;
  readonly limit: number;
  readonly within: readonly Scope[];
  /** Whether keys and tokens may be shown. */
  readonly all: boolean;
  readonly now: Instant;
};

/** Synchronous, on the caller's thread, never blocked by a writer. */
export interface LiveReads {
  /**
   * All live signatures of an image, in order. With the number that is wanted: none, where it is known without the database
   * that there are fewer.
   */
  live(image: Image, number?: number): readonly LiveSignature[];
  liveByDigest(slot: DigestSlot): LiveSignature | null;
  /** As StoreReads has it, at once. */
  tokenOf(sha256: Buffer): TokenRecord | null;
  /**
   * What has been committed since the last call, by any process: images to forget, or 'everything'. Costs two system
   * calls when nothing has.
   */
  changes(): readonly Image[] | 'everything';
  /** As of the last `changes`. Null: there are none. */
  aliases(): AliasTable | null;
  /**
   * Reads on, for well under a millisecond, in which images have signatures, so that `live` need not ask the database
   * about others. False when all of it is known. Not necessary for right answers.
   */
  learn(): boolean;
  /** Memory that this may come to take. */
  readonly indexBytes: number;
}

export interface Store extends StoreWrites, StoreReads, StoreLists, LiveReads {
  close(): Promise<void>;
}
