// What bounds the work of a page where rows are cheap to find and dear to show: images with as many signatures as there
// can be, and keys revoked by the hundred. Pages get shorter; what they say stays exact.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { Digest } from '../../server/domain/digest.ts';
import type { Fingerprint } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { EVERYTHING, type Scope, scopesContain, scopesCover } from '../../server/domain/scope.ts';
import { coveredBy, grantedBy } from '../../server/store/scopes-function.ts';
import { repository, scope } from '../domain/arbitraries.ts';
import { keyOf } from './catalogue-scene.ts';
import { createSignatureRows, digestOf, fillKeys, follow } from './list-scene.ts';
import { readTables, stateOf } from './recount.ts';
import { fingerprint, NOW, openTestStore } from './scene.ts';

const CROWD = 'quay.io/acme/crowd' as RepositoryName;
const PER_IMAGE = LIMITS.signaturesPerImage;
const IMAGES = 60;
const BY = '{"kind":"local","name":"t"}';
const everything = { within: [EVERYTHING] };
const hexOf = (number: number) => number.toString(16).toUpperCase().padStart(40, '0');

async function openScene(t: Pick<TestContext, 'after'>, fill: (db: Database.Database) => void) {
  const { store, path } = await openTestStore(t);
  const db = new Database(path);
  t.after(() => db.close());
  db.transaction(() => {
    fillKeys(db);
    fill(db);
  })();
  return { store, db };
}

test('images with as many signatures as there can be', async (t) => {
  const { store } = await openScene(t, (db) => {
    const write = createSignatureRows(db);
    for (let number = 0; number < PER_IMAGE; number++)
      for (let image = 0; image < IMAGES; image++) {
        const signer = number % 10 === 0 ? 'B' : 'A';
        write({
          repository: CROWD,
          digest: digestOf(image),
          tag: `v${number}`,
          signer,
          bySubkey: false,
          by: BY,
          withdrawn: false,
        });
      }
  });
  const live = PER_IMAGE - Math.ceil(PER_IMAGE / 10);

  await t.test('make pages of signatures shorter, and their numbers are right', async () => {
    const limit = 1_000;
    const page = await store.listSignatures({ ...everything, state: 'live' }, { limit, before: null });
    assert.ok(page.items.length > 10 && page.items.length < 100, `${page.items.length} rows`);
    assert.notEqual(page.next, null);
    const all: [digest: Digest, number: number | null][] = [];
    for (let before: number | null = null, more = true; more; more = before !== null) {
      const { items, next } = await store.listSignatures(everything, { limit, before });
      for (const { digest, state, number } of items) if (state === 'live') all.push([digest, number]);
      before = next;
    }
    assert.equal(all.length, live * IMAGES);
    for (let image = 0; image < IMAGES; image++)
      assert.deepEqual(
        all.filter(([digest]) => digest === digestOf(image)).map(([, number]) => number),
        Array.from({ length: live }, (_, index) => live - index),
      );
  });
  await t.test('make pages of images shorter, and their counts are right', async () => {
    const page = await store.listImages(CROWD, { limit: 1_000, before: null });
    assert.ok(page.items.length < IMAGES && page.next !== null, `${page.items.length} images`);
    const items = await follow((before: number | null) => store.listImages(CROWD, { limit: 1_000, before }), {
      limit: page.items.length,
      rows: 0,
    });
    assert.deepEqual(
      items.map(({ digest }) => digest),
      Array.from({ length: IMAGES }, (_, image) => digestOf(IMAGES - 1 - image)),
    );
    for (const image of items) {
      assert.deepEqual([image.signatures, image.live], [PER_IMAGE, live]);
      assert.deepEqual([image.references.length, image.references[0]], [10, `${CROWD}:v${PER_IMAGE - 1}`]);
    }
  });
});

