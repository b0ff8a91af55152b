// Subkeys that end before their key: in the report of what expires, in figures, and in the question what keeps an image
// signed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import type { Instant } from '../../server/domain/instant.ts';
import type { KeyChange } from '../../server/store/key-port.ts';
import type { Store } from '../../server/store/port.ts';
import { DAY_MS, keyOf, signed, subkeyOf } from './catalogue-scene.ts';
import { keyImageLines } from './key-images-scene.ts';
import { ACT, fingerprint, NOW, openTestStore, randomDigest } from './scene.ts';

const REPOSITORY = 'quay.io/acme/app';
const day = (days: number) => (NOW + days * DAY_MS) as Instant;

async function sign(store: Store, signer: string, digest: Digest, bySubkey: boolean): Promise<void> {
  await store.append({ ...ACT, signature: signed({ repository: REPOSITORY, digest, signer, bySubkey }), number: null });
}

/** A key whose primary only certifies, as those have it who renew a subkey each year. */
function certifying(change: KeyChange): KeyChange {
  const signingKeys = change.facts.signingKeys.map((part) =>
    part.primary ? { ...part, unusable: 'certifies' } : part,
  );
  return { ...change, facts: { ...change.facts, signingKeys } };
}

async function reported(store: Store, before: number, now = NOW) {
  const keys = await store.listExpiringKeys(day(before), now);
  return keys.map(({ name, endingSubkeys }) => [name, ...endingSubkeys.map(({ served }) => served.onlyImages)]);
}

test('a subkey that ends before its key', async (t) => {
  const { store } = await openTestStore(t);
  await store.putKey(keyOf('A', { subkeyExpiresAt: day(3) }));
  await store.putKey(keyOf('B', { subkeyExpiresAt: day(10) }));
  await store.putKey(keyOf('C', { subkeyExpiresAt: day(20), expiresAt: day(2) }));
  await store.putKey(keyOf('D', { revokedSubkey: true, subkeyExpiresAt: day(1) }));
  const [bySubkey, byPrimary, byBoth] = [randomDigest(), randomDigest(), randomDigest()];
  await sign(store, 'A', bySubkey, true);
  await sign(store, 'A', byPrimary, false);
  for (const by of [true, false]) await sign(store, 'A', byBoth, by);

  await t.test('is reported with its key, and with the images that have nothing else then', async () => {
    assert.deepEqual(await reported(store, 5), [['C'], ['A', 1]]);
    const [, key] = await store.listExpiringKeys(day(5), NOW);
    const [end] = key?.endingSubkeys ?? [];
    assert.deepEqual([end?.fingerprint, end?.expiresAt], [subkeyOf('A'), day(3)]);
    assert.deepEqual(end?.served, { signatures: 2, images: 2, onlyImages: 1 });
    assert.deepEqual(key?.served, { signatures: 4, images: 3, onlyImages: 3 });
  });
  await t.test('is not reported before its time, nor once it is revoked', async () => {
    assert.deepEqual(await reported(store, 2.5), [['C']]);
    assert.deepEqual(await reported(store, 30), [['C'], ['A', 1], ['B', 0]]);
  });
  await t.test('has the images that depend on it alone, for whoever asks for them', async () => {
    const asked = { signer: fingerprint('A'), subkey: subkeyOf('A'), aloneAt: day(3) };
    assert.deepEqual(await keyImageLines(store, asked), [`${REPOSITORY}@${bySubkey} ${REPOSITORY}:v1`]);
    assert.deepEqual(await store.impact(asked, day(3)), { signatures: 2, images: 2, onlyImages: 1 });
  });
  await t.test('keeps an image signed for another key only until it ends', async () => {
    await sign(store, 'B', byPrimary, true);
    const impact = async (at: number) => (await store.impact({ signer: fingerprint('A') }, day(at))).onlyImages;
    assert.deepEqual([await impact(9), await impact(10)], [2, 3]);
  });
  await t.test('is among the figures, in the order of the ends', async () => {
    const ends = await store.listKeysByEnd(NOW, 4);
    assert.deepEqual(
      ends.map((end) => [end.name, end.fingerprint, end.served.onlyImages]),
      [
        ['C', fingerprint('C'), 0],
        ['A', subkeyOf('A'), 1],
        ['B', subkeyOf('B'), 0],
        ['A', fingerprint('A'), 2],
      ],
    );
  });
});

test('a subkey that has ended', async (t) => {
  const { store } = await openTestStore(t);
  await store.putKey(keyOf('A', { subkeyExpiresAt: day(1) }));
  await store.putKey(certifying(keyOf('B', { subkeyExpiresAt: day(2) })));
  const report = () => reported(store, 5, day(3));

  await t.test('matters where nothing else of the key signs', async () => assert.deepEqual(await report(), [['B', 0]]));
  await t.test('matters where something of it is served, which it may be of a key that is retired', async () => {
    await sign(store, 'A', randomDigest(), true);
    const both = [
      ['A', 1],
      ['B', 0],
    ];
    assert.deepEqual(await report(), both);
    for (const digit of ['A', 'B'])
      await store.setKeyState({ ...ACT, fingerprint: fingerprint(digit), to: 'retired', reason: null });
    assert.deepEqual(await report(), [['A', 1]]);
  });
  await t.test('does not matter for a key that is revoked', async () => {
    await store.setKeyState({ ...ACT, fingerprint: fingerprint('A'), to: 'revoked', reason: 'lost' });
    assert.deepEqual(await report(), []);
  });
});
