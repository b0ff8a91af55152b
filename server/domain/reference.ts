// An image reference as it stands in a claim's docker-reference: name[:tag][@digest], Docker's grammar and
// normalisation as containers/image parses it before any signedIdentity rule (protocol.md §3.5).
import { AppError, quote } from './errors.ts';
import { DOCKER_HUB, type RepositoryName, readRepository } from './repository-name.ts';

export type Reference = {
  readonly text: string;
  readonly repository: RepositoryName;
  readonly tag: string | null;
  readonly digest: string | null;
};

const TAG = /^[\w][\w.-]{0,127}$/;
/** Registered digest algorithms and the length of their hex. */
const DIGEST_HEX: Record<string, number> = { sha256: 64, sha384: 96, sha512: 128 };

/** Throws CLAIM_REFERENCE_INVALID. */
export function parseReference(text: string): Reference {
  const reference = readReference(text);
  if (reference === null)
    throw new AppError(
      'CLAIM_REFERENCE_INVALID',
      `docker-reference ${quote(text)} is not an image reference; sign for a name such as quay.io/acme/app:v1`,
    );
  return reference;
}

/** Written in full: what runtimes compare. */
export function formatReference({ repository, tag, digest }: Omit<Reference, 'text'>): string {
  return repository + (tag === null ? '' : `:${tag}`) + (digest === null ? '' : `@${digest}`);
}

export function isNameOnly({ tag, digest }: Reference): boolean {
  return tag === null && digest === null;
}

/** Null for text that is no reference. */
export function readReference(text: string): Reference | null {
  const at = text.indexOf('@');
  const digest = at < 0 ? null : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : null;
  // The default registry of a claim is always docker.io: it is the reader's rule, not a setting of this store.
  const repository = readRepository(tagged ? named.slice(0, colon) : named, DOCKER_HUB);

  // 64 hex digits alone would be read as an image ID.
  if (repository === null || /^[0-9a-f]{64}$/.test(text)) return null;
  if (tag !== null && !TAG.test(tag)) return null;
  if (digest !== null && !isDigest(digest)) return null;
  return { text, repository, tag, digest };
}

function isDigest(text: string): boolean {
  const [algorithm = '', hex = ''] = text.split(':', 2);
  return DIGEST_HEX[algorithm] === hex.length && /^[0-9a-f]+$/.test(hex) && text === `${algorithm}:${hex}`;
}
