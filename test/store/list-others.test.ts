// The other lists, followed to their end: repositories, images, keys, tokens, refusals. Each row once, in order, within the
// scopes of whoever asks.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { parseScope, type Scope, scopesContain, scopesCover } from '../../server/domain/scope.ts';
import type { Store } from '../../server/store/port.ts';
import { createSignatureRows, digestOf, fillKeys, follow } from './list-scene.ts';
import { readTables, stateOf, wordsOf } from './recount.ts';
import { ACTOR, NOW, openTestStore } from './scene.ts';

const HOSTS = ['quay.io', 'Corp.Example:443', 'a.example.com', 'docker.io'];
const PATHS = ['app', 'app/app', 'app-app/app', 'acme/app_app', 'web.app', 'a/b/c', 'library/nginx', 'app/app/app/app'];
const NAMES = HOSTS.flatMap((host) => PATHS.map((path) => `${host}/${path}`));
const SCOPES = [[''], ['quay.io/app'], ['*.example.com', 'docker.io/library'], ['nowhere.example'], []].map((scopes) =>
  scopes.map(parseScope),
);
const BY = '{"kind":"local","name":"t"}';

async function openScene(t: Pick<TestContext, 'after'>) {
  const { store, path } = await openTestStore(t);
  const db = new Database(path);
  t.after(() => db.close());
  const write = createSignatureRows(db);
  db.transaction(() => {
    fillKeys(db);
    for (const [index, repository] of NAMES.entries())
      for (let image = 0; image <= index % 4; image++)
        for (const signer of ['A', 'B', 'C'].slice(0, 1 + ((index + image) % 3)))
          write({
            repository,
            digest: digestOf(image),
            tag: 'v1',
            signer,
            bySubkey: image === 2,
            by: BY,
            withdrawn: image === 3,
          });
  })();
  return { store, db, write };
}

/** By bytes, as SQLite compares. */
const byText = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Names with a word that begins with the text, in the order of the first such word. */
function expected(db: Database.Database, q: string | undefined, within: readonly Scope[]): string[] {
  const rows = db.prepare<[], { id: number; name: string }>('SELECT id, name FROM repositories').all();
  const covered = rows.filter(({ name }) => scopesCover(within, name as RepositoryName));
  if (q === undefined) return covered.map(({ name }) => name).sort(byText);
  return covered
    .flatMap(({ id, name }) => {
      const [word] = wordsOf(name)
        .filter((each) => each.startsWith(q.toLowerCase()))
        .sort(byText);
      return word === undefined ? [] : [{ id, name, word }];
    })
    .sort((a, b) => byText(a.word, b.word) || a.id - b.id)
    .map(({ name }) => name);
}

const TEXTS = [
  undefined,
  '',
  'a',
  'app',
  'APP',
  'app/app',
  'Corp',
  'corp.example:443/app',
  'quay.io/',
  'xyz',
  '/',
  '%',
  '_',
  "'",
  'é',
];

test('repositories', async (t) => {
  const { store, db, write } = await openScene(t);
  const asked = fc.record({
    q: fc.constantFrom(...TEXTS),
    within: fc.constantFrom(...SCOPES),
    limit: fc.integer({ min: 1, max: 9 }),
  });
  const names = async (
    { q, within, limit }: { q: string | undefined; within: Scope[]; limit: number },
    meanwhile?: () => void,
  ) => {
    const ask = (after: string | null) => store.listRepositories({ q, within }, { limit, after });
    const items = await follow(ask, { limit, rows: 1_000, ...(meanwhile ? { meanwhile } : {}) });
    return items.map(({ name }) => name as string);
  };

  await t.test('are listed once each, by name or by the first word that matches', () =>
    fc.assert(
      fc.asyncProperty(asked, async (asked) =>
        assert.deepEqual(await names(asked), expected(db, asked.q, asked.within)),
      ),
      { numRuns: 200 },
    ),
  );
  await t.test('are all listed while others are added', async () => {
    let added = 0;
    for (const q of [undefined, 'app']) {
      const before = expected(db, q, [parseScope('')]);
      const found = await names({ q, within: [parseScope('')], limit: 3 }, () => {
        const repository = `${['aa.example', 'zz.example'][added % 2]}/app-${added++}`;
        write({ repository, digest: digestOf(0), tag: 'v1', signer: 'A', bySubkey: false, by: BY, withdrawn: false });
      });
      assert.deepEqual(
        found.filter((name) => before.includes(name)),
        before,
      );
      assert.equal(new Set(found).size, found.length);
    }
  });
  await t.test('are not confused by a cursor that nobody gave', async () => {
    for (const after of [
      '',
      ' ',
      'app',
      'app x',
      'zzz 9',
      '\u{10FFFF} 1',
      '! 1',
      `app ${Number.MAX_SAFE_INTEGER}`,
      'a\0 1',
      '\uD800 1',
    ])
      for (const q of [undefined, 'app']) {
        const { items } = await store.listRepositories({ q, within: [parseScope('')] }, { limit: 100, after });
        const all = expected(db, q, [parseScope('')]);
        assert.deepEqual(
          items.map(({ name }) => name as string),
          all.slice(all.length - items.length),
        );
      }
  });
});

