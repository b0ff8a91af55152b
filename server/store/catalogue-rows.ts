// Reading the catalogue: repositories and the images in them.
import type { Digest } from '../domain/digest.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import { type Scope, scopesCover } from '../domain/scope.ts';
import type { Db } from './database.ts';
import { LIVE, notRevoked } from './live-rows.ts';
import type { CatalogueImage, CatalogueRepository, Page, Slice, TextPage } from './port.ts';
import { createSlices, firstOf } from './slices.ts';
import { wordRange } from './word-range.ts';

type RepositoryRow = { name: string; images: number; signatures: number; live: number; last_stored_at: number };
type ImageRow = {
  cursor: number;
  repository: string;
  digest: string;
  signatures: number;
  live: number;
  members: string;
  first_stored_at: number;
  last_stored_at: number;
};

export const REPOSITORY_COLUMNS = `
  r.name, r.images, r.signatures, r.last_stored_at,
  (SELECT coalesce(sum(s.standing), 0) FROM repository_signers s JOIN keys k ON k.fingerprint = s.signer
    WHERE s.repository = r.name AND ${notRevoked('s', 'k')}) AS live`;

export const IMAGE_COLUMNS = `
  i.id AS cursor, r.name AS repository, i.digest, i.signatures, i.first_stored_at, i.last_stored_at,
  coalesce(m.members, '') AS members,
  (SELECT count(*) FROM signatures s INDEXED BY signatures_by_image JOIN keys k ON k.fingerprint = s.signer
    WHERE s.repository = r.name AND s.digest = i.digest AND ${LIVE}) AS live`;

/** References shown for one image, taken from its latest signatures. */
const REFERENCES = 10;
const REFERENCES_FROM = 150;

export function createCatalogueReads(db: Db) {
  const slice = createSlices(db);
  const repositories = db.prepare<[string], { id: number; name: string; word: string }>(
    "SELECT id, name, '' AS word FROM repositories WHERE name > ? ORDER BY name",
  );
  const repositoryById = db.prepare<[number], RepositoryRow>(
    `SELECT ${REPOSITORY_COLUMNS} FROM repositories r WHERE r.id = ?`,
  );
  // A word and all that begins with it, by word: the cursor is the last word and repository seen.
  const byWord = db.prepare<
    { from: string; to: string; word: string; id: number },
    { id: number; name: string; word: string }
  >(`
    SELECT r.id, r.name, w.word FROM repository_words w JOIN repositories r ON r.id = w.repository
     WHERE w.word >= @from AND w.word < @to AND (w.word, w.repository) > (@word, @id)
     ORDER BY w.word, w.repository`);
  const references = db
    .prepare<[string, string], string>(`
      SELECT DISTINCT reference FROM (
        SELECT s.reference FROM signatures s INDEXED BY signatures_of_image
         WHERE s.repository = ? AND s.digest = ? ORDER BY s.id DESC LIMIT ${REFERENCES_FROM}) LIMIT ${REFERENCES}`)
    .pluck();
  const keyOf = db.prepare<[string], { name: string; state: string; revoked_parts: string; expires_at: number | null }>(
    'SELECT name, state, revoked_parts, expires_at FROM keys WHERE fingerprint = ?',
  );

  /** Signers of the live signatures, out of the set of signing keys of the standing ones. */
  function signersOf(members: string): CatalogueImage['signers'] {
    const signers = new Map<string, { name: string; expires_at: number | null }>();
    for (const member of members.split(' ').filter(Boolean)) {
      const [signer = '', signingKey = ''] = member.split('/');
      const key = keyOf.get(signer);
      if (key && key.state !== 'revoked' && !key.revoked_parts.includes(signingKey)) signers.set(signer, key);
    }
    return [...signers].map(([fingerprint, { name, expires_at }]) => ({
      fingerprint: fingerprint as Fingerprint,
      name,
      expiresAt: expires_at as Instant | null,
    }));
  }

  function image(row: ImageRow): CatalogueImage {
    return {
      id: row.cursor,
      repository: row.repository as RepositoryName,
      digest: row.digest as Digest,
      signatures: row.signatures,
      live: row.live,
      references: references.all(row.repository, row.digest),
      signers: signersOf(row.members),
      firstStoredAt: row.first_stored_at as Instant,
      lastStoredAt: row.last_stored_at as Instant,
    };
  }

  function repository(id: number): CatalogueRepository[] {
    const row = repositoryById.get(id);
    if (!row) return [];
    const { name, images, signatures, live, last_stored_at } = row;
    return [{ name: name as RepositoryName, images, signatures, live, lastStoredAt: last_stored_at as Instant }];
  }

  function listRepositories(
    { q, within }: { q?: string | undefined; within: readonly Scope[] },
    { limit, after }: TextPage,
  ): Slice<CatalogueRepository, string> {
    const wanted = ({ name }: { name: string }) => scopesCover(within, name as RepositoryName);
    const [, word = '', id = '0'] = /^(.*) (\d+)$/.exec(after ?? '') ?? [];
    const { items, next } =
      q === undefined
        ? firstOf(repositories.iterate(after ?? ''), { wanted, cursorOf: ({ name }) => name, limit })
        : firstOf(byWord.iterate({ ...wordRange(q), word, id: Number(id) }), {
            wanted,
            cursorOf: (row) => `${row.word} ${row.id}`,
            limit,
          });
    const found = new Set(items.map((row) => row.id)); // a name can have a word twice
    return { items: [...found].flatMap(repository), next };
  }

  return {
    image,
    repository,
    signersOf,
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
      const { items, next } = slice<ImageRow>(question, page);
      return { items: items.map(image), next };
    },
  };
}
