// Aliases: reading and writing.
import { type Alias, type AliasPath, type AliasTable, type AliasTarget, createAliasTable } from '../domain/alias.ts';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { RepositoryName } from '../domain/repository-name.ts';
import type { createAuditAppend } from './audit-log.ts';
import type { Db } from './database.ts';
import type { NewAlias } from './machine-port.ts';
import type { Act } from './port.ts';

type Row = { id: number; path: string; target: string; created_at: number };

const SELECT = 'SELECT id, path, target, created_at FROM aliases';

export function createAliasReads(db: Db) {
  const all = db.prepare<[], Row>(`${SELECT} ORDER BY path`);
  const state = db.prepare<[], string>("SELECT count(*) || ' ' || coalesce(max(id), 0) FROM aliases").pluck();
  let table: AliasTable | null = null;
  let known: string | undefined;
  let isOutdated = true;

  const list = (): Alias[] => all.all().map(aliasOf);

  function current(): AliasTable | null {
    const now = state.get();
    if (now !== known) {
      table = createAliasTable(list());
      known = now;
    }
    isOutdated = false;
    return table;
  }

  return {
    list,
    /** As they are in the database. */
    current,
    /** The same, as of the last time that they were `outdated`. */
    table: (): AliasTable | null => (isOutdated ? current() : table),
    outdated(): void {
      isOutdated = true;
    },
  };
}

export function createAliasWrites(db: Db, audit: ReturnType<typeof createAuditAppend>) {
  const byPath = db.prepare<[AliasPath], Row>(`${SELECT} WHERE path = ?`);
  const byId = db.prepare<[number], Row>(`${SELECT} WHERE id = ?`);
  const count = db.prepare<[], number>('SELECT count(*) FROM aliases').pluck();
  const insert = db.prepare<NewAlias['alias'], Row>(
    'INSERT INTO aliases (path, target, created_at) VALUES (@path, @target, @createdAt) RETURNING id, path, target, created_at',
  );
  const remove = db.prepare<[number]>('DELETE FROM aliases WHERE id = ?');

  return {
    add({ alias, replace, actor, at }: NewAlias): Alias {
      const before = byPath.get(alias.path);
      if (before && !replace)
        throw new AppError(
          'ALIAS_EXISTS',
          `${alias.path} stands for ${before.target} already; with \`--replace\` the new target takes its place in one step`,
        );
      if (before) remove.run(before.id);
      else if ((count.get() ?? 0) >= LIMITS.aliases)
        throw new AppError('ALIAS_INVALID', `there are ${LIMITS.aliases} aliases, the most; remove one first`);
      const row = insert.get(alias) as Row;
      const detail = { target: alias.target, replaced: before?.target ?? null };
      audit({ at, actor, action: 'alias.added', subject: alias.path, detail });
      return aliasOf(row);
    },

    remove({ id, actor, at }: Act & { id: number }): void {
      const row = byId.get(id);
      if (!row) throw new AppError('ALIAS_NOT_FOUND', `there is no alias with the id ${id}`);
      remove.run(id);
      audit({ at, actor, action: 'alias.removed', subject: row.path, detail: { target: row.target } });
    },
  };
}

/** For each prefix, one of the repositories that have this name or are below it; null where there is none. */
export function createRepositoriesAt(db: Db) {
  const named = db.prepare<[string], RepositoryName>('SELECT name FROM repositories WHERE name = ?').pluck();
  // `0` is the character after the slash.
  const below = db
    .prepare<[string, string], RepositoryName>(
      "SELECT name FROM repositories WHERE name > ? || '/' AND name < ? || '0' ORDER BY name LIMIT 1",
    )
    .pluck();
  return (prefixes: readonly string[]): (RepositoryName | null)[] =>
    prefixes.map((prefix) => named.get(prefix) ?? below.get(prefix, prefix) ?? null);
}

function aliasOf({ id, path, target, created_at }: Row): Alias {
  return { id, path: path as AliasPath, target: target as AliasTarget, createdAt: created_at as Instant };
}
