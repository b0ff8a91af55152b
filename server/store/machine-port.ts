// The part of the store's port that is about machines: tokens, pipelines that publish without a secret, and aliases.
import type { Alias, AliasTable } from '../domain/alias.ts';
import type { Instant } from '../domain/instant.ts';
import type { Token } from '../domain/principal.ts';
import type { Publisher } from '../domain/publisher.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Scope } from '../domain/scope.ts';
import type { Act } from './port.ts';

/** A token and the SHA-256 of its secret. */
export type TokenRecord = { readonly token: Token; readonly sha256: Buffer };

export type NewToken = Act & TokenRecord;

export type TokenFilter = {
  readonly q?: string | undefined;
  /** Only what this publisher was given; otherwise only what was not given to any. */
  readonly publisher?: string | undefined;
  readonly within: readonly Scope[];
};

export type Exchange = {
  readonly publisher: Publisher;
  /** What was shown: each is exchanged once. */
  readonly spent: { readonly sha256: Uint8Array; readonly until: Instant };
  readonly given: TokenRecord;
  /** What is known of the run of the pipeline, for the audit log. */
  readonly about: readonly string[];
  readonly at: Instant;
};

export type NewAlias = Act & {
  readonly alias: Omit<Alias, 'id'>;
  /** Takes the place of one with the same path, of which no reader sees an instant without. */
  readonly replace: boolean;
};

/** As in port.ts: each one transaction with its audit row. */
export interface MachineWrites {
  createToken(token: NewToken): Promise<void>;
  revokeToken(revocation: Act & { id: string }): Promise<void>;
  /** Not audited, and lost in a crash: when each token was last seen. */
  touchTokens(uses: readonly { id: string; at: Instant }[]): Promise<void>;
  addPublisher(addition: Act & { publisher: Publisher }): Promise<void>;
  /** Ends the tokens it was given, too. */
  removePublisher(removal: Act & { id: string }): Promise<void>;
  /** Throws ID_TOKEN_SPENT; PUBLISHER_NOT_FOUND when it was removed meanwhile. */
  exchangeToken(exchange: Exchange): Promise<void>;
  addAlias(addition: NewAlias): Promise<Alias>;
  removeAlias(removal: Act & { id: number }): Promise<void>;
}

/** As in port.ts: beside the read path. */
export interface MachineLists {
  /** For each prefix, one of the repositories that have this name or are below it; null: there is none. */
  repositoriesAt(prefixes: readonly string[]): Promise<(RepositoryName | null)[]>;
}

/** As in port.ts: each a step or two through an index. */
export interface MachineReads {
  findToken(sha256: Buffer): Promise<TokenRecord | null>;
  getToken(id: string): Promise<Token>;
  /** All of them, by name: they are few. */
  listPublishers(): Promise<Publisher[]>;
  listPublishersOf(issuer: string): Promise<Publisher[]>;
  /** Throws PUBLISHER_NOT_FOUND. */
  getPublisher(id: string): Promise<Publisher>;
  /** All of them, by path. */
  listAliases(): Promise<Alias[]>;
  /** As they are at this moment, whoever changed them. */
  currentAliases(): Promise<AliasTable | null>;
}
