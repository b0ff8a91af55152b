// The memory of the read path: never behind what was committed, by whomever, and not to be flooded by strangers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { formatImage } from '../../server/domain/slot.ts';
import { createLookaside } from '../../server/services/lookaside.ts';
import { openWriter } from '../../server/store/database.ts';
import { openReads } from '../../server/store/sqlite-store.ts';
import { ACT, append, fingerprint, newSignature, openTestStore, randomDigest, storeWithKey } from '../store/scene.ts';

for (const cacheBytes of [0, 1_000, 1024 * 1024])
  test(`a lookaside with ${cacheBytes} bytes of memory`, async (t) => {
    const { store, path } = await storeWithKey(t);
    const { store: other } = await openTestStore(t, 'local', path);
    const lookaside = createLookaside(store, DOCKER_HUB, cacheBytes);
    const [first, second] = [newSignature(), newSignature()];
    const find = (number: number) => lookaside.find(`/${formatImage(first)}/signature-${number}`)?.sha256 ?? null;
    const hash = ({ sha256 }: typeof first) => Buffer.from(sha256).toString('hex');

    await t.test('finds a signature as soon as another process has stored it', async () => {
      assert.equal(find(1), null);
      await other.append(append(first));
      assert.equal(find(1), hash(first));
      await other.append(append(second));
      assert.deepEqual([find(1), find(2), find(3)], [hash(first), hash(second), null]);
    });
    await t.test('forgets it as soon as another process has withdrawn it', async () => {
      await other.withdraw({ ...ACT, id: 1, reason: 'mistake' });
      assert.deepEqual([find(1), find(2)], [hash(second), null]);
    });
    await t.test('is not confused by made-up images', () => {
      for (let count = 0; count < 2_000; count++)
        assert.equal(lookaside.find(`/quay.io/acme/app@${randomDigest().replace(':', '=')}/signature-1`), null);
      assert.equal(find(1), hash(second));
    });
    await t.test('reads numbers as the grammar has them, also from memory', () => {
      for (const tail of ['0', '01', '1/', '1 ', '+1', '1e0', '128', '1000', ''])
        assert.equal(lookaside.find(`/${formatImage(first)}/signature-${tail}`), null, tail);
    });
    await t.test('forgets everything a key signed as soon as it is revoked', async () => {
      await other.setKeyState({ ...ACT, fingerprint: fingerprint(), to: 'revoked', reason: 'stolen' });
      assert.equal(find(1), null);
    });
  });

test('the number after the last is answered without the database, remembered or not', async (t) => {
  const { store, path } = await storeWithKey(t);
  const signature = newSignature();
  await store.append(append(signature));
  const damaging = openWriter(path);
  damaging.exec('UPDATE signatures SET bytes = randomblob(length(bytes))');
  damaging.close();
  const reading = openReads(path, { maxBytes: 1024 * 1024, seed: 42 });
  t.after(() => reading.close());
  while (reading.live.learn());
  const lookaside = createLookaside(reading.live, DOCKER_HUB, 0);
  const find = (number: number) => lookaside.find(`/${formatImage(signature)}/signature-${number}`);
  assert.throws(() => find(1), { code: 'STORE_CORRUPT' }, 'this one is read');
  assert.deepEqual([find(2), find(127)], [null, null]);
});
