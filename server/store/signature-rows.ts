// Reading signatures as people and pipelines see them: one by one, and in lists.
import type { Digest } from '../domain/digest.ts';
import { AppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Actor } from '../domain/principal.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { Note } from '../domain/signature.ts';
import type { Image } from '../domain/slot.ts';
import type { Db } from './database.ts';
import { createRevokedParts, LIVE, notRevoked, STATE } from './live-rows.ts';
import type { Page, SignatureFilter, SignatureState, Slice, StoredSignature } from './port.ts';
import { addScopesFunction, WITHIN, within } from './scopes-function.ts';
import { createSlices, SCAN, upTo } from './slices.ts';

type Row = {
  id: number;
  repository: string;
  digest: string;
  state: SignatureState;
  sha256: Buffer;
  size: number;
  signer: string;
  signer_name: string;
  signer_expires_at: number | null;
  signing_key: string;
  reference: string;
  signed_at: number;
  notes: string;
  stored_at: number;
  stored_by: string;
  withdrawn_at: number | null;
  withdrawn_reason: string | null;
};

/** Of the key, or of the subkey that signed where that is earlier; null: never. */
const SIGNER_ENDS = `
  (SELECT min(ends) FROM (SELECT k.expires_at AS ends UNION ALL
                          SELECT part.value ->> 'expiresAt' FROM json_each(k.signing_keys) part
                           WHERE part.value ->> 'fingerprint' = s.signing_key))`;

const COLUMNS = `
  s.id, s.repository, s.digest, s.sha256, length(s.bytes) AS size, s.signer, k.name AS signer_name,
  ${SIGNER_ENDS} AS signer_expires_at, s.signing_key,
  s.reference, s.signed_at, s.notes, s.stored_at, s.stored_by, s.withdrawn_at, s.withdrawn_reason, ${STATE} AS state`;
const SELECT = `SELECT ${COLUMNS} FROM signatures s JOIN keys k ON k.fingerprint = s.signer`;
const SCANNED = `
  SELECT scanned.cursor, ${COLUMNS} FROM scanned CROSS JOIN signatures s ON s.id = scanned.cursor
    JOIN keys k ON k.fingerprint = s.signer`;

type Condition = Exclude<keyof SignatureFilter, 'within'>;

const CONDITIONS: Record<Condition, string> = {
  repository: 's.repository = @repository',
  digest: 's.digest = @digest',
  signer: 's.signer = @signer',
  storedBy: 's.uploader = @storedBy',
  state: `${STATE} = @state`,
  q: '(instr(s.repository, @q) > 0 OR instr(s.digest, @q) > 0 OR instr(s.reference, @q) > 0)',
};

/** Live signatures looked at to number those of one page. */
const COUNTED = 4_000;
/** Revoked keys whose signatures are looked for one by one. With more of them, most rows are theirs. */
const MERGED = 100;

const TAIL = 's.id < @before ORDER BY s.id DESC LIMIT @scan';
const simple = (index: string, where: string) =>
  `SELECT s.id FROM signatures s INDEXED BY ${index} WHERE ${where} AND ${TAIL}`;
/** Those that stand and those that are withdrawn, each found in their order by an index of their own. */
const merged = ([standing, withdrawn]: readonly [string, string], where: string) => `
  SELECT s.id FROM signatures s INDEXED BY ${standing} WHERE ${where} AND s.withdrawn_at IS NULL AND s.id < @before
   UNION ALL
  SELECT s.id FROM signatures s INDEXED BY ${withdrawn} WHERE ${where} AND s.withdrawn_at IS NOT NULL AND s.id < @before
   ORDER BY 1 DESC LIMIT @scan`;

/** By which index the rows of a filter are found, the most selective first, and which conditions that settles. */
const DRIVERS: readonly {
  settles: readonly Condition[];
  driver: string;
  /** `parts`: how many primary keys and subkeys are revoked, where that is asked for. */
  when?: (filter: SignatureFilter, parts: number) => boolean;
  /** Looks at as many rows for each of them. */
  merges?: true;
}[] = [
  {
    settles: ['repository', 'digest'],
    driver: merged(['signatures_by_image', 'signatures_of_image'], 's.repository = @repository AND s.digest = @digest'),
  },
  { settles: ['digest'], driver: merged(['signatures_by_digest', 'signatures_of_digest'], 's.digest = @digest') },
  {
    settles: ['state'],
    when: ({ state }) => state === 'withdrawn',
    driver: simple('signatures_withdrawn', 's.withdrawn_at IS NOT NULL'),
  },
  {
    settles: ['state'],
    when: ({ state }, parts) => state === 'revoked' && parts <= MERGED,
    merges: true,
    // The newest of each revoked key, merged.
    driver: `
        SELECT s.id FROM signers p JOIN keys k ON k.fingerprint = p.signer CROSS JOIN signatures s
            ON s.id IN (SELECT x.id FROM signatures x INDEXED BY signatures_live_by_signer
                         WHERE x.signer = p.signer AND x.signing_key = p.signing_key AND x.withdrawn_at IS NULL
                           AND x.id < @before ORDER BY x.id DESC LIMIT @scan)
         WHERE NOT (${notRevoked('p', 'k')}) ORDER BY s.id DESC LIMIT @scan`,
  },
  { settles: ['signer'], driver: simple('signatures_by_signer', 's.signer = @signer') },
  { settles: ['storedBy'], driver: simple('signatures_by_uploader', 's.uploader = @storedBy') },
  { settles: ['repository'], driver: simple('signatures_of_repository', 's.repository = @repository') },
  { settles: [], driver: `SELECT s.id FROM signatures s WHERE ${TAIL}` },
];

