// Reading the catalogue: repositories and the images in them.
import type { Digest } from '../domain/digest.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Scope } from '../domain/scope.ts';
import type { Db } from './database.ts';
import { createRevokedParts, LIVE } from './live-rows.ts';
import type { CatalogueImage, CatalogueRepository, Page, Slice, TextPage } from './port.ts';
import { coveredBy } from './scopes-function.ts';
import { createSlices, firstOf, upTo } from './slices.ts';
import { firstWord, wordRange } from './word-range.ts';

type RepositoryRow = { name: string; images: number; signatures: number; live: number; last_stored_at: number };
type ImageRow = {
  cursor: number;
  repository: string;
  digest: string;
  signatures: number;
  members: string;
  first_stored_at: number;
  last_stored_at: number;
};

type SignerRow = { name: string; expires_at: number | null };

export const IMAGE_COLUMNS = `
  i.id AS cursor, r.name AS repository, i.digest, i.signatures, i.first_stored_at, i.last_stored_at,
  coalesce(m.members, '') AS members`;

/** References shown for one image, taken from its latest signatures. */
const REFERENCES = 10;
const REFERENCES_FROM = 50;
/** Work of one page of images: signatures looked at, and as much as four of them for each image. */
const LOOKED_AT = 5_000;
const PER_IMAGE = 4;

