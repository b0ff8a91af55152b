// The rows of the store. They are written before there is a catalogue, which the later migrations then make at once:
// by a trigger for each row a million of them would take ten minutes.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { composeLocal } from '../server/compose/local.ts';
import { loadConfig } from '../server/config.ts';
import { localPrincipal } from '../server/domain/principal.ts';
import { createLog } from '../server/ops/log.ts';
import { migrate } from '../server/store/migrate.ts';
import { openStore } from '../server/store/sqlite-store.ts';
import { imageOf } from './dataset.ts';

const KEY = new URL('../test/fixtures/keys/rsa2048.asc', import.meta.url);
const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

/** Changes with the migrations: a store that a former version made could not be opened, or be another than a new one. */
export function storeVersion(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(MIGRATIONS).sort()) hash.update(name).update(readFileSync(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 12);
}

export async function fillStore(dataDir: string, count: number): Promise<void> {
  const path = join(dataDir, 'lookaside.db');
  const scratch = join(dataDir, 'scratch');
  const migrations = join(scratch, 'migrations');
  mkdirSync(migrations, { recursive: true });
  cpSync(join(MIGRATIONS, '0001_init.sql'), join(migrations, '0001_init.sql'));
  const key = await registeredKey(scratch);

  const db = new Database(path);
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -1000000']) db.pragma(pragma);
  migrate(db, migrations);
  db.transaction(() => {
    insertRow(db, 'keys', key.row);
    for (const row of key.ids) insertRow(db, 'key_ids', row);
    insertSignatures(db, count, String(key.row.fingerprint));
  })();
  db.close();
  rmSync(scratch, { recursive: true });
  await (await openStore({ path, migrations: MIGRATIONS, writer: 'local' })).close();
}

type Row = Readonly<Record<string, unknown>>;

/** The fixture key as registering writes it, so that nothing of it is made up here. */
async function registeredKey(folder: string): Promise<{ row: Row; ids: Row[] }> {
  const config = loadConfig({ LOOKASIDE_DATA_DIR: folder });
  const local = await composeLocal(config, createLog('silent'));
  await local.keys.register(readFileSync(KEY), {}, localPrincipal('bench'));
  await local.close();
  const db = new Database(config.databasePath);
  const row = db.prepare('SELECT * FROM keys').get() as Row;
  const ids = db.prepare('SELECT * FROM key_ids').all() as Row[];
  db.close();
  return { row, ids };
}

/** The columns that the table has so far: what a later migration adds, it fills itself. */
function insertRow(db: Database.Database, table: string, row: Row): void {
  const columns = (db.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const values = columns.map((name) => `@${name}`).join(', ');
  db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values})`).run(row);
}

function insertSignatures(db: Database.Database, count: number, signer: string): void {
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at,
                            notes, stored_at, stored_by)
    VALUES (@repository, @digest, @sha256, @sha256, @bytes, @signer, @signer, @repository, 0, '[]', 0,
            '{"kind":"local","name":"bench"}')`);
  for (let index = 0; index < count; index++) {
    const { repository, hex, bytes } = imageOf(index);
    const sha256 = createHash('sha256').update(bytes).digest();
    insert.run({ repository, digest: `sha256:${hex}`, sha256, bytes, signer });
  }
}
