// What a signature says of itself, before anybody has verified it: enough to leave out those that are for another name or by
// another key.
import { parseClaim } from '../domain/claim.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import { formatReference } from '../domain/reference.ts';
import { inspect } from '../openpgp/message.ts';

export type UntrustedClaim = { readonly keyId: KeyId; readonly reference: string };

/** Null for what is no signature. */
export function readUntrustedClaim(untrustedBytes: Uint8Array): UntrustedClaim | null {
  try {
    const { keyId, literal } = inspect(untrustedBytes);
    return { keyId, reference: formatReference(parseClaim(literal.data).reference) };
  } catch {
    return null;
  }
}
