// Trusted publishers, and what they were given in exchange for ID tokens: reading and writing.
import { AppError, quote } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { DAY_MS, type Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import { type BoundClaims, formatClaims, type Publisher, type PublisherKind } from '../domain/publisher.ts';
import type { Scope } from '../domain/scope.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import type { Exchange } from './machine-port.ts';
import type { Act } from './port.ts';
import { type createTokenWrites, tokenDetail } from './token-rows.ts';

type Row = {
  id: string;
  name: string;
  kind: PublisherKind;
  issuer: string;
  claims: string;
  scopes: string;
  keys: string;
  created_at: number;
  last_used_at: number | null;
};

const SELECT = 'SELECT id, name, kind, issuer, claims, scopes, keys, created_at, last_used_at FROM publishers';

/** How long a token that has expired is still known, so that whoever sends it is told so. */
const REMEMBERED_MS = DAY_MS;

export function createPublisherReads(db: Db) {
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY name`);
  const ofIssuer = db.prepare<[string], Row>(`${SELECT} WHERE issuer = ? ORDER BY name`);
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE id = ?`);
  return {
    list: (): Publisher[] => all.all().map(publisherOf),
    listOf: (issuer: string): Publisher[] => ofIssuer.all(issuer).map(publisherOf),
    get(id: string): Publisher {
      const row = byId.get(id);
      if (row) return publisherOf(row);
      throw new AppError(
        'PUBLISHER_NOT_FOUND',
        `there is no publisher with the id ${quote(id)}; see \`lookaside publisher list\``,
      );
    },
  };
}

type Parts = {
  readonly audit: ReturnType<typeof createAuditAppend>;
  readonly tokens: ReturnType<typeof createTokenWrites>;
};

export function createPublisherWrites(db: Db, { audit, tokens }: Parts) {
  const reads = createPublisherReads(db);
  const sameName = db.prepare('SELECT 1 FROM publishers WHERE name = ?');
  const count = db.prepare<[], number>('SELECT count(*) FROM publishers').pluck();
  const insert = db.prepare(`
    INSERT INTO publishers (id, name, kind, issuer, claims, scopes, keys, created_at)
    VALUES (@id, @name, @kind, @issuer, @claims, @scopes, @keys, @createdAt)`);
  const remove = db.prepare('DELETE FROM publishers WHERE id = ?');
  const use = db.prepare('UPDATE publishers SET last_used_at = max(coalesce(last_used_at, 0), @at) WHERE id = @id');
  const spend = db.prepare(
    'INSERT INTO spent_id_tokens (sha256, expires_at) VALUES (@sha256, @until) ON CONFLICT DO NOTHING',
  );
  const forgetSpent = db.prepare('DELETE FROM spent_id_tokens WHERE expires_at < ?');
  const forgetTokens = db.prepare('DELETE FROM tokens WHERE publisher IS NOT NULL AND expires_at < ?');

  return {
    add({ publisher, actor, at }: Act & { publisher: Publisher }): void {
      const { id, name, kind, issuer, claims, scopes, keys, createdAt } = publisher;
      if (sameName.get(name)) throw new AppError('PUBLISHER_EXISTS', `there is a publisher ${quote(name)} already`);
      if ((count.get() ?? 0) >= LIMITS.publishers)
        throw new AppError(
          'PUBLISHER_INVALID',
          `there are ${LIMITS.publishers} publishers, the most; remove one first`,
        );
      const lists = { claims: JSON.stringify(claims), scopes: JSON.stringify(scopes), keys: JSON.stringify(keys) };
      insert.run({ id, name, kind, issuer, createdAt, ...lists });
      audit({ at, actor, action: 'publisher.added', subject: id, detail: publisherDetail(publisher) });
    },

    remove({ id, actor, at }: Act & { id: string }): void {
      const { name } = reads.get(id);
      remove.run(id);
      audit({ at, actor, action: 'publisher.removed', subject: id, detail: { name } });
    },

    exchange({ publisher: { id, name }, spent, given, about, at }: Exchange): void {
      reads.get(id); // it may have been removed while the issuer's keys were fetched
      forgetSpent.run(at);
      forgetTokens.run(at - REMEMBERED_MS);
      if (spend.run(spent).changes === 0)
        throw new AppError(
          'ID_TOKEN_SPENT',
          'the ID token was exchanged before, and each is good for one exchange; get a new one',
        );
      tokens.put(given);
      use.run({ id, at });
      const actor = { kind: 'token', id: given.token.id, name } as const;
      const detail = { ...tokenDetail(given.token), publisher: id, keys: given.token.keys, about };
      audit({ at, actor, action: 'token.exchanged', subject: given.token.id, detail });
    },
  };
}

/** As the audit log keeps it; fsck compares it with the row. */
function publisherDetail({ name, kind, issuer, claims, scopes, keys }: Publisher) {
  return { name, kind, issuer, claims: formatClaims(claims), scopes, keys };
}

function publisherOf(row: Row): Publisher {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    issuer: row.issuer,
    claims: JSON.parse(row.claims) as BoundClaims,
    scopes: JSON.parse(row.scopes) as Scope[],
    keys: JSON.parse(row.keys) as Fingerprint[],
    createdAt: row.created_at as Instant,
    lastUsedAt: row.last_used_at as Instant | null,
  };
}
