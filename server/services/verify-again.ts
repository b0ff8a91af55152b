// A stored signature, verified once more as it was at intake. What has happened to its key since is no fault: keys expire
// and retire, and what they signed is still served; whether it is served at all is decided when it is read. So the key
// counts as it is in the mathematics alone, and the time is that of acceptance.
import { hash } from 'node:crypto';
import { toAppError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Key } from '../domain/key.ts';
import type { Examined } from '../domain/signature.ts';
import type { Verify } from '../openpgp/verify.ts';
import type { StoredContent } from '../store/fsck/contents.ts';
import { examine } from './examine.ts';

export type FindSigner = (fingerprint: Fingerprint) => Key | null;

/** Null when all of it holds. */
export async function verifyAgain(
  stored: StoredContent,
  { findSigner, verify }: { findSigner: FindSigner; verify: Verify },
): Promise<Finding | null> {
  const subject = `signature ${stored.id}`;
  const key = findSigner(stored.signer as Fingerprint);
  if (!key) return { code: 'signature.bad', subject, problem: `its key ${stored.signer} is not registered` };
  try {
    const findKeys = async () => [timeless(key, stored.signingKey)];
    const examined = await examine(stored.bytes, { findKeys, verify, now: stored.storedAt as Instant });
    const wrong = differences(stored, examined);
    if (wrong.length === 0) return null;
    return { code: 'signature.differs', subject, problem: `stored with another ${wrong.join(', ')} than it says` };
  } catch (error) {
    const { code, message } = toAppError(error);
    return { code: 'signature.bad', subject, problem: `${message} (${code})` };
  }
}

/** The one part that signed, whatever its state and its end. */
function timeless(key: Key, signingKey: string): Key {
  const parts = key.signingKeys.filter(({ fingerprint }) => fingerprint === signingKey);
  const signingKeys = parts.map((part) => ({ ...part, expiresAt: null, revoked: false, unusable: null }));
  return { ...key, state: { state: 'active' }, signingKeys };
}

function differences(stored: StoredContent, { claim, signer, signingKey, identity, signedAt }: Examined): string[] {
  const same: Readonly<Record<string, boolean>> = {
    digest: claim.digest === stored.digest,
    repository: claim.reference.repository === stored.repository,
    reference: claim.reference.text === stored.reference,
    checksum: stored.sha256.equals(hash('sha256', stored.bytes, 'buffer')),
    identity: stored.identity.equals(identity),
    key: signer === stored.signer && signingKey === stored.signingKey,
    time: signedAt === stored.signedAt,
  };
  return Object.keys(same).filter((name) => !same[name]);
}