export function createCatalogueReads(db: Db) {
  const slice = createSlices(db);
  const repositories = db.prepare<[string], { id: number; name: string; word: string }>(
    "SELECT id, name, '' AS word FROM repositories WHERE name > ? ORDER BY name",
  );
  const repositoryById = db.prepare<{ id: number; revoked: string }, RepositoryRow>(`
    SELECT r.name, r.images, r.signatures, r.last_stored_at,
           (SELECT coalesce(sum(standing), 0) FROM repository_signers s WHERE s.repository = r.name
               AND s.signer || '/' || s.signing_key NOT IN (SELECT value FROM json_each(@revoked))) AS live
      FROM repositories r WHERE r.id = @id`);
  const revokedParts = createRevokedParts(db);
  // A word and all that begins with it, by word: the cursor is the last word and repository seen.
  const byWord = db.prepare<{ to: string; word: string; id: number }, { id: number; name: string; word: string }>(`
    SELECT r.id, r.name, w.word FROM repository_words w CROSS JOIN repositories r ON r.id = w.repository
     WHERE (w.word, w.repository) > (@word, @id) AND w.word < @to ORDER BY w.word, w.repository`);
  const live = db
    .prepare<[string, string], number>(`
      SELECT count(*) FROM signatures s INDEXED BY signatures_by_image JOIN keys k ON k.fingerprint = s.signer
       WHERE s.repository = +? AND s.digest = +? AND ${LIVE}`)
    .pluck();
  const newest = (index: string, withdrawn: string) => `
    SELECT s.id FROM signatures s INDEXED BY ${index}
     WHERE s.repository = @repository AND s.digest = @digest AND s.withdrawn_at ${withdrawn}`;
  const latest = db.prepare<Pick<ImageRow, 'repository' | 'digest'>, { reference: string; live: 0 | 1 }>(`
    SELECT s.reference, ${LIVE} AS live
      FROM (${newest('signatures_by_image', 'IS NULL')} UNION ALL ${newest('signatures_of_image', 'IS NOT NULL')}
             ORDER BY 1 DESC LIMIT ${REFERENCES_FROM}) n
        CROSS JOIN signatures s ON s.id = n.id JOIN keys k ON k.fingerprint = s.signer`);
  const keyOf = db.prepare<[string], SignerRow>('SELECT name, expires_at FROM keys WHERE fingerprint = ?');

  /** Signers of the live signatures, out of the set of signing keys of the standing ones. */
  function signersOf(members: string, revoked: ReadonlySet<string>, known: Map<string, SignerRow | undefined>) {
    const signers = new Map<string, CatalogueImage['signers'][number]>();
    for (const member of members.split(' ').filter((each) => each !== '' && !revoked.has(each))) {
      const [signer = ''] = member.split('/');
      if (!known.has(signer)) known.set(signer, keyOf.get(signer));
      const { name = '', expires_at = null } = known.get(signer) ?? {};
      signers.set(signer, { fingerprint: signer as Fingerprint, name, expiresAt: expires_at as Instant | null });
    }
    return [...signers.values()];
  }

  function images(rows: readonly ImageRow[]): CatalogueImage[] {
    const known = new Map<string, SignerRow | undefined>();
    const revoked = new Set(revokedParts());
    return rows.map(({ repository, digest, signatures, ...row }) => {
      const newest = latest.all({ repository, digest });
      const all = signatures <= REFERENCES_FROM; // and then there is nothing more to count
      return {
        id: row.cursor,
        repository: repository as RepositoryName,
        digest: digest as Digest,
        signatures,
        live: all ? newest.filter((each) => each.live === 1).length : (live.get(repository, digest) ?? 0),
        references: [...new Set(newest.map(({ reference }) => reference))].slice(0, REFERENCES),
        signers: signersOf(row.members, revoked, known),
        firstStoredAt: row.first_stored_at as Instant,
        lastStoredAt: row.last_stored_at as Instant,
      };
    });
  }

  function repositoriesOf(ids: readonly number[]): CatalogueRepository[] {
    const revoked = JSON.stringify(revokedParts());
    return ids.flatMap((id) => {
      const row = repositoryById.get({ id, revoked });
      if (!row) return [];
      const { name, images, signatures, live, last_stored_at } = row;
      return { name: name as RepositoryName, images, signatures, live, lastStoredAt: last_stored_at as Instant };
    });
  }

  function listRepositories(
    { q, within }: { q?: string | undefined; within: readonly Scope[] },
    { limit, after }: TextPage,
  ): Slice<CatalogueRepository, string> {
    const covers = coveredBy(within);
    const covered = ({ name }: { name: string }) => covers(name as RepositoryName);
    const page = ({ items, next }: Slice<{ id: number }, string>) => ({
      items: repositoriesOf(items.map(({ id }) => id)),
      next,
    });
    if (q === undefined)
      return page(firstOf(repositories.iterate(after ?? ''), { wanted: covered, cursorOf: ({ name }) => name, limit }));
    const { from, to } = wordRange(q);
    const [, word = '', id = '0'] = /^(.*) (\d+)$/.exec(after ?? '') ?? [];
    const start = word < from ? { word: from, id: -1 } : { word, id: Number(id) };
    return page(
      firstOf(byWord.iterate({ ...start, to }), {
        // Two words of a name can begin with the text: the name is listed where the first of them is.
        wanted: (row) => covered(row) && firstWord(row.name, from) === row.word,
        cursorOf: (row) => `${row.word} ${row.id}`,
        limit,
      }),
    );
  }

  return {
    images,
    listRepositories,

    listImages(name: RepositoryName, page: Page): Slice<CatalogueImage> {
      const question = {
        driver: `
          SELECT i.id FROM images i INDEXED BY images_of_repository
           WHERE i.repository = (SELECT id FROM repositories WHERE name = @name) AND i.id < @before
           ORDER BY i.id DESC LIMIT @scan`,
        select: `
          SELECT ${IMAGE_COLUMNS} FROM scanned CROSS JOIN images i ON i.id = scanned.cursor
            JOIN repositories r ON r.id = i.repository LEFT JOIN signer_sets m ON m.id = i.signers`,
        conditions: [],
        values: { name },
      };
      const { items, next } = upTo(slice<ImageRow>(question, page), {
        work: ({ signatures }) =>
          signatures <= REFERENCES_FROM
            ? PER_IMAGE + signatures
            : PER_IMAGE + REFERENCES_FROM + Math.min(signatures, LIMITS.signaturesPerImage),
        most: LOOKED_AT,
      });
      return { items: images(items), next };
    },
  };
}