test('images of a repository', async (t) => {
  const { store, db } = await openScene(t);
  const tables = readTables(db);
  await t.test('are listed newest first, each once', async () => {
    for (const name of [...NAMES, 'quay.io/absent']) {
      const rows = tables.signatures.filter(({ repository }) => repository === name);
      const ask = (before: number | null) => store.listImages(name as RepositoryName, { limit: 1, before });
      const images = await follow(ask, { limit: 1, rows: 0 });
      assert.deepEqual(
        images.map(({ digest }) => digest as string),
        [...new Set(rows.map(({ digest }) => digest))].reverse(),
      );
      for (const image of images) {
        const live = rows.filter((row) => row.digest === image.digest && stateOf(tables, row) === 'live');
        assert.deepEqual(
          [image.live, image.signers.length],
          [live.length, new Set(live.map(({ signer }) => signer)).size],
        );
      }
    }
  });
});

const GRANTED = [
  [''],
  ['quay.io'],
  ['quay.io/app'],
  ['quay.io/app', 'a.example.com/x'],
  ['*.example.com'],
  ['docker.io/library'],
];

test('keys', async (t) => {
  const { store, path } = await openTestStore(t);
  const db = new Database(path);
  t.after(() => db.close());
  const insert = db.prepare(`
    INSERT INTO keys (fingerprint, name, state, state_at, scopes, material, user_ids, signing_keys, revoked_parts, created_at,
                      registered_at, updated_at, revision, expires_at)
    VALUES (?, ?, ?, 0, ?, x'00', '[]', '[]', '', 0, ?, 0, 1, ?)`);
  const rows = Array.from({ length: 90 }, (_, index) => ({
    fingerprint: ((index * 7919) % 90).toString(16).toUpperCase().padStart(40, 'A'),
    name: `Key ${index}`,
    state: (['active', 'active', 'retired', 'revoked'] as const)[index % 4] ?? 'active',
    scopes: GRANTED[index % GRANTED.length] ?? [],
    at: NOW + Math.floor(index / 5), // five at a time
    end: index % 8 === 1 ? NOW : index % 8 === 4 ? NOW + 1 : null,
  }));
  for (const { fingerprint, name, state, scopes, at, end } of rows)
    insert.run(fingerprint, name, state, JSON.stringify(scopes), at, end);
  const conditionOf = ({ state, end }: (typeof rows)[number]) =>
    state === 'active' && end !== null && end <= NOW ? 'expired' : state;
  const newest = rows.toSorted((a, b) => b.at - a.at || byText(b.fingerprint, a.fingerprint));
  const asked = fc.record({
    q: fc.constantFrom(undefined, 'key', 'KEY 1', 'nothing'),
    state: fc.constantFrom(undefined, 'active', 'expired', 'retired', 'revoked'),
    within: fc.constantFrom(...SCOPES),
    limit: fc.integer({ min: 1, max: 20 }),
  });

  await t.test('are listed newest first, each once, to those who hold their scopes', () =>
    fc.assert(
      fc.asyncProperty(asked, async ({ q, state, within, limit }) => {
        const ask = (after: string | null) => store.listKeys({ q, state, within }, { limit, after }, NOW);
        const items = await follow(ask, { limit, rows: 90 });
        const wanted = newest.filter(
          (row) =>
            (q === undefined || row.name.toLowerCase().includes(q.toLowerCase())) &&
            (state === undefined || conditionOf(row) === state) &&
            row.scopes.every((each) => scopesContain(within, each as Scope)),
        );
        assert.deepEqual(
          items.map(({ fingerprint }) => fingerprint as string),
          wanted.map(({ fingerprint }) => fingerprint),
        );
      }),
      { numRuns: 150 },
    ),
  );
});

test('tokens', async (t) => {
  const { store } = await openTestStore(t);
  const tokens = Array.from({ length: 80 }, (_, index) => ({
    id: `${index}x`.padStart(12, '0'),
    at: NOW + Math.floor(index / 9),
    scopes: GRANTED[index % GRANTED.length] ?? [],
  }));
  for (const { id, at, scopes } of tokens) await addToken(store, id, at, scopes);
  const newest = tokens.toSorted((a, b) => b.at - a.at || byText(b.id, a.id));

  await t.test('are listed newest first, each once, to those who hold their scopes', async () => {
    for (const within of SCOPES)
      for (const q of [undefined, 'CI ', '1x', 'nothing'])
        for (const limit of [1, 7, 100]) {
          const items = await follow((after: string | null) => store.listTokens({ q, within }, { limit, after }), {
            limit,
            rows: 80,
          });
          const wanted = newest.filter(
            ({ id, scopes }) =>
              (q === undefined || `ci ${id}`.includes(q.toLowerCase())) &&
              scopes.every((each) => scopesContain(within, each as Scope)),
          );
          assert.deepEqual(
            items.map(({ id }) => id),
            wanted.map(({ id }) => id),
          );
        }
  });
});

async function addToken(store: Store, id: string, at: number, scopes: readonly string[]): Promise<void> {
  const token = {
    id,
    name: `ci ${id}`,
    permissions: ['upload' as const],
    scopes: scopes.map(parseScope),
    createdAt: at as typeof NOW,
  };
  const record = {
    token: { ...token, expiresAt: null, lastUsedAt: null, revokedAt: null, keys: null, publisher: null },
    sha256: Buffer.alloc(32, id),
  };
  await store.createToken({ ...record, actor: ACTOR, at: at as typeof NOW });
}
