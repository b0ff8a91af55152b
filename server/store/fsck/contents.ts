// All that is stored of signatures, some at a time, for verifying them again.
import type { Db } from '../database.ts';

export type StoredContent = {
  readonly id: number;
  readonly repository: string;
  readonly digest: string;
  readonly sha256: Buffer;
  readonly identity: Buffer;
  readonly bytes: Buffer;
  readonly signer: string;
  readonly signingKey: string;
  readonly reference: string;
  readonly signedAt: number;
  readonly storedAt: number;
};

export function createContents(db: Db) {
  const count = db.prepare<[], number>('SELECT count(*) FROM signatures').pluck();
  const end = db
    .prepare<[number, number], number | null>(
      'SELECT max(id) FROM (SELECT id FROM signatures WHERE id > ? ORDER BY id LIMIT ?)',
    )
    .pluck();
  const between = db.prepare<[number, number], StoredContent>(`
    SELECT id, repository, digest, sha256, identity, bytes, signer, signing_key AS signingKey, reference,
           signed_at AS signedAt, stored_at AS storedAt
      FROM signatures WHERE id > ? AND id <= ? ORDER BY id`);
  return {
    count: (): number => count.get() ?? 0,
    /** The id of the last of those that follow `after`; null: there are none. */
    pageEnd: (after: number, size: number): number | null => end.get(after, size) ?? null,
    between: (after: number, upTo: number): StoredContent[] => between.all(after, upTo),
  };
}
