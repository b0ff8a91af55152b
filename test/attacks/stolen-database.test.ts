// Whoever reads the database, a backup or the log does not learn how to be somebody.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { assertProblem } from '../http/scene.ts';
import { PASSWORD, peopleScene, personWith, secretOf } from '../support/people.ts';

test('a copy of the database', async (t) => {
  const store = await peopleScene(t);
  const admin = await store.person();
  await store.newPerson('bob', 'viewer');
  await admin.call('PATCH', '/api/v1/users/bob', { password: 'set by the admin' });
  await store.signIn('bob', 'set by nobody at all');
  const secret = secretOf(admin);
  const db = new Database(store.config.databasePath, { readonly: true });
  const users = db.prepare<[], { password: string }>('SELECT * FROM users').all();
  const sessions = db.prepare<[], { sha256: Buffer }>('SELECT * FROM sessions').all();
  db.close();

  await t.test('has passwords as argon2id, each with a salt of its own', () => {
    assert.equal(users.length, 2);
    for (const { password } of users) assert.match(password, /^\$argon2id\$/);
    assert.equal(new Set(users.map(({ password }) => password.split('$')[4])).size, 2);
  });
  await t.test('has sessions as SHA-256, which open nothing', async () => {
    const [hash] = sessions.map(({ sha256 }) => sha256);
    assert.deepEqual(hash, createHash('sha256').update(secret).digest());
    for (const stolen of [hash?.toString('base64url'), hash?.toString('hex'), hash?.toString('latin1')])
      assertProblem(
        await personWith(store.url, `lookaside_session=${encodeURIComponent(stolen ?? '')}`).call(
          'GET',
          '/api/v1/session',
        ),
        401,
        'CREDENTIALS_EXPIRED',
      );
  });
  await t.test('and the log hold neither a password nor a secret', async () => {
    const audit = JSON.stringify(await store.audit());
    await store.stop();
    const files = readdirSync(store.dataDir).map((file) => readFileSync(join(store.dataDir, file), 'latin1'));
    assert.ok(files.length > 0 && store.logged().includes('request.failed'));
    for (const hidden of [PASSWORD, 'set by the admin', 'set by nobody at all', secret])
      for (const text of [...files, store.logged(), audit]) assert.ok(!text.includes(hidden), hidden);
  });
});
