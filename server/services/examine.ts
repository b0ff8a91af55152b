// The middle of intake, from `format` to `claim` (domain/intake-step.ts): what do these bytes say, and who vouches for it?
// Pure but for the key look-up; runs in a verification worker. The order is the rule: cheap refusals first, and no look
// at the JSON before the signature holds.
import { parseClaim } from '../domain/claim.ts';
import { compatibilityNotes } from '../domain/compatibility.ts';
import type { KeyId } from '../domain/fingerprint.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Examined } from '../domain/signature.ts';
import { inspect } from '../openpgp/message.ts';
import type { Verify } from '../openpgp/verify.ts';

export type FindKeys = (keyId: KeyId) => Promise<readonly Key[]>;

export async function examine(
  untrustedBytes: Uint8Array,
  { findKeys, verify, now }: { findKeys: FindKeys; verify: Verify; now: Instant },
): Promise<Examined> {
  const message = inspect(untrustedBytes); // shape and size; contents still untrusted
  const signed = await verify(message, await findKeys(message.keyId), now); // key state, cryptography
  const claim = parseClaim(signed.payload); // first look at the JSON, strictly
  const { key, signingKey, hash } = signed;
  const traits = {
    claim,
    bySubkey: !signingKey.primary,
    algorithm: signingKey.algorithm,
    hash,
    bytes: untrustedBytes.length,
    expires: signed.expiresAt === null ? null : formatInstant(signed.expiresAt),
  };
  return {
    signer: key.fingerprint,
    signingKey: signingKey.fingerprint,
    identity: signed.identity,
    signedAt: signed.signedAt,
    algorithm: signingKey.algorithm,
    hash,
    claim,
    keyScopes: key.scopes,
    notes: compatibilityNotes(traits),
  };
}
