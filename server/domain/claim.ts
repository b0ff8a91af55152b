// The claim of a simple signature: which image, under which name. Read as strictly as the runtimes read it
// (protocol.md §3.3): exactly these members, each once, each of its type. A claim that one reader accepts and
// another refuses is worse than none, because it is found out on the nodes.
import { type Digest, parseDigest } from './digest.ts';
import { AppError, quote } from './errors.ts';
import { LIMITS } from './limits.ts';
import { parseReference, type Reference } from './reference.ts';
import { type Json, type JsonObject, parseStrictJson } from './strict-json.ts';

export type Claim = {
  readonly reference: Reference;
  readonly digest: Digest;
  readonly creator: string | null;
  /** Seconds since 1970, as the signer wrote them; signed, but not checked by any runtime. */
  readonly timestamp: number | null;
  /** Names of further members of `optional`, which most runtimes ignore; the first of them, where there are very many. */
  readonly otherOptional: readonly string[];
};

const TYPE = 'atomic container signature';

/** The claim in a payload whose signature holds. Throws CLAIM_INVALID or CLAIM_REFERENCE_INVALID. */
export function parseClaim(payload: Uint8Array): Claim {
  const top = exactly(parseStrictJson(decodeUtf8(payload)), '', ['critical', 'optional']);
  const critical = exactly(top.get('critical'), 'critical', ['type', 'image', 'identity']);
  const type = text(critical.get('type'), 'critical.type');
  if (type !== TYPE) throw invalid('critical.type', `must be ${quote(TYPE)}, not ${quote(type)}`);
  const image = exactly(critical.get('image'), 'critical.image', ['docker-manifest-digest']);
  const identity = exactly(critical.get('identity'), 'critical.identity', ['docker-reference']);
  const optional = object(top.get('optional'), 'optional');
  return {
    digest: claimDigest(text(image.get('docker-manifest-digest'), 'critical.image.docker-manifest-digest')),
    reference: parseReference(text(identity.get('docker-reference'), 'critical.identity.docker-reference')),
    creator: optional.has('creator') ? text(optional.get('creator'), 'optional.creator') : null,
    timestamp: optional.has('timestamp') ? timestamp(optional.get('timestamp')) : null,
    otherOptional: [...optional.keys()]
      .filter((name) => name !== 'creator' && name !== 'timestamp')
      .slice(0, LIMITS.optionalNames),
  };
}

function decodeUtf8(payload: Uint8Array): string {
  try {
    // A byte order mark stays in the text, where it is no JSON.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(payload);
  } catch (cause) {
    throw new AppError('CLAIM_INVALID', 'the claim is not UTF-8', { cause });
  }
}

function claimDigest(untrustedText: string): Digest {
  try {
    return parseDigest(untrustedText);
  } catch (cause) {
    const why = `must be sha256:<64 lower-case hex>, not ${quote(untrustedText)}`;
    throw new AppError('CLAIM_INVALID', `the claim is not valid: critical.image.docker-manifest-digest: ${why}`, {
      cause,
    });
  }
}

/** Runtimes read a float64 and require that it is a whole int64. */
function timestamp(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < -(2 ** 63) || value >= 2 ** 63)
    throw invalid('optional.timestamp', 'must be a whole number of seconds');
  return value;
}

function exactly(value: Json | undefined, path: string, names: readonly string[]): JsonObject {
  const members = object(value, path);
  for (const name of members.keys()) if (!names.includes(name)) throw invalid(path, `unexpected member ${quote(name)}`);
  for (const name of names) if (!members.has(name)) throw invalid(path, `missing member ${quote(name)}`);
  return members;
}

function object(value: Json | undefined, path: string): JsonObject {
  if (!(value instanceof Map)) throw invalid(path, 'must be an object');
  return value;
}

function text(value: Json | undefined, path: string): string {
  if (typeof value !== 'string') throw invalid(path, 'must be a string');
  return value;
}

function invalid(path: string, why: string): AppError {
  return new AppError('CLAIM_INVALID', `the claim is not valid: ${path === '' ? '' : `${path}: `}${why}`);
}
