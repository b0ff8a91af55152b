// Digest of an image manifest. Runtimes look up and compare SHA-256 only (protocol.md §1.2, §3.3).
import { AppError, quote } from './errors.ts';

export type Digest = string & { readonly __brand: 'Digest' };

export function parseDigest(text: string): Digest {
  if (!/^sha256:[0-9a-f]{64}$/.test(text))
    throw new AppError('DIGEST_INVALID', `digest must be sha256:<64 lower-case hex>, not ${quote(text)}`);
  return text as Digest;
}

/** The 64 hex characters, as they stand in a lookaside path. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
