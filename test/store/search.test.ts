// One text, asked of everything: what it finds of each kind, for whom, and that any text at all is only text.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type Digest, parseDigest } from '../../server/domain/digest.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { parseScope } from '../../server/domain/scope.ts';
import type { SearchHits, Store } from '../../server/store/port.ts';
import { keyOf, signed, subkeyOf } from './catalogue-scene.ts';
import { ACTOR, fingerprint, NOW, openTestStore } from './scene.ts';

const DIGESTS = ['abcd', 'abce', 'ff00'].map((start) => parseDigest(`sha256:${start.padEnd(64, '0')}`));
const [FIRST, SECOND, THIRD] = DIGESTS as [Digest, Digest, Digest];
/** In order of acceptance. */
const STORED: readonly (readonly [repository: string, digest: Digest, tag: string])[] = [
  ['quay.io/acme/web-app', FIRST, 'v1'],
  ['quay.io/acme/web-app', SECOND, 'v10'],
  ['quay.io/acme/web-app', SECOND, 'v1'],
  ['quay.io/acme/api_server', FIRST, 'Latest'],
  ['Registry.Corp.example:8443/team/app', THIRD, 'v1'],
  ['docker.io/library/nginx', THIRD, '1.27'],
  ['localhost:5000/x', THIRD, '100'],
];
const KEYS = [
  { digit: 'A', name: 'Release Engineering', userIds: ['Release <release@acme.example>'] },
  { digit: 'B', name: '100% of a_b', userIds: [`"Quoted" O'Brien \\ <q@acme.example>`] },
  { digit: 'C', name: 'Überprüfung ÄRZTE', userIds: ['Иван <ivan@пример.рф>', '\u202Egnirts \u0000 <x@y.example>'] },
];
const TOKENS = [
  { id: '0123456789ab', name: 'CI of Ünit', scopes: ['quay.io/acme'] },
  { id: 'ba9876543210', name: '50%_off', scopes: [''] },
];

async function openScene(t: Pick<TestContext, 'after'>): Promise<Store> {
  const { store } = await openTestStore(t);
  for (const { digit, name, userIds } of KEYS) {
    const key = keyOf(digit);
    await store.putKey({
      ...key,
      name,
      facts: { ...key.facts, userIds },
      scopes: [parseScope(digit === 'A' ? 'quay.io' : '')],
    });
  }
  for (const [repository, digest, tag] of STORED)
    await store.append({
      actor: ACTOR,
      at: NOW,
      number: null,
      signature: signed({ repository, digest, tag, signer: repository.startsWith('quay.io/') ? 'A' : 'B' }),
    });
  for (const { id, name, scopes } of TOKENS) {
    const token = { id, name, permissions: ['upload' as const], scopes: scopes.map(parseScope), createdAt: NOW };
    const sha256 = Buffer.alloc(32, id);
    await store.createToken({
      token: { ...token, expiresAt: null, lastUsedAt: null, revokedAt: null, keys: null, publisher: null },
      sha256,
      actor: ACTOR,
      at: NOW,
    });
  }
  return store;
}

type Ask = { scopes?: readonly string[]; all?: boolean; limit?: number };

function search(store: Store, q: string, { scopes = [''], all = true, limit = 20 }: Ask = {}): Promise<SearchHits> {
  return store.search({ q, limit, within: scopes.map(parseScope), all, now: NOW as Instant });
}

const names = ({ repositories }: SearchHits) => repositories.map(({ name }) => name as string);
const images = ({ images }: SearchHits) =>
  images.map(({ repository, digest }) => `${repository} ${digest.slice(7, 11)}`);
const ids = ({ signatures }: SearchHits) => signatures.map(({ id }) => id);
const keys = ({ keys }: SearchHits) => keys.map(({ fingerprint }) => fingerprint[0]);
const tokens = ({ tokens }: SearchHits) => tokens.map(({ id }) => id);
const WEB = 'quay.io/acme/web-app';
const API = 'quay.io/acme/api_server';
const CORP = 'Registry.Corp.example:8443/team/app';

