// What the row of a key says beside its material, and for which repositories its signatures stand.
import type { Fingerprint } from '../../domain/fingerprint.ts';
import type { Key } from '../../domain/key.ts';
import type { RepositoryName } from '../../domain/repository-name.ts';
import type { Db } from '../database.ts';
import { createKeyReads } from '../key-rows.ts';
import { notRevoked } from '../live-rows.ts';

export type KeyRecord = {
  readonly key: Key;
  /** As reads look for them, separated by spaces. */
  readonly revokedParts: string;
  readonly keyIds: readonly string[];
};

export function listKeyRecords(db: Db): KeyRecord[] {
  const rows = db.prepare<[], { fingerprint: Fingerprint; revokedParts: string }>(
    'SELECT fingerprint, revoked_parts AS revokedParts FROM keys ORDER BY fingerprint',
  );
  const ids = db.prepare<[string], string>('SELECT key_id FROM key_ids WHERE fingerprint = ? ORDER BY key_id').pluck();
  const { find } = createKeyReads(db);
  return db.transaction(() =>
    rows.all().map(({ fingerprint, revokedParts }) => {
      return { key: find(fingerprint) as Key, revokedParts, keyIds: ids.all(fingerprint) };
    }),
  )();
}

/** Repositories with live signatures of a key. */
export function liveRepositories(db: Db, fingerprint: Fingerprint): { name: RepositoryName; live: number }[] {
  const rows = db.prepare<[string], { name: RepositoryName; live: number }>(`
    SELECT p.repository AS name, sum(p.standing) AS live FROM repository_signers p JOIN keys k ON k.fingerprint = p.signer
     WHERE p.signer = ? AND p.standing > 0 AND ${notRevoked('p', 'k')} GROUP BY p.repository ORDER BY p.repository`);
  return rows.all(fingerprint);
}
