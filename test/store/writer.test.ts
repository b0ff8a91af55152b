// The writer thread: started by the first write, and no dead end when the database cannot be opened at that moment.
import assert from 'node:assert/strict';
import { renameSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWriter } from '../../server/store/database.ts';
import { migrate } from '../../server/store/migrate.ts';
import { createThreadWriter } from '../../server/store/writer.ts';
import { tempDir } from '../support/temp-dir.ts';

const MIGRATIONS = new URL('../../migrations', import.meta.url).pathname;

test('a writer thread', async (t) => {
  const path = join(tempDir(t), 'lookaside.db');
  writeFileSync(path, 'hello '.repeat(1000));
  const writer = createThreadWriter(path);
  t.after(() => writer.close());

  await t.test('says what is wrong with a database it cannot open, to every write', async () => {
    for (let tries = 0; tries < 2; tries++) await assert.rejects(writer.writes.probe(), { code: 'STORE_CORRUPT' });
  });
  await t.test('writes as soon as it can', async () => {
    truncateSync(path);
    const db = openWriter(path);
    migrate(db, MIGRATIONS);
    db.close();
    await writer.writes.probe();
  });
  await t.test('acknowledges nothing into a file that was moved away, and goes on when it is back', async () => {
    renameSync(path, `${path}.moved`);
    await assert.rejects(writer.writes.probe(), { code: 'STORE_FAULT', message: /moved or replaced/ });
    writeFileSync(path, '');
    await assert.rejects(writer.writes.probe(), { code: 'STORE_FAULT' });
    renameSync(`${path}.moved`, path);
    await writer.writes.probe();
  });
  await t.test('refuses writes after its end', async () => {
    await writer.close();
    await assert.rejects(writer.writes.probe(), { code: 'STORE_FAULT' });
    await writer.close();
  });
});
