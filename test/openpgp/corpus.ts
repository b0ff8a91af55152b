// The vectors of test/fixtures (INDEX.md says what each one is), as tests use them.
import { CORPUS_DIGEST_HEX, fixture } from '../support/server.ts';

export type Vector = {
  readonly name: string;
  readonly file: string;
  readonly what: string;
  /** Files in fixtures/keys, without `.asc`, that the signature needs. */
  readonly keys: readonly string[];
  readonly repository: string;
  readonly skopeo: 'accepted' | 'refused';
  readonly skopeoSays: string;
  /** `accepted`, or the code of the refusal. */
  readonly expect: string;
  readonly difference?: string;
};

export type KeyFixture = {
  readonly name: string;
  readonly file: string;
  /** `registered`, or the code of the refusal. */
  readonly expect: string;
  readonly state: 'active' | 'revoked' | null;
};

export const CORPUS: readonly Vector[] = JSON.parse(fixture('corpus.json').toString());
export const CORPUS_KEYS: readonly KeyFixture[] = JSON.parse(fixture('corpus-keys.json').toString());

/** Not part of the store that most vectors are tried on: older copies of other files, and what is never registered. */
export const APART = new Set(['extend-before', 'subkey-added-before', 'stranger', 'revocation-certificate']);

export function targetOf({ repository }: Vector): string {
  return `${repository}@sha256=${CORPUS_DIGEST_HEX}`;
}

/** skopeo before August 2025 compares with the fingerprint of the subkey: the one case where this store takes more. */
export function refusedForItsSubkey({ skopeoSays }: Vector): boolean {
  return skopeoSays === 'Signature by key <fingerprint> is not accepted';
}