export function createSignatureReads(db: Db) {
  addScopesFunction(db);
  const slice = createSlices(db);
  // A bare parameter in a join makes SQLite plan the statement again whenever it is bound; an expression does not.
  const byId = db.prepare<[number], Row>(`${SELECT} WHERE s.id = +?`);
  const byContent = db.prepare<[Uint8Array], Row>(`${SELECT} WHERE s.sha256 = +?`);
  const byIdentity = db.prepare<[Uint8Array], Row>(`${SELECT} WHERE s.identity = +?`);
  const blob = db.prepare<[number], { bytes: Buffer }>('SELECT bytes FROM signatures WHERE id = ?');
  const revokedParts = createRevokedParts(db);
  const liveIds = db
    .prepare<[string, string], number>(
      `SELECT s.id FROM signatures s INDEXED BY signatures_by_image JOIN keys k ON k.fingerprint = s.signer
        WHERE s.repository = +? AND s.digest = +? AND ${LIVE} ORDER BY s.id`,
    )
    .pluck();

  /** Counts the live signatures of the image of a row, unless that was done; returns how many it looked at. */
  function count(row: Row, numbers: Numbers): number {
    const image = imageOf(row);
    if (row.state !== 'live' || numbers.has(image)) return 0;
    const ids = liveIds.all(row.repository, row.digest);
    numbers.set(image, new Map(ids.map((id, index) => [id, index + 1])));
    return ids.length;
  }

  function one(row: Row | undefined): StoredSignature | null {
    if (!row) return null;
    const numbers: Numbers = new Map();
    count(row, numbers);
    return stored(row, numbers);
  }

  return {
    find: (id: number): StoredSignature | null => one(byId.get(id)),
    findByContent: (sha256: Uint8Array): StoredSignature | null => one(byContent.get(sha256)),
    findByIdentity: (identity: Uint8Array): StoredSignature | null => one(byIdentity.get(identity)),

    getBlob: (id: number): Buffer => {
      const row = blob.get(id);
      if (!row) throw new AppError('SIGNATURE_NOT_FOUND', `no signature has the id ${id}`);
      return row.bytes;
    },

    list: (filter: SignatureFilter, page: Page): Slice<StoredSignature> => {
      const given = (Object.keys(CONDITIONS) as Condition[]).filter((name) => filter[name] !== undefined);
      const parts = filter.state === 'revoked' ? revokedParts().length : 0;
      const by = DRIVERS.find(
        ({ settles, when }) => settles.every((name) => given.includes(name)) && (when?.(filter, parts) ?? true),
      );
      if (!by) throw new AppError('INTERNAL', 'a list without a driver');
      const scopes = within(filter.within);
      const rest = given.filter((name) => !by.settles.includes(name)).map((name) => CONDITIONS[name]);
      const conditions = [...rest, ...(scopes === null ? [] : [`${WITHIN}(s.repository, @within)`])];
      const question = { driver: by.driver, select: SCANNED, conditions, values: { ...filter, within: scopes } };
      const scan = by.merges ? Math.ceil(SCAN / Math.max(parts, 1)) : SCAN;
      const found = slice<Row & { cursor: number }>(question, page, scan);
      const numbers: Numbers = new Map();
      const { items, next } = upTo(found, { work: (row) => count(row, numbers), most: COUNTED });
      return { items: items.map((row) => stored(row, numbers)), next };
    },

    countImage: ({ repository, digest }: Image): number => liveIds.all(repository, digest).length,
  };
}

/** By image, the number of each live signature. */
type Numbers = Map<string, ReadonlyMap<number, number>>;

function imageOf({ repository, digest }: Row): string {
  return `${repository}@${digest}`;
}

function stored(row: Row, numbers: Numbers): StoredSignature {
  return {
    id: row.id,
    repository: row.repository as RepositoryName,
    digest: row.digest as Digest,
    number: numbers.get(imageOf(row))?.get(row.id) ?? null,
    state: row.state,
    sha256: row.sha256.toString('hex'),
    bytes: row.size,
    signer: row.signer as Fingerprint,
    signerName: row.signer_name,
    signerExpiresAt: row.signer_expires_at as Instant | null,
    signingKey: row.signing_key as Fingerprint,
    reference: row.reference,
    signedAt: row.signed_at as Instant,
    notes: JSON.parse(row.notes) as Note[],
    storedAt: row.stored_at as Instant,
    storedBy: JSON.parse(row.stored_by) as Actor,
    withdrawnAt: row.withdrawn_at as Instant | null,
    withdrawnReason: row.withdrawn_reason,
  };
}
