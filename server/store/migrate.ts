// Forward-only migrations: migrations/NNNN_name.sql, one transaction each, recorded with a checksum. A database that
// a newer version made, or a file edited after it ran, stops the start: guessing would cost signatures.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../domain/errors.ts';
import { type Db, storeError } from './database.ts';

/** Where they are, in a checkout and in an image. */
export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

type Migration = { readonly name: string; readonly sql: string; readonly sha256: string };

export function migrate(db: Db, folder: string): void {
  const migrations = readMigrations(folder);
  try {
    // One transaction around the look and the change: two processes may start at once.
    db.transaction(() => apply(db, migrations)).immediate();
  } catch (error) {
    throw storeError(error);
  }
}

function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  return names.sort().map((name) => {
    const sql = readFileSync(join(folder, name), 'utf8');
    return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
  });
}

function apply(db: Db, migrations: readonly Migration[]): void {
  if (db.prepare('SELECT 1 FROM sqlite_schema').get()) requireOurs(db);
  db.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT');
  const done = requireKnown(db, migrations);
  const record = db.prepare('INSERT INTO migrations (name, sha256) VALUES (?, ?)');
  for (const { name, sql, sha256 } of migrations.slice(done)) {
    db.transaction(() => {
      db.exec(sql);
      record.run(name, sha256);
    })();
  }
}

/** Throws for a database that a newer version made, or one made with other files. */
export function requireKnownMigrations(db: Db, folder: string): void {
  requireKnown(db, readMigrations(folder));
}

/** False for one that an older version made; throws as `requireKnownMigrations` does. */
export function hasAllMigrations(db: Db, folder: string): boolean {
  const migrations = readMigrations(folder);
  return requireKnown(db, migrations) === migrations.length;
}

function requireOurs(db: Db): void {
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").get()) return;
  throw new AppError('MIGRATION_INVALID', 'the database is of another program; check LOOKASIDE_DATA_DIR');
}

/** How many of them the database has. */
function requireKnown(db: Db, migrations: readonly Migration[]): number {
  requireOurs(db);
  const done = db
    .prepare<[], { name: string; sha256: string }>('SELECT name, sha256 FROM migrations ORDER BY name')
    .all();
  done.forEach((row, index) => {
    const known = migrations[index];
    if (known?.name !== row.name)
      throw new AppError(
        'MIGRATION_INVALID',
        `the database has the migration ${row.name}, which this version does not know; start the newer version`,
      );
    if (known.sha256 !== row.sha256)
      throw new AppError(
        'MIGRATION_INVALID',
        `migrations/${row.name} is not the file this database was made with; restore it`,
      );
  });
  return done.length;
}
