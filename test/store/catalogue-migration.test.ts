// A store that was filled before there was a catalogue gets the one it would have had, had there been one all along.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { migrate } from '../../server/store/migrate.ts';
import { tempDir } from '../support/temp-dir.ts';
import { DAY_MS, DIGESTS, DIGITS, REPOSITORIES, subkeyOf } from './catalogue-scene.ts';
import { keptCatalogue, readTables, recountCatalogue } from './recount.ts';
import { fingerprint, MIGRATIONS, NOW } from './scene.ts';

type Db = Database.Database;

const rows = fc.array(
  fc.record({
    repository: fc.constantFrom(...REPOSITORIES),
    digest: fc.constantFrom(...DIGESTS),
    signer: fc.constantFrom(...DIGITS),
    bySubkey: fc.boolean(),
    tag: fc.constantFrom(':v1', ':v2', '', `@${DIGESTS[0]}`, `:v1@${DIGESTS[0]}`),
    at: fc.integer({ min: -4, max: 4 }).map((days) => NOW + days * DAY_MS),
    withdrawn: fc.boolean(),
  }),
  { maxLength: 60 },
);
type Row = typeof rows extends fc.Arbitrary<(infer R)[]> ? R : never;

function addKeys(db: Db): void {
  const insert = db.prepare(`
    INSERT INTO keys (fingerprint, name, state, scopes, material, user_ids, signing_keys, revoked_parts, created_at, registered_at,
                      updated_at, revision) VALUES (?, ?, 'active', '[""]', x'00', '[]', '[]', '', 0, 0, 0, 1)`);
  for (const digit of DIGITS) insert.run(fingerprint(digit), digit);
}

function add(db: Db, wanted: readonly Row[], withdraw: 'at once' | 'later'): void {
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes,
                            stored_at, stored_by, withdrawn_at, withdrawn_reason)
    VALUES (?, ?, ?, ?, x'00', ?, ?, ?, 0, '[]', ?, '{"kind":"local","name":"t"}', ?, ?)`);
  const end = db.prepare(`UPDATE signatures SET withdrawn_at = stored_at, withdrawn_reason = 'x' WHERE id = ?`);
  const audit = db.prepare(`
    INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)
    VALUES (?, ?, '{"kind":"local","name":"t"}', 'signature.stored', 'x', '{}', zeroblob(32), zeroblob(32))`);
  for (const [index, { repository, digest, signer, bySubkey, tag, at, withdrawn }] of wanted.entries()) {
    const by = [fingerprint(signer), bySubkey ? subkeyOf(signer) : fingerprint(signer)];
    const ended = withdrawn && withdraw === 'at once' ? [at, 'x'] : [null, null];
    const hashes = [randomBytes(32), randomBytes(32)];
    const { lastInsertRowid } = insert.run(repository, digest, ...hashes, ...by, repository + tag, at, ...ended);
    if (withdrawn && withdraw === 'later') end.run(lastInsertRowid);
    audit.run(index * 400 + 1, at);
  }
}

function filled(folder: string, order: 'catalogue first' | 'rows first', wanted: readonly Row[]): Db {
  const first = join(folder, 'first');
  mkdirSync(first, { recursive: true });
  cpSync(join(MIGRATIONS, '0001_init.sql'), join(first, '0001_init.sql'));
  const db = new Database(join(folder, `${order}.db`));
  for (const pragma of ['foreign_keys = ON', 'synchronous = OFF']) db.pragma(pragma);
  migrate(db, order === 'rows first' ? first : MIGRATIONS);
  db.transaction(() => {
    addKeys(db);
    add(db, wanted, order === 'rows first' ? 'at once' : 'later');
  })();
  migrate(db, MIGRATIONS);
  return db;
}

const lines = (db: Db, sql: string) => db.prepare<[], unknown>(sql).all();

function compare(t: Pick<TestContext, 'after'>, wanted: readonly Row[]): void {
  const folder = tempDir(t);
  const [before, after] = [filled(folder, 'catalogue first', wanted), filled(folder, 'rows first', wanted)];
  try {
    assert.deepEqual(keptCatalogue(after), keptCatalogue(before));
    assert.deepEqual(keptCatalogue(after), recountCatalogue(readTables(after)));
    for (const sql of ['SELECT * FROM audit_times', 'SELECT id, tag, uploader FROM signatures'])
      assert.deepEqual(lines(after, sql), lines(before, sql));
    // Lists are in the order of ids: images that were there first come first.
    const order = 'SELECT r.name, i.digest FROM images i JOIN repositories r ON r.id = i.repository ORDER BY i.id';
    assert.deepEqual(lines(after, order), lines(before, order));
  } finally {
    before.close();
    after.close();
  }
}

test('the catalogue of a store that had none', async (t) => {
  await t.test('is the one that storing the same signatures makes', (t) =>
    fc.assert(
      fc.property(rows, (wanted) => compare(t, wanted)),
      { numRuns: 30 },
    ),
  );

  await t.test('is made in a time that grows as the store does', (t) => {
    const folder = tempDir(t);
    const many = (count: number) =>
      Array.from({ length: count }, (_, index): Row => {
        const digest = `sha256:${index.toString(16).padStart(64, '0')}` as Row['digest'];
        return {
          repository: 'quay.io/acme/app',
          digest,
          signer: 'A',
          bySubkey: false,
          tag: '',
          at: NOW,
          withdrawn: false,
        };
      });
    const timed = (count: number) => {
      const sub = join(folder, String(count));
      mkdirSync(sub);
      const start = process.cpuUsage();
      filled(sub, 'rows first', many(count)).close();
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    timed(100);
    const [some, more] = [timed(1_500), timed(12_000)];
    assert.ok(more < 24 * some, `${some} µs for 1,500 images, ${more} µs for eight times as many`);
  });
});
