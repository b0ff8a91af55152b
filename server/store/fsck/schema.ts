// Whether tables, indexes and triggers are those that the migrations make. A trigger that is missing lets the catalogue
// fall behind, a foreign one could do anything with each upload.
import Database from 'better-sqlite3';
import { AppError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import type { Db } from '../database.ts';
import { hasAllMigrations, migrate } from '../migrate.ts';

export type SchemaObject = { readonly type: string; readonly name: string; readonly sql: string | null };

/** What Litestream keeps in the database it replicates. */
const LITESTREAM = /^_litestream_/;

function schemaOf(db: Db): Map<string, SchemaObject> {
  const rows = db.prepare<[], SchemaObject>(
    "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid",
  );
  return new Map(rows.all().map((row) => [row.name, row]));
}

/** As a new store has them, in the order in which they can be made. */
export function expectedSchema(migrations: string): Map<string, SchemaObject> {
  const db = new Database(':memory:');
  try {
    migrate(db, migrations);
    return schemaOf(db);
  } finally {
    db.close();
  }
}

/** Throws for what is no store, and for one that this version has not brought up to date. */
export function requireCurrentSchema(db: Db, migrations: string): void {
  if (!hasAllMigrations(db, migrations))
    throw new AppError(
      'MIGRATION_INVALID',
      'the database was made by an older version; `lookaside key list`, or a start of the server, brings it up to date',
    );
}

export function* schemaFindings(db: Db, migrations: string): Generator<Finding> {
  const expected = expectedSchema(migrations);
  const there = schemaOf(db);
  for (const { type, name, sql } of expected.values()) {
    const found = there.get(name);
    if (!found && type === 'table') yield { code: 'schema.changed', subject: name, problem: 'the table is missing' };
    else if (!found) yield { code: 'schema.missing', subject: name, problem: `the ${type} is missing` };
    else if (found.sql !== sql || found.type !== type)
      yield { code: 'schema.changed', subject: name, problem: `the ${type} is not as the migrations make it` };
  }
  for (const { type, name } of there.values()) {
    if (expected.has(name) || LITESTREAM.test(name)) continue;
    const code = type === 'trigger' ? 'schema.changed' : 'schema.added';
    yield { code, subject: name, problem: `a ${type} that no migration makes` };
  }
}
