// All live signatures, image by image in the order of their names: what leaves the store as a tree or a bundle. A page
// ends between two images and after a bounded number of rows and bytes, however large the store is.
import type { Digest } from '../domain/digest.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Image } from '../domain/slot.ts';
import type { Db } from './database.ts';
import { LIVE, LIVE_COLUMNS, type LiveRow, liveSignature } from './live-rows.ts';
import type { LiveImage, LiveSignature, Slice } from './port.ts';

type Row = LiveRow & { repository: RepositoryName; digest: Digest; live: 0 | 1 };

/** Of one page, each counted from the beginning of an image on. */
const ROWS = 1_000;
const BYTES = 4 * 1024 * 1024;

export function createLivePages(db: Db): (after: Image | null) => Slice<LiveImage, Image> {
  // Those of revoked keys too, so that a page is bounded work where most of them are.
  const behind = db.prepare<[string, string], Row>(`
    SELECT s.repository, s.digest, ${LIVE_COLUMNS}, ${LIVE} AS live
      FROM signatures s INDEXED BY signatures_by_image JOIN keys k ON k.fingerprint = s.signer
     WHERE s.withdrawn_at IS NULL AND (s.repository, s.digest) > (+?, +?) ORDER BY s.repository, s.digest, s.id`);

  return (after) => {
    const items: LiveImage[] = [];
    let image: (Image & { signatures: LiveSignature[] }) | null = null;
    let rows = 0;
    let bytes = 0;
    for (const row of behind.iterate(after?.repository ?? '', after?.digest ?? '')) {
      const { repository, digest } = row;
      if (image === null || image.repository !== repository || image.digest !== digest) {
        if (image !== null && (rows >= ROWS || bytes >= BYTES))
          return { items, next: { repository: image.repository, digest: image.digest } };
        image = { repository, digest, signatures: [] };
        items.push(image);
      }
      if (row.live === 1) image.signatures.push(liveSignature(row));
      rows++;
      bytes += row.hashed.length;
    }
    return { items, next: null };
  };
}
