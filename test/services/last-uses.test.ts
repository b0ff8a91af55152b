import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../server/domain/errors.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { createLastUses } from '../../server/services/last-uses.ts';

const [EARLY, LATE] = [1 as Instant, 2 as Instant];

/** What was written, by a store that can be full and can be slow. */
function uses() {
  const written: (readonly [string, Instant])[] = [];
  const store = { isFull: false, meanwhile: () => {} };
  const last = createLastUses(async (noted) => {
    store.meanwhile();
    if (store.isFull) throw new AppError('STORE_FULL', 'the disk is full');
    written.push(...noted);
  });
  return { store, written, last };
}

test('last uses', async (t) => {
  await t.test('are written once, the latest of each', async () => {
    const { written, last } = uses();
    last.note('a', EARLY);
    last.note('a', LATE);
    last.note('b', EARLY);
    last.forget('b');
    await last.flush();
    await last.flush();
    assert.deepEqual(written, [['a', LATE]]);
    assert.equal(last.of('a'), undefined);
  });
  await t.test('are kept for the next time when they cannot be written', async () => {
    const { store, written, last } = uses();
    last.note('a', EARLY);
    store.isFull = true;
    await assert.rejects(last.flush(), { code: 'STORE_FULL' });
    assert.equal(last.of('a'), EARLY);
    store.isFull = false;
    await last.flush();
    assert.deepEqual(written, [['a', EARLY]]);
  });
  await t.test('that come while others are written are not lost', async () => {
    const { store, written, last } = uses();
    last.note('a', EARLY);
    store.meanwhile = () => last.note('a', LATE);
    await last.flush();
    store.meanwhile = () => {};
    await last.flush();
    assert.deepEqual(written, [
      ['a', EARLY],
      ['a', LATE],
    ]);
  });
});
