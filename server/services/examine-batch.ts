// Examining several uploads in one task of a worker, each with an answer of its own: handing a single signature to a
// thread costs more than reading it. What is served already is found here as well, so that the main thread neither hashes
// nor asks the database for an upload.
import { hash } from 'node:crypto';
import { type Failure, toAppError, toFailure } from '../domain/errors.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { joinBytes } from '../domain/joined-bytes.ts';
import type { Key } from '../domain/key.ts';
import type { Examined } from '../domain/signature.ts';
import type { Image } from '../domain/slot.ts';
import type { Verify } from '../openpgp/verify.ts';
import type { StoredSignature, StoreReads } from '../store/port.ts';
import { examine } from './examine.ts';

export type Untrusted = { readonly bytes: Uint8Array; readonly target: Image | null };

/** Bytes that are served already, or what they say and by whom. */
export type Finding =
  | { readonly known: StoredSignature }
  | { readonly examined: Examined; readonly sha256: Uint8Array }
  | { readonly failure: Failure };

/** In one piece of memory: a message copies one faster than many. */
export type Batch = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly uploads: readonly { readonly length: number; readonly target: Image | null }[];
};

export function packBatch(uploads: readonly Untrusted[]): Batch {
  const bytes = joinBytes(uploads.map((upload) => upload.bytes));
  return { bytes, uploads: uploads.map(({ bytes: { length }, target }) => ({ length, target })) };
}

type Parts = {
  readonly reads: Pick<StoreReads, 'findKeysById' | 'findSignatureByContent'>;
  readonly verify: Verify;
  readonly now: Instant;
  /** Told before each upload how many have begun. */
  readonly begin: (count: number) => void;
};

export async function examineBatch({ bytes, uploads }: Batch, parts: Parts): Promise<Finding[]> {
  const reads = { ...parts.reads, findKeysById: once(parts.reads.findKeysById) };
  const findings: Finding[] = [];
  let at = 0;
  for (const { length, target } of uploads) {
    parts.begin(findings.length + 1);
    findings.push(await find({ bytes: bytes.subarray(at, at + length), target }, { ...parts, reads }));
    at += length;
  }
  return findings;
}

async function find({ bytes, target }: Untrusted, { reads, verify, now }: Parts): Promise<Finding> {
  try {
    const sha256 = hash('sha256', bytes, 'buffer');
    const known = await reads.findSignatureByContent(sha256);
    if (known && isServedAs(known, target)) return { known };
    return { examined: await examine(bytes, { findKeys: reads.findKeysById, verify, now }), sha256 };
  } catch (error) {
    return { failure: toFailure(toAppError(error)) };
  }
}

/** The very same bytes, live: they were verified when they came, and a repeat is harmless. */
function isServedAs(found: StoredSignature, target: Image | null): boolean {
  if (found.state !== 'live') return false;
  return target === null || (target.repository === found.repository && target.digest === found.digest);
}

/** A batch takes a few milliseconds, and the store looks at the key again when it appends. */
function once(findKeys: (keyId: KeyId) => Promise<readonly Key[]>): (keyId: KeyId) => Promise<Key[]> {
  const found = new Map<KeyId, Promise<readonly Key[]>>();
  return async (keyId) => {
    const keys = found.get(keyId) ?? findKeys(keyId);
    found.set(keyId, keys);
    return [...(await keys)];
  };
}
