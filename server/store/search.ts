// One text, asked of every index: the best of each kind. Each question is a range of an index with a limit, so that
// the answer comes while typing, however many signatures there are.
import { createCatalogueReads, IMAGE_COLUMNS } from './catalogue-rows.ts';
import type { Db } from './database.ts';
import { createKeyLists } from './key-lists.ts';
import type { CatalogueImage, SearchHits, SearchQuery } from './port.ts';
import { addScopesFunction, WITHIN } from './scopes-function.ts';
import type { createSignatureReads } from './signature-rows.ts';
import { createTokenLists } from './token-rows.ts';
import { prefixRange } from './word-range.ts';

/** Rows looked at for a scope that covers few of them. */
const SCAN = 2_000;
/** Repositories whose name ends the way `app:v1` begins, looked through for the tag. */
const NAMED = 50;

type ImageRow = Parameters<ReturnType<typeof createCatalogueReads>['images']>[0][number];

export function createSearch(db: Db, signatures: ReturnType<typeof createSignatureReads>) {
  addScopesFunction(db);
  const catalogue = createCatalogueReads(db);
  const keys = createKeyLists(db);
  const tokens = createTokenLists(db);
  type Bounds = { from: string; to: string; within: string; limit: number };
  const byDigest = db.prepare<Bounds, ImageRow>(`
    SELECT ${IMAGE_COLUMNS} FROM (SELECT * FROM images WHERE digest >= @from AND digest < @to ORDER BY digest LIMIT ${SCAN}) i
      JOIN repositories r ON r.id = i.repository LEFT JOIN signer_sets m ON m.id = i.signers
     WHERE ${WITHIN}(r.name, @within) LIMIT @limit`);
  const byTag = db
    .prepare<Bounds, number>(`
      SELECT s.id FROM (SELECT id, repository FROM signatures INDEXED BY signatures_by_tag
                         WHERE tag >= @from AND tag < @to ORDER BY tag, id DESC LIMIT ${SCAN}) s
       WHERE ${WITHIN}(s.repository, @within) LIMIT @limit`)
    .pluck();
  const byNameAndTag = db
    .prepare<Bounds & { word: string }, number>(`
      SELECT s.id FROM (SELECT r.name FROM (SELECT repository FROM repository_words WHERE word = @word LIMIT ${SCAN}) w
                          CROSS JOIN repositories r ON r.id = w.repository
                         WHERE ${WITHIN}(r.name, @within) LIMIT ${NAMED}) n
        CROSS JOIN signatures s INDEXED BY signatures_by_name_and_tag ON s.repository = n.name
       WHERE s.tag >= @from AND s.tag < @to LIMIT @limit`)
    .pluck();

  function images(q: string, bounds: Omit<Bounds, 'from' | 'to'>): CatalogueImage[] {
    const [, hex] = /^(?:sha256[:=])?([0-9a-f]{2,64})$/i.exec(q) ?? [];
    if (hex === undefined) return [];
    return catalogue.images(byDigest.all({ ...prefixRange(`sha256:${hex.toLowerCase()}`), ...bounds }));
  }

  /** `v1`, `:v1`, `app:v1`, `quay.io/acme/app:v1`. */
  function tagged(q: string, bounds: Omit<Bounds, 'from' | 'to'>): number[] {
    const [, name = '', tag = ''] = /^(?:(.*):)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})$/.exec(q) ?? [];
    if (tag === '') return [];
    const range = { ...prefixRange(tag), ...bounds };
    return name === '' ? byTag.all(range) : byNameAndTag.all({ ...range, word: name.toLowerCase() });
  }

  return ({ q, limit, within, all, now }: SearchQuery): SearchHits => {
    const bounds = { within: JSON.stringify(within), limit };
    return {
      repositories: catalogue.listRepositories({ q, within }, { limit, after: null }).items,
      images: images(q, bounds),
      signatures: tagged(q, bounds).flatMap((id) => signatures.find(id) ?? []),
      keys: all ? keys.list({ q, within }, { limit, after: null }, now).items : [],
      tokens: all ? tokens.list({ q, within }, { limit, after: null }).items : [],
    };
  };
}
