// What depends on a key, a page at a time, and what of it keeps a key from being retired. That the images are the right
// ones whatever happened is in catalogue.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import { EVERYTHING, parseScope } from '../../server/domain/scope.ts';
import type { Store } from '../../server/store/port.ts';
import { DAY_MS, keyOf, signed } from './catalogue-scene.ts';
import { allKeyImages, keyImageLines } from './key-images-scene.ts';
import { ACT, fingerprint, NOW, openTestStore, randomDigest } from './scene.ts';

const [A, B, C] = [fingerprint('A'), fingerprint('B'), fingerprint('C')];
const REPOSITORY = 'quay.io/acme/app';

async function sign(store: Store, signer: string, digest: Digest, tag = 'v1'): Promise<void> {
  await store.append({ ...ACT, signature: signed({ repository: REPOSITORY, digest, signer, tag }), number: null });
}

async function openScene(t: Parameters<typeof openTestStore>[0]): Promise<Store> {
  const { store } = await openTestStore(t);
  for (const digit of ['A', 'B']) await store.putKey(keyOf(digit));
  await store.putKey(keyOf('C', { expiresAt: NOW + DAY_MS }));
  return store;
}

const retire = (store: Store, unlessNeeded: boolean, at = NOW) =>
  store.setKeyState({ ...ACT, at, fingerprint: A, to: 'retired', reason: null, unlessNeeded });

test('what a successor has yet to sign', async (t) => {
  const store = await openScene(t);
  const digests = Array.from({ length: 12 }, randomDigest);
  for (const digest of digests) for (const tag of ['v1', 'latest']) await sign(store, 'A', digest, tag);
  const asked = { signer: A, successor: B };

  await t.test('is all of it at first, each reference of an image', async () => {
    const lines = digests.flatMap((digest) =>
      ['latest', 'v1'].map((tag) => `${REPOSITORY}@${digest} ${REPOSITORY}:${tag}`),
    );
    assert.deepEqual(await keyImageLines(store, asked), lines.sort());
    assert.equal(await store.countUnsigned(A, B), 12);
  });
  await t.test('is what is left, down to one reference', async () => {
    for (const digest of digests.slice(1)) for (const tag of ['v1', 'latest']) await sign(store, 'B', digest, tag);
    await sign(store, 'B', digests[0] as Digest, 'latest');
    assert.deepEqual(await keyImageLines(store, asked), [`${REPOSITORY}@${digests[0]} ${REPOSITORY}:v1`]);
    assert.equal(await store.countUnsigned(A, B), 0);
  });
  await t.test('is nothing outside the scopes of whoever asks', async () => {
    const filter = { ...asked, within: [parseScope('quay.io/other')] };
    assert.deepEqual(await allKeyImages(store, filter, 100), []);
  });
  await t.test('begins with the images that it has not signed at all', async () => {
    const late = randomDigest();
    await sign(store, 'A', late);
    const { items, next } = await store.listKeyImages({ ...asked, within: [EVERYTHING] }, { limit: 1, after: null });
    assert.equal(items[0]?.digest, late);
    assert.notEqual(next, null);
  });
  await t.test('begins at the beginning for a cursor that is none', async () => {
    const page = { limit: 1, after: 'x.y.z' };
    assert.equal((await store.listKeyImages({ ...asked, within: [EVERYTHING] }, page)).items.length, 1);
  });
});

test('a page of it is bounded work where nearly everything is signed', async (t) => {
  const { store } = await openTestStore(t);
  for (const digit of ['A', 'B']) await store.putKey(keyOf(digit));
  const count = Math.ceil(LIMITS.scannedRows / 6) + 50;
  const digests = Array.from({ length: count }, randomDigest);
  for (const digest of digests) await Promise.all(['A', 'B'].map((signer) => sign(store, signer, digest)));
  await sign(store, 'A', digests.at(-1) as Digest, 'latest');
  const filter = { signer: A, successor: B, within: [EVERYTHING] };
  const first = await store.listKeyImages(filter, { limit: 10, after: null });
  assert.deepEqual(first.items, []);
  assert.notEqual(first.next, null);
  const second = await store.listKeyImages(filter, { limit: 10, after: first.next });
  assert.deepEqual(
    second.items.map(({ digest, references }) => [digest, references]),
    [[digests.at(-1), [`${REPOSITORY}:latest`]]],
  );
});

test('a key', async (t) => {
  const store = await openScene(t);
  const digest = randomDigest();
  await sign(store, 'A', digest);

  await t.test('is not retired while an image has nothing else', async () => {
    await assert.rejects(retire(store, true), { code: 'KEY_IN_USE', message: /^1 image has no live signature/ });
    assert.equal((await store.findKey(A))?.state.state, 'active');
  });
  await t.test('is spared by another only as long as that one is good', async () => {
    await sign(store, 'C', digest);
    assert.equal((await store.impact({ signer: A }, NOW)).onlyImages, 0);
    await assert.rejects(retire(store, true, (NOW + 2 * DAY_MS) as Instant), { code: 'KEY_IN_USE' });
    assert.equal((await store.served(C, NOW)).onlyImages, 0);
  });
  await t.test('is retired once everything has another signature', async () => {
    await retire(store, true);
    assert.equal((await store.findKey(A))?.state.state, 'retired');
  });
  await t.test('is retired by force', async () => {
    await store.setKeyState({ ...ACT, fingerprint: A, to: 'active', reason: null });
    await store.setKeyState({ ...ACT, fingerprint: C, to: 'revoked', reason: 'lost' });
    await assert.rejects(retire(store, true), { code: 'KEY_IN_USE' });
    await retire(store, false);
    assert.equal((await store.findKey(A))?.state.state, 'retired');
  });
});

test('a key that has expired is retired although images have nothing else: runtimes refuse them already', async (t) => {
  const store = await openScene(t);
  await sign(store, 'C', randomDigest());
  const at = (NOW + DAY_MS) as Instant;
  await store.setKeyState({ ...ACT, at, fingerprint: C, to: 'retired', reason: null, unlessNeeded: true });
  assert.equal((await store.findKey(C))?.state.state, 'retired');
});

test('keys that expire', async (t) => {
  const { store } = await openTestStore(t);
  for (const [digit, days] of Object.entries({ A: 3, B: 2, C: 1, D: -1 }))
    await store.putKey(keyOf(digit, { expiresAt: NOW + days * DAY_MS }));
  await sign(store, 'B', randomDigest());
  for (const digit of ['B', 'C'])
    await store.setKeyState({ ...ACT, fingerprint: fingerprint(digit), to: 'retired', reason: null });
  const found = await store.listExpiringKeys((NOW + 5 * DAY_MS) as Instant, NOW);
  const names = found.map(({ name, served }) => [name, served.onlyImages]);
  assert.deepEqual(
    names,
    [
      ['D', 0],
      ['B', 1],
      ['A', 0],
    ],
    'soonest first, retired ones where something of theirs is served',
  );
});
