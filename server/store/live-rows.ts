// What the read path asks, and the rule for it. "Live" is decided here and nowhere else: not withdrawn, and neither the
// signer nor the subkey that signed revoked. The number readers see is the position among the live ones, so there is
// nothing that could get out of step with it.
import type { Digest } from '../domain/digest.ts';
import type { Instant } from '../domain/instant.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { DigestSlot, Image } from '../domain/slot.ts';
import type { Db } from './database.ts';
import { createImageIndex, type ImageIndexOptions, NO_INDEX } from './image-index.ts';
import { HASH_BYTES, requireIntact } from './intact-bytes.ts';
import type { LiveSignature } from './port.ts';

/** `s` and `k` are the aliases of a signature (or a count of signatures by one signing key) and its key. */
export const notRevoked = (s: string, k: string) =>
  `${k}.state <> 'revoked' AND instr(${k}.revoked_parts, ${s}.signing_key) = 0`;
const live = (s: string, k: string) => `${s}.withdrawn_at IS NULL AND ${notRevoked(s, k)}`;

export const LIVE = live('s', 'k');
export const STATE = `CASE WHEN s.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN ${notRevoked('s', 'k')} THEN 'live' ELSE 'revoked' END`;

/** `<signer>/<signing key>` of those whose signatures are not live, for whoever counts by them. They are few. */
export function createRevokedParts(db: Db): () => string[] {
  const parts = db
    .prepare<[], string>(
      `SELECT p.signer || '/' || p.signing_key FROM signers p JOIN keys k ON k.fingerprint = p.signer
        WHERE NOT (${notRevoked('p', 'k')})`,
    )
    .pluck();
  return () => parts.all();
}

/** Hash and bytes as one value: of what reading a row costs, a seventh is making a buffer of it. */
export const LIVE_COLUMNS = 'CAST(s.sha256 || s.bytes AS BLOB) AS hashed, s.stored_at';
export type LiveRow = { hashed: Buffer; stored_at: number };

export function createLiveReads(db: Db, options: ImageIndexOptions = NO_INDEX) {
  const index = createImageIndex(db, options);
  // By its own index, which holds no withdrawn signature: withdrawing often makes no read slower. Behind a plus, since
  // SQLite plans a join anew each time that a bare parameter of it is bound, which costs more than the rest.
  const ofImage = db.prepare<[RepositoryName, Digest], LiveRow>(`
    SELECT ${LIVE_COLUMNS}
      FROM signatures s INDEXED BY signatures_by_image JOIN keys k ON k.fingerprint = s.signer
     WHERE s.repository = +? AND s.digest = +? AND ${LIVE} ORDER BY s.id`);
  const byDigest = db.prepare<{ digest: Digest; repository: string | null; prefix: string; offset: number }, LiveRow>(`
    SELECT ${LIVE_COLUMNS}
      FROM signatures s INDEXED BY signatures_by_digest JOIN keys k ON k.fingerprint = s.signer
     WHERE s.digest = +@digest AND ${LIVE}
       AND (@prefix = '' OR s.repository = @repository OR substr(s.repository, 1, length(@prefix) + 1) = @prefix || '/')
     ORDER BY s.id LIMIT 1 OFFSET @offset`);
  // Named by the index of images, which may be wrong about it.
  const byId = db.prepare<[number, RepositoryName, Digest], LiveRow>(`
    SELECT ${LIVE_COLUMNS} FROM signatures s JOIN keys k ON k.fingerprint = s.signer
     WHERE s.id = +? AND s.repository = +? AND s.digest = +? AND ${LIVE}`);
  const countLive = db
    .prepare<[], number>(
      `SELECT coalesce(sum(s.standing), 0) FROM signers s JOIN keys k ON k.fingerprint = s.signer WHERE ${notRevoked('s', 'k')}`,
    )
    .pluck();

  return {
    live: (image: Image, number = 1): LiveSignature[] => {
      const { repository, digest } = image;
      const ids = index.find(image);
      if (ids !== null && ids.length < number) return [];
      // One statement, one state of the store: several rows are not read one by one, while others may withdraw them.
      const rows = ids?.length === 1 ? byId.all(ids[0] as number, repository, digest) : ofImage.all(repository, digest);
      return rows.map(liveSignature);
    },

    outdated: index.outdated,
    learn: index.learn,
    indexBytes: index.bytes,

    liveByDigest: ({ repository, prefix, digest, number }: DigestSlot): LiveSignature | null => {
      const row = byDigest.get({ digest, repository, prefix, offset: number - 1 });
      return row ? liveSignature(row) : null;
    },

    countLive: (): number => countLive.get() ?? 0,
  };
}

export function liveSignature(row: LiveRow): LiveSignature {
  return {
    content: row.hashed.toString('latin1', HASH_BYTES),
    sha256: requireIntact(row.hashed),
    storedAt: row.stored_at as Instant,
  };
}
