// Which uploads go to a worker together: the more are waiting, the less each costs; but nobody waits for company.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Instant } from '../../server/domain/instant.ts';
import type { Finding, Untrusted } from '../../server/services/examine-batch.ts';
import { createExamineQueue } from '../../server/services/examine-queue.ts';

const at = (ms: number) => ms as Instant;
const upload = (mark: number, length = 600) => ({ bytes: new Uint8Array(length).fill(mark), target: null });
const answerFor = ({ bytes }: Untrusted) => ({ known: { id: bytes[0] } }) as unknown as Finding;

/** Workers that finish when told to, and the batches they were given. */
function scene(workers: number) {
  const batches: { readonly marks: readonly number[]; readonly now: number; readonly since: number }[] = [];
  const finish: (() => void)[] = [];
  const queue = createExamineQueue({
    workers,
    examine: (uploads, now, since) =>
      new Promise((resolve) => {
        batches.push({ marks: uploads.map(({ bytes }) => bytes[0] ?? 0), now, since });
        finish.push(() => resolve(uploads.map(answerFor)));
      }),
  });
  const sizes = () => batches.map(({ marks }) => marks.length);
  const finishNext = async () => {
    finish.shift()?.();
    await turn();
  };
  return { queue, batches, sizes, finishNext };
}

test('uploads for the workers', async (t) => {
  await t.test('go at once while a worker is free', async () => {
    const { queue, sizes } = scene(2);
    void queue.add(upload(1), at(0));
    await turn();
    void queue.add(upload(2), at(0));
    await turn();
    assert.deepEqual([sizes(), queue.length()], [[1, 1], 0]);
  });
  await t.test('go together when they came while all were busy, each with its own answer', async () => {
    const { queue, batches, finishNext } = scene(1);
    const marks = [1, 2, 3, 4];
    const answers = [];
    for (const mark of marks) {
      answers.push(queue.add(upload(mark), at(mark)));
      await turn();
    }
    assert.equal(queue.length(), 3);
    await finishNext();
    await finishNext();
    assert.deepEqual(
      batches.map((batch) => batch.marks),
      [[1], [2, 3, 4]],
    );
    assert.deepEqual(
      await Promise.all(answers),
      marks.map((mark) => answerFor(upload(mark))),
    );
  });
  await t.test('are looked at with the time of the last of them, and timed from the first', async () => {
    const { queue, batches, finishNext } = scene(1);
    void queue.add(upload(1), at(10));
    await turn();
    const before = performance.now();
    void queue.add(upload(2), at(20));
    await turn();
    const between = performance.now();
    void queue.add(upload(3), at(30));
    await finishNext();
    const second = batches[1];
    assert.equal(second?.now, 30);
    assert.ok(second.since >= before && second.since <= between);
  });
  await t.test('of a large form go in full batches, without waiting for a worker', async () => {
    const { queue, sizes } = scene(1);
    for (let mark = 0; mark < 70; mark++) void queue.add(upload(mark), at(0));
    await turn();
    assert.deepEqual([sizes(), queue.length()], [[32, 32], 6]);
  });
  await t.test('go alone when they are large', async () => {
    const { queue, batches, finishNext } = scene(1);
    for (const [mark, length] of [
      [1, 600],
      [2, 600],
      [3, 60_000],
      [4, 60_000],
      [5, 600],
    ] as const) {
      void queue.add(upload(mark, length), at(0));
    }
    for (let turns = 0; turns < 4; turns++) await finishNext();
    assert.deepEqual(
      batches.map((batch) => batch.marks),
      [[1, 2], [3], [4], [5]],
    );
  });
});
