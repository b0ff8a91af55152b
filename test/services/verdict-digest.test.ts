// Which manifest a tag stands for, as far as a store can say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePullReference } from '../../server/domain/policy/pull-reference.ts';
import { findDigest } from '../../server/services/verdict-digest.ts';
import { append, newSignature, randomDigest, storeWithKey } from '../store/scene.ts';

test('the digest that a tag stands for', async (t) => {
  const { store } = await storeWithKey(t);
  const pull = parsePullReference('quay.io/acme/app:v1');
  const find = () => findDigest(store, pull.reference.repository, pull);
  const sign = async () => {
    const digest = randomDigest();
    await store.append(append(newSignature({ digest })));
    return digest;
  };

  await t.test('is not known where nobody has signed it', () =>
    assert.rejects(find(), { code: 'REQUEST_INVALID', message: /name the digest/ }),
  );
  const found = async () => {
    const { digest, notes } = await find();
    return [digest, ...notes.map((note) => note.replace(digest, 'it'))];
  };
  await t.test('is that of its newest signature, and those before are counted', async () => {
    const first = await sign();
    assert.deepEqual(await found(), [first, 'it is what was signed as :v1 last']);
    const second = await sign();
    assert.deepEqual(await found(), [second, 'it is what was signed as :v1 last; 1 more was signed as that before']);
    const third = await sign();
    assert.deepEqual(await found(), [third, 'it is what was signed as :v1 last; 2 more were signed as that before']);
  });
});