const REPOSITORIES: readonly (readonly [q: string, found: readonly string[]])[] = [
  [WEB, [WEB]],
  ['quay', [API, WEB]],
  ['acme/', [API, WEB]],
  ['app', [WEB, CORP]],
  ['APP', [WEB, CORP]],
  ['web', [WEB]],
  ['server', [API]],
  ['Registry.Corp', [CORP]],
  ['registry.corp.example:8443/t', [CORP]],
  ['8443', [CORP]],
  ['eb-app', []],
  ['pp', []],
  ['quay%', []],
  ['a_i', []],
  ["app' OR '1'='1", []],
  ['nginx:1.27', []],
];
const DIGEST_TEXTS: readonly (readonly [q: string, found: readonly string[]])[] = [
  ['ab', [`${WEB} abcd`, `${API} abcd`, `${WEB} abce`]],
  ['abcd', [`${WEB} abcd`, `${API} abcd`]],
  ['ABCD', [`${WEB} abcd`, `${API} abcd`]],
  [FIRST, [`${WEB} abcd`, `${API} abcd`]],
  [FIRST.replace(':', '='), [`${WEB} abcd`, `${API} abcd`]],
  ['sha256:abce', [`${WEB} abce`]],
  ['a', []],
  ['sha256:', []],
  ['bcd', []],
  [`${FIRST}0`, []],
];
const TAG_TEXTS: readonly (readonly [q: string, found: readonly number[]])[] = [
  ['v1', [5, 3, 1, 2]], // newest first, and v1 before v10
  [':v1', [5, 3, 1, 2]],
  ['v10', [2]],
  ['Latest', [4]],
  ['latest', []], // tags are as they are written
  ['web-app:v1', [3, 1, 2]],
  ['app:v1', [3, 1, 2, 5]],
  ['APP:v1', [3, 1, 2, 5]],
  [`${WEB}:v10`, [2]],
  ['registry.corp.example:8443/team/app:v', [5]],
  ['nginx:1', [6]],
  ['localhost:5000/x:1', [7]],
  ['eb-app:v1', []],
  ['web:v1', []],
  ['v%', []],
];
const KEY_TEXTS: readonly (readonly [q: string, found: readonly string[]])[] = [
  ['release', ['A']],
  ['ENGINEERING', ['A']],
  ['release@acme', ['A']],
  ['acme.example', ['B', 'A']],
  ['100%', ['B']],
  ['%', ['B']],
  ['a_b', ['B']],
  ['axb', []],
  [`"quoted" o'brien \\`, ['B']],
  ['","', []], // how user ids are kept is not searched
  ['überprüfung', ['C']],
  ['ärzte', ['C']],
  ['иВАН', ['C']],
  ['\u202Egnirts', ['C']],
  ['AAAA', ['A']],
  ['aaaa aaaa', ['A']],
  ['0xAAAAAAAA', ['A']],
  [fingerprint('B'), ['B']],
  [subkeyOf('C'), ['C']],
  [subkeyOf('C').slice(-16), ['C']],
  ['AAA', []],
  ['RSA', []],
];
const TOKEN_TEXTS: readonly (readonly [q: string, found: readonly string[]])[] = [
  ['ci', ['0123456789ab']],
  ['ünit', ['0123456789ab']],
  ['0123', ['0123456789ab']],
  ['0123456789AB', ['0123456789ab']],
  ['%', ['ba9876543210']],
  ['%_', ['ba9876543210']],
  ['5_', []],
];

test('a search', async (t) => {
  const store = await openScene(t);
  const table = async <T>(
    kind: string,
    rows: readonly (readonly [string, readonly T[]])[],
    found: (hits: SearchHits) => readonly unknown[],
  ) => {
    for (const [q, wanted] of rows)
      await t.test(`for ${JSON.stringify(q)} finds of ${kind}: ${wanted.join(', ') || 'none'}`, async () =>
        assert.deepEqual(found(await search(store, q)), wanted),
      );
  };
  await table('repositories', REPOSITORIES, names);
  await table('images', DIGEST_TEXTS, images);
  await table('signatures', TAG_TEXTS, ids);
  await table('keys', KEY_TEXTS, keys);
  await table('tokens', TOKEN_TEXTS, tokens);

  await t.test('gives as many of each kind as were asked for, the first ones', async () => {
    const hits = await search(store, 'app', { limit: 1 });
    assert.deepEqual(names(hits), [WEB]);
    assert.deepEqual(ids(await search(store, 'v1', { limit: 2 })), [5, 3]);
    assert.deepEqual(images(await search(store, 'ab', { limit: 2 })).length, 2);
  });
});