for (const count of [1, 3, 99, 140])
  test(`signatures of ${count} revoked keys are found, newest first, a page at a time`, async (t) => {
    const { store, db } = await openScene(t, (db) => {
      const write = createSignatureRows(db);
      const key = db.prepare(`
        INSERT INTO keys (fingerprint, name, state, scopes, material, user_ids, signing_keys, revoked_parts, created_at, registered_at,
                          updated_at, revision) VALUES (?, 'k', 'active', '[""]', x'00', '[]', '[]', '', 0, 0, 0, 1)`);
      const sign = db.prepare('UPDATE signatures SET signer = ?, signing_key = ? WHERE id = ?');
      for (let index = 1; index <= count; index++) key.run(hexOf(index));
      db.exec('DROP TRIGGER signature_stored'); // written below with the signer it is to have
      for (let id = 1; id <= 2_000; id++) {
        const written = { repository: 'quay.io/acme/app', digest: digestOf(id % 50), tag: 'v1', signer: 'A' };
        write({ ...written, bySubkey: false, by: BY, withdrawn: id % 9 === 0 });
        if (id % 4 !== 0) sign.run(hexOf(1 + (id % count)), hexOf(1 + (id % count)), id);
      }
      db.exec(`INSERT INTO signers (signer, signing_key, signatures, standing)
                 SELECT signer, signing_key, count(*), sum(withdrawn_at IS NULL) FROM signatures GROUP BY 1, 2`);
    });
    for (let index = 1; index <= count; index++)
      await store.setKeyState({
        fingerprint: hexOf(index) as Fingerprint,
        to: 'revoked',
        reason: 'x',
        actor: { kind: 'local', name: 't' },
        at: NOW,
      });
    const tables = readTables(db);
    const revoked = tables.signatures.filter((row) => stateOf(tables, row) === 'revoked').map(({ id }) => id);
    const given = { ...everything, state: 'revoked' as const };
    for (const [limit, filter] of [
      [1_000, {}],
      [30, {}],
      [30, { digest: digestOf(7) as Digest }],
      [30, { q: 'acme' }],
    ] as const) {
      const ids: number[] = [];
      for (let before: number | null = null, more = true; more; more = before !== null) {
        const { items, next } = await store.listSignatures({ ...given, ...filter }, { limit, before });
        ids.push(...items.map(({ id }) => id));
        before = next;
      }
      assert.deepEqual(ids, revoked.filter((id) => !('digest' in filter) || id % 50 === 7).reverse());
    }
  });

test('keys about to expire are no more than a page, the soonest', async (t) => {
  const { store, db } = await openScene(t, () => {});
  db.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
    INSERT INTO keys (fingerprint, name, state, scopes, material, user_ids, signing_keys, revoked_parts, created_at, registered_at,
                      updated_at, revision, expires_at)
      SELECT printf('%040X', i), 'k', 'active', '[""]', x'00', '[]', '[]', '', 0, 0, 0, 1, ${NOW} + (i * 7919) % 1500 FROM n`);
  const keys = await store.listExpiringKeys((NOW + 10_000) as Instant, NOW);
  assert.equal(keys.length, LIMITS.pageRows);
  assert.deepEqual(
    keys.map(({ expiresAt }) => expiresAt),
    Array.from({ length: LIMITS.pageRows }, (_, index) => NOW + index),
  );
  assert.equal((await store.listExpiringKeys((NOW + 3) as Instant, NOW)).length, 3);
  await store.putKey(keyOf('D', { expiresAt: NOW - 1, basedOn: 1 }));
  const [expired] = await store.listExpiringKeys((NOW + 3) as Instant, NOW);
  assert.equal(expired?.fingerprint, fingerprint('D')); // one that has ended is the most urgent
});

test('scopes looked up one by one cover what the domain says', async (t) => {
  const scopes = fc.array(scope, { maxLength: 8 });
  await t.test('of repositories', () =>
    fc.assert(
      fc.property(scopes, repository, (outer, name) => assert.equal(coveredBy(outer)(name), scopesCover(outer, name))),
      { numRuns: 2_000 },
    ),
  );
  await t.test('of the scopes of a key or a token, of which there is at least one', () =>
    fc.assert(
      fc.property(scopes, fc.array(scope, { minLength: 1, maxLength: 3 }), (outer, inner: readonly Scope[]) =>
        assert.equal(
          grantedBy(outer)(JSON.stringify(inner)),
          inner.every((each) => scopesContain(outer, each)),
        ),
      ),
      { numRuns: 2_000 },
    ),
  );
});
