// A signature on its way in: examined facts, and the proof that all rules held. `VerifiedSignature` has one maker,
// attest(), which only intake may import (a test enforces it); the store takes nothing else.
import type { Claim } from './claim.ts';
import type { Digest } from './digest.ts';
import { AppError, quote } from './errors.ts';
import type { Fingerprint } from './fingerprint.ts';
import type { Instant } from './instant.ts';
import type { RepositoryName } from './repository-name.ts';
import { formatScope, type Scope, scopesCover } from './scope.ts';
import type { Image } from './slot.ts';

/** A reader that will refuse the signature although it is valid, and why. */
export type Note = { readonly code: string; readonly text: string };

/** What the cryptography vouches for, and the claim it covers. Not yet matched with a target. */
export type Examined = {
  readonly signer: Fingerprint;
  /** The key packet that signed: the primary key or one of its subkeys. */
  readonly signingKey: Fingerprint;
  /** 32 bytes, equal for all encodings of one signature. */
  readonly identity: Uint8Array;
  readonly signedAt: Instant;
  readonly algorithm: string;
  readonly hash: string;
  readonly claim: Claim;
  readonly keyScopes: readonly Scope[];
  readonly notes: readonly Note[];
};

const proof: unique symbol = Symbol('proof'); // not exported: no object literal elsewhere can pass for one

export type VerifiedSignature = {
  readonly [proof]: true;
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  readonly sha256: Uint8Array;
  readonly examined: Examined;
};

export type Blob = { readonly bytes: Uint8Array; readonly sha256: Uint8Array };

/** Signed for this image and by a key that may speak for it; `target` is null when the uploader named none. */
export function attest(blob: Blob, examined: Examined, target: Image | null): VerifiedSignature {
  const { claim, signer, keyScopes } = examined;
  const repository = claim.reference.repository;
  if (target && claim.digest !== target.digest)
    throw new AppError('CLAIM_DIGEST_MISMATCH', `signed for ${claim.digest}, but the target is ${target.digest}`);
  if (target && repository !== target.repository)
    throw new AppError(
      'CLAIM_REPOSITORY_MISMATCH',
      `signed for ${quote(claim.reference.text)}, that is ${repository}, but the target is ${target.repository}`,
    );
  if (!scopesCover(keyScopes, repository))
    throw new AppError(
      'KEY_SCOPE',
      `key ${signer} may sign for ${keyScopes.map(formatScope).join(', ')} only; ${repository} would need the scope ${quote(repository)}`,
    );
  return { [proof]: true, repository, digest: claim.digest, bytes: blob.bytes, sha256: blob.sha256, examined };
}