test('a search by somebody with scopes', async (t) => {
  const store = await openScene(t);
  const mine = { scopes: ['quay.io/acme'] };
  await t.test('shows no other repository, image or signature', async () => {
    assert.deepEqual(names(await search(store, 'app', mine)), [WEB]);
    assert.deepEqual(ids(await search(store, 'v1', mine)), [3, 1, 2]);
    assert.deepEqual(ids(await search(store, 'app:v1', mine)), [3, 1, 2]);
    assert.deepEqual(images(await search(store, 'ff', mine)), []);
    for (const q of ['app', 'v1', 'app:v1', 'ab', 'ff'])
      for (const scopes of [[], ['nowhere.example'], ['quay.io/acm'], ['*.quay.io']]) {
        const hits = await search(store, q, { scopes });
        assert.deepEqual([names(hits), images(hits), ids(hits)], [[], [], []]);
      }
  });
  await t.test('shows keys and tokens whose scopes lie within theirs', async () => {
    assert.deepEqual(keys(await search(store, 'acme', { scopes: ['quay.io'] })), ['A']);
    assert.deepEqual(keys(await search(store, 'acme', mine)), []);
    assert.deepEqual(tokens(await search(store, 'i', mine)), ['0123456789ab']);
    assert.deepEqual(tokens(await search(store, '%', mine)), []);
  });
  await t.test('shows no keys and tokens to those who may not see them', async () => {
    const hits = await search(store, 'a', { all: false });
    assert.deepEqual([hits.keys, hits.tokens], [[], []]);
    assert.ok(hits.repositories.length > 0);
  });
});

const HOSTILE = [
  '\0',
  '\uD800',
  '\uDFFF\uD800',
  '\u{10FFFF}',
  '\u202E',
  'a\u0301',
  '\u212A',
  '%',
  '_',
  '*',
  '?',
  '[a]',
  '\\',
  '"',
  "'",
  "';--",
  '@q',
  '$1',
  '🦊'.repeat(75),
];

test('a text to search for', async (t) => {
  const store = await openScene(t);
  await t.test('is never anything but text', () =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 30 }),
          fc.array(fc.constantFrom(...HOSTILE, 'a', 'v1', ':'), { maxLength: 4 }).map((parts) => parts.join('')),
        ),
        async (q) => {
          const hits = await search(store, q);
          const text = q.toLowerCase();
          for (const name of names(hits)) assert.ok(name.toLowerCase().includes(text));
          for (const { digest } of hits.images) assert.ok(digest.includes(text.replace(/^sha256=/, '')));
          for (const { reference } of hits.signatures) assert.ok(reference.toLowerCase().includes(text));
          for (const token of hits.tokens) assert.ok(`${token.name.toLowerCase()}\n${token.id}`.includes(text));
          for (const key of hits.keys) {
            const parts = key.signingKeys.map(({ fingerprint }) => fingerprint.toLowerCase());
            const texts = [key.name.toLowerCase(), ...key.userIds.map((userId) => userId.toLowerCase())];
            const hex = text.replace(/\s/g, '').replace(/^0x/, '');
            assert.ok(texts.some((each) => each.includes(text)) || parts.some((each) => each.includes(hex)), q);
          }
        },
      ),
      { numRuns: 500 },
    ),
  );
  for (const q of HOSTILE)
    await t.test(`may be ${JSON.stringify(q)} in every list`, async () => {
      const within = [parseScope('')];
      await store.listRepositories({ q, within }, { limit: 10, after: null });
      await store.listRepositories({ q, within }, { limit: 10, after: `${q} 1` });
      await store.listSignatures({ q, within }, { limit: 10, before: null });
      await store.listKeys({ q, within }, { limit: 10, after: q }, NOW);
      await store.listTokens({ q, within }, { limit: 10, after: `1-${q}` });
      await store.listAudit({ actor: q, subject: q, action: q }, { limit: 10, before: null });
      await store.listRefusals({ actor: q }, { limit: 10, before: null });
    });
});
