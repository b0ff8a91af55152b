// The same signatures twice: as rows of a store, and as the static tree that Apache and nginx serve. The rows are
// written directly and their bytes are random: reads do not look into them, and making 50,000 real ones takes minutes.
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { composeLocal } from '../server/compose.ts';
import { loadConfig } from '../server/config.ts';
import { localPrincipal } from '../server/domain/principal.ts';
import { createLog } from '../server/ops/log.ts';

/** A signature by RSA 2048, compressed. */
const SIGNATURE_BYTES = 560;
const KEY = new URL('../test/fixtures/keys/rsa2048.asc', import.meta.url);

export type Dataset = {
  readonly dataDir: string;
  readonly tree: string /** Without the number. */;
  readonly paths: string;
};

export async function makeDataset(folder: string, count: number): Promise<Dataset> {
  const dataset = { dataDir: join(folder, 'data'), tree: join(folder, 'tree'), paths: join(folder, 'paths') };
  const config = loadConfig({ LOOKASIDE_DATA_DIR: dataset.dataDir });
  const local = await composeLocal(config, createLog('silent'));
  const [registered] = await local.keys.register(readFileSync(KEY), {}, localPrincipal('bench'));
  await local.close();
  if (!registered) throw new Error('the fixture key was not registered');

  const db = new Database(config.databasePath);
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at,
                            notes, stored_at, stored_by)
    VALUES (@repository, @digest, @sha256, @identity, @bytes, @signer, @signer, @repository, 0, '[]', 0,
            '{"kind":"local","name":"bench"}')`);
  const paths: string[] = [];
  db.transaction(() => {
    for (let index = 0; index < count; index++) {
      const repository = `quay.io/acme/app-${index % 500}`;
      const hex = createHash('sha256').update(String(index)).digest('hex');
      const bytes = randomBytes(SIGNATURE_BYTES);
      const sha256 = createHash('sha256').update(bytes).digest();
      const row = { repository, digest: `sha256:${hex}`, sha256, identity: sha256, bytes };
      insert.run({ ...row, signer: registered.key.fingerprint });
      const directory = `${repository}@sha256=${hex}`;
      mkdirSync(join(dataset.tree, directory), { recursive: true });
      writeFileSync(join(dataset.tree, directory, 'signature-1'), bytes);
      paths.push(`/${directory}/signature-`);
    }
  })();
  db.close();
  writeFileSync(dataset.paths, paths.join('\n'));
  return dataset;
}
