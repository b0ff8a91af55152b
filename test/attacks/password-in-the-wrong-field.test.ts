// People type their password where the name belongs. What is written down stays, and others read it: so nothing of it is.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PASSWORD, peopleScene } from '../support/people.ts';

const SLIPS = [PASSWORD, 'hunter2-hunter2', 'lowercase-password', 'admin hunter2-hunter2'];

test('a password in the field for the name', async (t) => {
  const store = await peopleScene(t);
  for (const slip of SLIPS) {
    assert.equal((await store.signIn(slip, 'x')).status, 401);
    store.later(10_000);
  }
  store.later(60_000);
  assert.equal((await store.signIn('another-slip', 'x')).status, 401);

  await t.test('is in the audit log as an attempt on nobody, several in one row', async () => {
    const rows = await store.audit('session.refused');
    assert.ok(rows.every(({ actor, subject }) => actor.name === '(unknown)' && subject === '(unknown)'));
    assert.deepEqual(
      rows.map(({ detail }) => detail.attempts),
      [1, 3, 1],
    );
  });
  await t.test('is neither in the log nor in the files of the database', async () => {
    await store.stop();
    const files = readdirSync(store.dataDir).map((file) => readFileSync(join(store.dataDir, file), 'latin1'));
    for (const slip of SLIPS) {
      assert.ok(!store.logged().includes(slip), 'in the log');
      for (const content of files) assert.ok(!content.includes(slip), 'in the database');
    }
  });
});
