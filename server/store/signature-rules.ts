// What the store itself can say against a verified signature; asked inside the transaction that appends, and before
// it by a dry run.
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { StoredSignature } from './port.ts';

/** `before` is the same signature as stored earlier, in whatever encoding. */
export function requireNotEnded(before: StoredSignature | null): void {
  if (before?.state === 'withdrawn')
    throw new AppError(
      'SIGNATURE_WITHDRAWN',
      `this signature was withdrawn (id ${before.id}): ${before.withdrawnReason}; to publish again, sign again`,
    );
  // Through another primary key that has the same subkey.
  if (before?.state === 'revoked')
    throw new AppError('KEY_REVOKED', `this signature counts as made by key ${before.signer}, which is revoked`);
}

/** `next` is the number the signature would get, `wanted` the one the uploader insists on. */
export function requireNumber(wanted: number | null, next: number, repository: RepositoryName): void {
  if (next > LIMITS.signaturesPerImage)
    throw new AppError(
      'IMAGE_FULL',
      `the image in ${repository} has ${LIMITS.signaturesPerImage} signatures, and runtimes reject an image with more; withdraw one first`,
    );
  if (wanted === null || wanted === next) return;
  if (wanted < next)
    throw new AppError('SLOT_TAKEN', `signature-${wanted} is another signature; the next free number is ${next}`);
  const gap = `signature-${wanted} would leave a gap, which hides it from runtimes`;
  throw new AppError('SLOT_GAP', `${gap}; the next number is ${next}`);
}
