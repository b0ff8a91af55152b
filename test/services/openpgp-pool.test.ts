// Signatures travel to the workers in batches. One that costs a worker its time or its life must cost its neighbours no
// more than a moment, and its own uploader an answer.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Instant } from '../../server/domain/instant.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import { createLog } from '../../server/ops/log.ts';
import { createOpenPgpPool } from '../../server/services/openpgp-pool.ts';

const NOW = 0 as Instant;
const [SLOW, LARGE, FAULT, GOOD] = [1, 2, 3, 9];

function pool(t: TestContext, seen: number[] = []) {
  const created = createOpenPgpPool({
    databasePath: '/nonexistent',
    observe: (seconds) => seen.push(seconds),
    log: createLog('silent'),
    worker: new URL('./costly-worker.ts', import.meta.url),
    verifyMs: 1_500,
  });
  t.after(() => created.close());
  return created;
}

const uploads = (...bytes: readonly number[]) => bytes.map((byte) => ({ bytes: Uint8Array.of(byte), target: null }));

async function found(pending: ReturnType<ReturnType<typeof createOpenPgpPool>['examineAll']>): Promise<string[]> {
  return (await pending).map((finding) =>
    'failure' in finding ? finding.failure.code : 'known' in finding ? `known ${finding.known.id}` : 'examined',
  );
}

test('a batch of uploads', async (t) => {
  await t.test('has one answer for each, in order, however many workers it went to', async (t) => {
    const bytes = Array.from({ length: 200 }, (_, index) => 10 + (index % 200));
    const expected = bytes.map((byte) => `known ${byte}`);
    assert.deepEqual(await found(pool(t).examineAll(uploads(...bytes), NOW)), expected);
  });
  await t.test('of none has no answers', async (t) => {
    assert.deepEqual(await found(pool(t).examineAll([], NOW)), []);
  });
  await t.test('keeps a fault of one to that one, and measures those that were looked at', async (t) => {
    const seen: number[] = [];
    const answers = await found(pool(t, seen).examineAll(uploads(GOOD, FAULT, GOOD), NOW));
    assert.deepEqual(answers, ['known 9', 'STORE_FAULT', 'known 9']);
    assert.equal(seen.length, 1);
  });
  for (const [what, byte] of [
    ['time', SLOW],
    ['memory', LARGE],
  ] as const)
    await t.test(`loses only the one that takes too much ${what}`, async (t) => {
      const answers = await found(pool(t).examineAll(uploads(GOOD, byte, GOOD, FAULT), NOW));
      assert.deepEqual(answers, ['known 9', 'SIGNATURE_TOO_COSTLY', 'known 9', 'STORE_FAULT']);
    });
  await t.test('is refused where more wait than the queue takes, and the queue is empty in the end', async (t) => {
    const { examineAll, queueLength } = pool(t);
    const many = Array.from({ length: LIMITS.verifyQueue }, () => GOOD);
    const first = found(examineAll(uploads(...many), NOW));
    assert.deepEqual(await found(examineAll(uploads(GOOD), NOW)), ['INTAKE_BUSY']);
    assert.deepEqual(new Set(await first), new Set(['known 9']));
    assert.equal(queueLength(), 0);
    assert.deepEqual(await found(examineAll(uploads(GOOD), NOW)), ['known 9']);
  });
});
