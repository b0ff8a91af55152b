// The images that depend on a key, a page at a time: those that nothing else signs, and those that its successor has yet
// to sign. Which sets of signers are meant is decided first; an index has the images of each set, so that a page is
// bounded work even where only a few of a million images are left.
import type { Digest } from '../domain/digest.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { LIMITS } from '../domain/limits.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Db } from './database.ts';
import type { KeyImage, KeyImagesFilter, Signer } from './key-port.ts';
import { LIVE } from './live-rows.ts';
import type { Slice, TextPage } from './port.ts';
import { coveredBy } from './scopes-function.ts';
import { createSignerSets, isOf, type SignerSets } from './signer-sets.ts';

type ImageRow = { id: number; repository: RepositoryName; digest: Digest };
type Reference = { signer: Fingerprint; signing_key: Fingerprint; tag: string | null };

/** Where a page begins: images of a set, behind one of them. Sets with `rank` 0 come before those with 1. */
type Place = { readonly rank: number; readonly set: number; readonly image: number };

/** Of one page: images, and signatures of them, of which each is a step to a row of its own. */
const LOOKED_AT = LIMITS.scannedRows / 2;

export function createKeyImages(db: Db) {
  const signerSets = createSignerSets(db);
  const imagesOf = db.prepare<[number, number], ImageRow>(`
    SELECT i.id, r.name AS repository, i.digest
      FROM images i INDEXED BY images_by_signers CROSS JOIN repositories r ON r.id = i.repository
     WHERE i.signers = ? AND i.id > ? ORDER BY i.id`);
  const referencesOf = db.prepare<[RepositoryName, Digest], Reference>(`
    SELECT s.signer, s.signing_key, s.tag FROM signatures s INDEXED BY signatures_by_image JOIN keys k ON k.fingerprint = s.signer
     WHERE s.repository = +? AND s.digest = +? AND ${LIVE} ORDER BY s.id`);

  /** With the place of each; one that begins in the middle of a set goes on there. */
  function* from(places: readonly Place[], start: Place): Generator<{ row: ImageRow; place: Place }> {
    for (const place of places) {
      if (isBehind(start, place)) continue;
      const first = place.rank === start.rank && place.set === start.set ? start.image : 0;
      for (const row of imagesOf.iterate(place.set, first)) yield { row, place: { ...place, image: row.id } };
    }
  }

  function list(filter: KeyImagesFilter, { limit, after }: TextPage): Slice<KeyImage, string> {
    const covers = coveredBy(filter.within);
    const items: KeyImage[] = [];
    let looked = 0;
    let last: Place | null = null;
    for (const { row, place } of from(placesOf(signerSets(), filter), parsePlace(after))) {
      if (last !== null && (items.length === limit || looked >= LOOKED_AT)) return { items, next: formatPlace(last) };
      looked++;
      last = place;
      if (!covers(row.repository)) continue;
      const signed = referencesOf.all(row.repository, row.digest);
      looked += signed.length;
      const references = referencesBy(signed, filter, row);
      if (references.length > 0) items.push({ repository: row.repository, digest: row.digest, references });
    }
    return { items, next: null };
  }

  return {
    list,
    countUnsigned: (signer: Fingerprint, successor: Fingerprint): number =>
      signerSets()
        .sets.filter(({ signers }) => signers.has(signer) && !signers.has(successor))
        .reduce((sum, { images }) => sum + images, 0),
  };
}

/** The sets that are asked for; first those whose images are wanted all. */
function placesOf(all: SignerSets, filter: KeyImagesFilter): Place[] {
  const sets = all.sets.filter(
    (set) =>
      set.parts.some((part) => isOf(part, filter)) &&
      ('successor' in filter || all.isAlone(set, filter, filter.aloneAt)),
  );
  const rankOf = ({ signers }: (typeof sets)[number]) =>
    'successor' in filter && signers.has(filter.successor) ? 1 : 0;
  return sets
    .map((set) => ({ rank: rankOf(set), set: set.id, image: 0 }))
    .sort((a, b) => a.rank - b.rank || a.set - b.set);
}

/** As tools can sign them: the name with the tag, or with the digest where the claim has no tag. */
function referencesBy(
  signed: readonly Reference[],
  filter: KeyImagesFilter,
  { repository, digest }: ImageRow,
): string[] {
  const by = (signer: Signer) =>
    signed.filter((each) => isOf({ signer: each.signer, signingKey: each.signing_key }, signer)).map(({ tag }) => tag);
  const done = new Set('successor' in filter ? by({ signer: filter.successor }) : []);
  const tags = new Set(by(filter).filter((tag) => !done.has(tag)));
  return [...tags].map((tag) => (tag === null ? `${repository}@${digest}` : `${repository}:${tag}`));
}

function isBehind(start: Place, place: Place): boolean {
  return place.rank < start.rank || (place.rank === start.rank && place.set < start.set);
}

function formatPlace({ rank, set, image }: Place): string {
  return `${rank}.${set}.${image}`;
}

/** What is no cursor of ours begins at the beginning, as in every list. */
function parsePlace(cursor: string | null): Place {
  const [, rank = '0', set = '0', image = '0'] = /^([01])\.(\d{1,15})\.(\d{1,15})$/.exec(cursor ?? '') ?? [];
  return { rank: Number(rank), set: Number(set), image: Number(image) };
}
