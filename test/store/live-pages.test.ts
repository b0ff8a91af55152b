// What leaves the store: every live signature once, in order, however the pages fall.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../server/domain/slot.ts';
import type { LiveImage, Store } from '../../server/store/port.ts';
import { ACT, append, fingerprint, newKey, newSignature, openTestStore, randomDigest } from './scene.ts';

async function pagesOf(store: Store): Promise<(readonly LiveImage[])[]> {
  const pages: (readonly LiveImage[])[] = [];
  let after: Image | null = null;
  do {
    const page: Awaited<ReturnType<Store['listLive']>> = await store.listLive(after);
    pages.push(page.items);
    after = page.next;
  } while (after !== null);
  return pages;
}

test('the live signatures of a store', async (t) => {
  const { store } = await openTestStore(t);
  for (const digit of ['A', 'B']) await store.putKey(newKey(fingerprint(digit)));
  const images = Array.from({ length: 700 }, (_, index) => ({
    repository: `quay.io/acme/app-${index % 7}`,
    digest: randomDigest(),
  }));
  for (const image of images)
    for (const signer of ['A', 'B', 'A'])
      await store.append(append(newSignature({ ...image, signer: fingerprint(signer) })));

  const same = async () => {
    const pages = await pagesOf(store);
    const all = pages.flat();
    for (const image of all) assert.deepEqual(image.signatures, store.live(image));
    return { pages, all };
  };

  await t.test('come image by image, each whole and once, in several pages', async () => {
    const { pages, all } = await same();
    assert.ok(pages.length > 1 && pages.every((page) => page.length < images.length));
    const names = all.map(({ repository, digest }) => `${repository}@${digest}`);
    assert.deepEqual(names, [...names].sort());
    assert.deepEqual(new Set(names), new Set(images.map(({ repository, digest }) => `${repository}@${digest}`)));
    assert.ok(all.every(({ signatures }) => signatures.length === 3));
  });
  await t.test('are without those of revoked keys and those withdrawn', async () => {
    await store.withdraw({ ...ACT, id: 1, reason: 'mistake' });
    await store.setKeyState({ ...ACT, fingerprint: fingerprint('B'), to: 'revoked', reason: 'lost' });
    const { all } = await same();
    assert.equal(all.flatMap(({ signatures }) => signatures).length, 2 * images.length - 1);
  });
  await t.test('are found behind images that have none left', async () => {
    await store.setKeyState({ ...ACT, fingerprint: fingerprint('A'), to: 'revoked', reason: 'lost' });
    await store.putKey(newKey(fingerprint('C')));
    await store.append(append(newSignature({ repository: 'z.io/last', signer: fingerprint('C') })));
    const { all } = await same();
    assert.deepEqual(
      all.filter(({ signatures }) => signatures.length > 0).map(({ repository }) => repository),
      ['z.io/last'],
    );
  });
});
