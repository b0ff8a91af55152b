// Tokens: reading and writing. Secrets are not here, only their SHA-256: they are random, so a fast hash is enough.
import { AppError, quote } from '../domain/errors.ts';
import type { Fingerprint } from '../domain/fingerprint.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Permission, Token } from '../domain/principal.ts';
import type { Scope } from '../domain/scope.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import { addFoldFunction, contains, foldedText } from './folded-text.ts';
import type { NewToken, TokenFilter, TokenRecord } from './machine-port.ts';
import type { Act, Slice, TextPage } from './port.ts';
import { grantedBy } from './scopes-function.ts';
import { firstOf } from './slices.ts';

type Row = {
  id: string;
  name: string;
  sha256: Buffer;
  permissions: string;
  scopes: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
  keys: string | null;
  publisher: string | null;
};

type Question = ReturnType<typeof foldedText> & { at: number; after: string; publisher?: string };

const SELECT =
  'SELECT id, name, sha256, permissions, scopes, created_at, expires_at, last_used_at, revoked_at, keys, publisher FROM tokens';

export function createTokenReads(db: Db) {
  const bySecret = db.prepare<[Buffer], Row>(`${SELECT} WHERE sha256 = ?`);
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE id = ?`);
  return {
    find(sha256: Buffer): TokenRecord | null {
      const row = bySecret.get(sha256);
      return row ? { token: token(row), sha256: row.sha256 } : null;
    },
    get(id: string): Token {
      const row = byId.get(id);
      if (!row)
        throw new AppError(
          'TOKEN_NOT_FOUND',
          `no token has the id ${id.startsWith('lks_') ? 'given: that is a secret' : quote(id)}; see \`lookaside token list\``,
        );
      return token(row);
    },
  };
}

export function createTokenLists(db: Db) {
  addFoldFunction(db);
  const newest = (index: string, whose: string) =>
    db.prepare<Question, Pick<Row, 'id' | 'scopes' | 'created_at'>>(`
      SELECT id, scopes, created_at FROM tokens INDEXED BY ${index}
       WHERE ${whose} AND (created_at, id) < (@at, @after)
         AND (@q IS NULL OR ${contains('name')} OR instr(id, @q) > 0)
       ORDER BY created_at DESC, id DESC`);
  const made = newest('tokens_by_age', 'publisher IS NULL');
  const exchanged = newest('tokens_by_publisher', 'publisher = @publisher');
  const byId = db.prepare<[string], Row>(`${SELECT} WHERE id = ?`);
  return {
    list({ q, publisher, within }: TokenFilter, { limit, after }: TextPage): Slice<Token, string> {
      const [, at = '', id = ''] = /^(-?\d+)-(.*)$/.exec(after ?? '') ?? [];
      const granted = grantedBy(within);
      const last = at === '' ? Number.MAX_SAFE_INTEGER : Number(at);
      const question = { ...foldedText(q), at: last, after: id };
      const found = publisher === undefined ? made.iterate(question) : exchanged.iterate({ ...question, publisher });
      const { items, next } = firstOf(found, {
        wanted: ({ scopes }) => granted(scopes),
        cursorOf: (row) => `${row.created_at}-${row.id}`,
        limit,
      });
      return { items: items.flatMap((row) => byId.get(row.id) ?? []).map(token), next };
    },
  };
}

export function createTokenWrites(db: Db, audit: ReturnType<typeof createAuditAppend>) {
  const reads = createTokenReads(db);
  const insert = db.prepare(`
    INSERT INTO tokens (id, name, sha256, permissions, scopes, created_at, expires_at, keys, publisher)
    VALUES (@id, @name, @sha256, @permissions, @scopes, @createdAt, @expiresAt, @keys, @publisher)`);
  const revoke = db.prepare('UPDATE tokens SET revoked_at = ? WHERE id = ?');
  const touch = db.prepare('UPDATE tokens SET last_used_at = max(coalesce(last_used_at, 0), @at) WHERE id = @id');

  function put({ token, sha256 }: TokenRecord): void {
    const { permissions, scopes, keys, id, name, createdAt, expiresAt, publisher } = token;
    const lists = { permissions: JSON.stringify(permissions), scopes: JSON.stringify(scopes) };
    const row = { id, name, sha256, createdAt, expiresAt, publisher };
    insert.run({ ...row, ...lists, keys: keys === null ? null : JSON.stringify(keys) });
  }

  return {
    create({ token, sha256, actor, at }: NewToken): void {
      put({ token, sha256 });
      audit({ at, actor, action: 'token.created', subject: token.id, detail: tokenDetail(token) });
    },

    /** Audited by whoever has it made. */
    put,

    revoke({ id, actor, at }: Act & { id: string }): void {
      const { name, revokedAt } = reads.get(id);
      if (revokedAt !== null) return; // asked for and true: nothing to do, nothing to log
      revoke.run(at, id);
      audit({ at, actor, action: 'token.revoked', subject: id, detail: { name } });
    },

    touch(uses: readonly { id: string; at: Instant }[]): void {
      for (const use of uses) touch.run(use);
    },
  };
}

/** As the audit log keeps it; fsck compares it with the row. */
export function tokenDetail({ name, permissions, scopes, expiresAt }: Token) {
  return { name, permissions, scopes, expiresAt: expiresAt === null ? null : formatInstant(expiresAt) };
}

function token(row: Row): Token {
  return {
    id: row.id,
    name: row.name,
    permissions: JSON.parse(row.permissions) as Permission[],
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAt: row.created_at as Instant,
    expiresAt: row.expires_at as Instant | null,
    lastUsedAt: row.last_used_at as Instant | null,
    revokedAt: row.revoked_at as Instant | null,
    keys: row.keys === null ? null : (JSON.parse(row.keys) as Fingerprint[]),
    publisher: row.publisher,
  };
}
