// Guessing a token byte by byte, by how long its refusal takes. A clock in a test proves nothing, so this holds the
// way the code takes: what is looked up and compared is a SHA-256 of the whole, and the comparison is constant in time.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { problemOf, scene } from '../http/scene.ts';

const SOURCE = readFileSync(fileURLToPath(new URL('../../server/services/tokens.ts', import.meta.url)), 'utf8');

test('a guessed token', async (t) => {
  await t.test('is hashed before anything is looked up', () => {
    assert.match(SOURCE, /findToken\(\s*sha256\s*\)/);
    assert.match(SOURCE, /timingSafeEqual\(\s*record\.sha256,\s*sha256\s*\)/);
    assert.doesNotMatch(SOURCE, /untrustedSecret\s*[!=]==?/);
  });
  const store = await scene(t);
  await t.test('is compared with what is no secret: the database holds hashes only', () => {
    const db = new Database(store.config.databasePath, { readonly: true });
    const rows = db.prepare<[], Record<string, unknown>>('SELECT * FROM tokens').all();
    db.close();
    assert.ok(rows.length > 0);
    for (const row of rows) assert.ok(!JSON.stringify(row).includes(store.token));
  });
  await t.test('is told nothing about how much of it was right', async () => {
    const { token } = store;
    const flip = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    const guesses = [flip(4), flip(20), flip(token.length - 1), token.slice(0, -1), `${token}A`, 'lks_', 'x'];
    const details = new Set<string>();
    for (const guess of guesses) {
      const answer = await store.get('/api/v1/signatures', { authorization: `Bearer ${guess}` });
      details.add(problemOf(answer, 401, 'CREDENTIALS_INVALID').detail);
    }
    assert.equal(details.size, 1);
  });
});
