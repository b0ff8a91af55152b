// When the store was last backed up, as the metrics ask for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '../../server/domain/instant.ts';
import { recordBackup } from '../../server/store/backup-rows.ts';
import { openWriter } from '../../server/store/database.ts';
import { NOW, openTestStore } from './scene.ts';

test('the last backup', async (t) => {
  const { store, path } = await openTestStore(t);
  const db = openWriter(path);
  t.after(() => db.close());
  await t.test('is none in a new store', async () => assert.equal(await store.lastBackupAt(), null));
  await t.test('is the one recorded last, whoever recorded it', async () => {
    for (const at of [NOW, NOW + 1000] as Instant[]) {
      recordBackup(db, at);
      assert.equal(await store.lastBackupAt(), at);
    }
  });
});
