// Reading signatures. "Live" is decided here and nowhere else: not withdrawn, and the signer not revoked. The number
// readers see is the position among the live ones, so there is nothing that could get out of step with it.
import type { Digest } from '../domain/digest.ts';
import { AppError } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Actor } from '../domain/principal.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import { EVERYTHING, type Scope, scopesCover } from '../domain/scope.ts';
import type { Note } from '../domain/signature.ts';
import type { DigestSlot, Image } from '../domain/slot.ts';
import type { Db } from './database.ts';
import type { LiveSignature, Page, SignatureFilter, SignatureState, StoredSignature } from './port.ts';

type LiveRow = { bytes: Buffer; sha256: string; stored_at: number };

type Row = {
  id: number;
  repository: string;
  digest: string;
  number: number;
  state: SignatureState;
  sha256: Buffer;
  size: number;
  signer: string;
  signer_name: string;
  signing_key: string;
  reference: string;
  signed_at: number;
  notes: string;
  stored_at: number;
  stored_by: string;
  withdrawn_at: number | null;
  withdrawn_reason: string | null;
};

/** `s` and `k` are the aliases of a signature and its key. */
const notRevoked = (s: string, k: string) =>
  `${k}.state <> 'revoked' AND instr(${k}.revoked_parts, ${s}.signing_key) = 0`;
const live = (s: string, k: string) => `${s}.withdrawn_at IS NULL AND ${notRevoked(s, k)}`;

const LIVE = live('s', 'k');
const STATE = `CASE WHEN s.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN ${notRevoked('s', 'k')} THEN 'live' ELSE 'revoked' END`;

const SELECT = `
  SELECT s.id, s.repository, s.digest, s.sha256, length(s.bytes) AS size, s.signer, k.name AS signer_name, s.signing_key,
         s.reference, s.signed_at, s.notes, s.stored_at, s.stored_by, s.withdrawn_at, s.withdrawn_reason, ${STATE} AS state,
         (SELECT count(*) FROM signatures o JOIN keys ok ON ok.fingerprint = o.signer
           WHERE o.repository = s.repository AND o.digest = s.digest AND o.id <= s.id AND ${live('o', 'ok')}) AS number
    FROM signatures s JOIN keys k ON k.fingerprint = s.signer`;

/** Optional conditions of a list, each a fixed fragment with a bound parameter. */
const CONDITIONS: Record<Exclude<keyof SignatureFilter, 'within'>, string> = {
  repository: 's.repository = @repository',
  digest: 's.digest = @digest',
  signer: 's.signer = @signer',
  state: `${STATE} = @state`,
  q: '(instr(s.repository, @q) > 0 OR instr(s.digest, @q) > 0 OR instr(s.reference, @q) > 0)',
};

export function createSignatureReads(db: Db) {
  // SQLite functions get text: the scopes travel as JSON and are parsed once per query, not per row.
  let scopesText = '';
  let scopes: readonly Scope[] = [];
  db.function('within_scopes', (repository: unknown, json: unknown) => {
    if (json !== scopesText) {
      scopesText = String(json);
      scopes = JSON.parse(scopesText) as Scope[];
    }
    return scopesCover(scopes, String(repository) as RepositoryName) ? 1 : 0;
  });

  const ofImage = db.prepare<[RepositoryName, Digest], LiveRow>(`
    SELECT s.bytes, lower(hex(s.sha256)) AS sha256, s.stored_at FROM signatures s JOIN keys k ON k.fingerprint = s.signer
     WHERE s.repository = ? AND s.digest = ? AND ${LIVE} ORDER BY s.id`);
  const byDigest = db.prepare<{ digest: Digest; repository: string | null; prefix: string; offset: number }, LiveRow>(`
    SELECT s.bytes, lower(hex(s.sha256)) AS sha256, s.stored_at FROM signatures s JOIN keys k ON k.fingerprint = s.signer
     WHERE s.digest = @digest AND ${LIVE}
       AND (@prefix = '' OR s.repository = @repository OR substr(s.repository, 1, length(@prefix) + 1) = @prefix || '/')
     ORDER BY s.id LIMIT 1 OFFSET @offset`);
  const byId = db.prepare<[number], Row>(`${SELECT} WHERE s.id = ?`);
  const byContent = db.prepare<[Uint8Array], Row>(`${SELECT} WHERE s.sha256 = ?`);
  const byIdentity = db.prepare<[Uint8Array], Row>(`${SELECT} WHERE s.identity = ?`);
  const blob = db.prepare<[number], { bytes: Buffer }>('SELECT bytes FROM signatures WHERE id = ?');
  const countImage = db.prepare<[RepositoryName, Digest], { live: number }>(`
    SELECT count(*) AS live FROM signatures s JOIN keys k ON k.fingerprint = s.signer
     WHERE s.repository = ? AND s.digest = ? AND ${LIVE}`);
  const countLive = db.prepare<[], { live: number }>(
    `SELECT count(*) AS live FROM keys k JOIN signatures s ON s.signer = k.fingerprint WHERE ${LIVE}`,
  );

  return {
    live: ({ repository, digest }: Image): LiveSignature[] => ofImage.all(repository, digest).map(liveSignature),

    liveByDigest: ({ repository, prefix, digest, number }: DigestSlot): LiveSignature | null => {
      const row = byDigest.get({ digest, repository, prefix, offset: number - 1 });
      return row ? liveSignature(row) : null;
    },

    find: (id: number): StoredSignature | null => stored(byId.get(id)),
    findByContent: (sha256: Uint8Array): StoredSignature | null => stored(byContent.get(sha256)),
    findByIdentity: (identity: Uint8Array): StoredSignature | null => stored(byIdentity.get(identity)),

    getBlob: (id: number): Buffer => {
      const row = blob.get(id);
      if (!row) throw new AppError('SIGNATURE_NOT_FOUND', `no signature has the id ${id}`);
      return row.bytes;
    },

    list: (filter: SignatureFilter, { limit, before }: Page): StoredSignature[] => {
      const given = (Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]).filter(
        (name) => filter[name] !== undefined,
      );
      const conditions = ['s.id < @before', ...given.map((name) => CONDITIONS[name])];
      if (!filter.within.includes(EVERYTHING)) conditions.push('within_scopes(s.repository, @within)');
      const sql = `${SELECT} WHERE ${conditions.join(' AND ')} ORDER BY s.id DESC LIMIT @limit`;
      const { within, ...values } = filter;
      const rows = db.prepare<unknown[], Row>(sql).all({
        ...values,
        within: JSON.stringify(within),
        before: before ?? Number.MAX_SAFE_INTEGER,
        limit,
      });
      return rows.map((row) => stored(row) as StoredSignature);
    },

    countImage: ({ repository, digest }: Image): number => countImage.get(repository, digest)?.live ?? 0,
    countLive: (): number => countLive.get()?.live ?? 0,
  };
}

function liveSignature(row: LiveRow): LiveSignature {
  return { content: row.bytes.toString('latin1'), sha256: row.sha256, storedAt: row.stored_at as Instant };
}

function stored(row: Row | undefined): StoredSignature | null {
  if (!row) return null;
  return {
    id: row.id,
    repository: row.repository as RepositoryName,
    digest: row.digest as Digest,
    number: row.state === 'live' ? row.number : null,
    state: row.state,
    sha256: row.sha256.toString('hex'),
    bytes: row.size,
    signer: row.signer as Fingerprint,
    signerName: row.signer_name,
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
