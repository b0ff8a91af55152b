// Registered keys against their own material: what verification and reads go by was written down when a key was
// registered, and must still be what its packets say. And which live signatures its scopes do not cover any more.
import { toAppError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Instant } from '../domain/instant.ts';
import type { SigningKey } from '../domain/key.ts';
import { scopesCover } from '../domain/scope.ts';
import { mergeKey } from '../openpgp/key-material.ts';
import type { Db } from '../store/database.ts';
import { type KeyRecord, listKeyRecords, liveRepositories } from '../store/fsck/key-records.ts';

export async function* keyFindings(db: Db): AsyncGenerator<Finding> {
  for (const record of listKeyRecords(db)) {
    const { key } = record;
    const problem = await difference(record);
    if (problem !== null) yield { code: 'key.differs', subject: key.fingerprint, problem };
    const outside = liveRepositories(db, key.fingerprint).filter(({ name }) => !scopesCover(key.scopes, name));
    const live = outside.reduce((sum, repository) => sum + repository.live, 0);
    if (live > 0)
      yield {
        code: 'signature.out_of_scope',
        subject: key.fingerprint,
        problem: `${live} live ${live === 1 ? 'signature lies' : 'signatures lie'} outside its scopes of today, as in ${outside[0]?.name}`,
      };
  }
}

async function difference({ key, revokedParts, keyIds }: KeyRecord): Promise<string | null> {
  try {
    // Merged with itself: reading it as a new file would refuse what only new keys must not be.
    const { facts } = await mergeKey(key.material, key.material);
    const parts = key.signingKeys.filter((part) => part.revoked && !part.primary).map((part) => part.fingerprint);
    const ids = [...new Set(key.signingKeys.map((part) => part.keyId as string))].sort();
    const same: Readonly<Record<string, boolean>> = {
      fingerprint: facts.fingerprint === key.fingerprint,
      'user ids': equal(facts.userIds, key.userIds),
      parts: equal(facts.signingKeys.map(identityOf), key.signingKeys.map(identityOf)),
      end: !later(key.expiresAt, facts.expiresAt),
      revocation: facts.revocation === null || key.state.state === 'revoked',
      'revoked parts': parts.join(' ') === revokedParts,
      'key ids': equal(ids, keyIds),
    };
    const wrong = Object.keys(same).filter((name) => !same[name]);
    return wrong.length === 0 ? null : `its row has other ${wrong.join(', ')} than its material`;
  } catch (error) {
    return `its material cannot be read: ${toAppError(error).message}`;
  }
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What no other version of this program could see otherwise. */
function identityOf({ fingerprint, keyId, primary, createdAt, revoked }: SigningKey): unknown[] {
  return [fingerprint, keyId, primary, createdAt, revoked];
}

function later(one: Instant | null, other: Instant | null): boolean {
  return other !== null && (one === null || one > other);
}
