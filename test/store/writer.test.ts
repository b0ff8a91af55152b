// The writer thread: started by the first write, and no dead end when the database cannot be opened at that moment.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { AppError } from '../../server/domain/errors.ts';
import { openWriter } from '../../server/store/database.ts';
import { migrate } from '../../server/store/migrate.ts';
import { createThreadWriter } from '../../server/store/writer.ts';
import { tempDir } from '../support/temp-dir.ts';

const MIGRATIONS = new URL('../../migrations', import.meta.url).pathname;

test('a writer thread', async (t) => {
  const folder = join(tempDir(t), 'data');
  const path = join(folder, 'lookaside.db');
  const writer = createThreadWriter(path);
  t.after(() => writer.close());

  await t.test('says what is wrong with a database it cannot open, to every write', async () => {
    for (let tries = 0; tries < 2; tries++)
      await assert.rejects(writer.writes.probe(), (error: AppError) => error.code.startsWith('STORE_'));
  });
  await t.test('writes as soon as it can', async () => {
    mkdirSync(folder);
    const db = openWriter(path);
    migrate(db, MIGRATIONS);
    db.close();
    await writer.writes.probe();
  });
  await t.test('refuses writes after its end', async () => {
    await writer.close();
    await assert.rejects(writer.writes.probe(), { code: 'STORE_FAULT' });
    await writer.close();
  });
});
