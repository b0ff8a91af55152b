// The part of the store's port that is about pipelines which publish without a secret.
import type { Instant } from '../domain/instant.ts';
import type { Publisher } from '../domain/publisher.ts';
import type { Act, TokenRecord } from './port.ts';

export type Exchange = {
  readonly publisher: Publisher;
  /** What was shown: each is exchanged once. */
  readonly spent: { readonly sha256: Uint8Array; readonly until: Instant };
  readonly given: TokenRecord;
  /** What is known of the run of the pipeline, for the audit log. */
  readonly about: readonly string[];
  readonly at: Instant;
};

/** As in port.ts: each one transaction with its audit row. */
export interface PublisherWrites {
  addPublisher(addition: Act & { publisher: Publisher }): Promise<void>;
  /** Ends the tokens it was given, too. */
  removePublisher(removal: Act & { id: string }): Promise<void>;
  /** Throws ID_TOKEN_SPENT; PUBLISHER_NOT_FOUND when it was removed meanwhile. */
  exchangeToken(exchange: Exchange): Promise<void>;
}

/** As in port.ts: they are few. */
export interface PublisherReads {
  /** All of them, by name. */
  listPublishers(): Promise<Publisher[]>;
  listPublishersOf(issuer: string): Promise<Publisher[]>;
}
