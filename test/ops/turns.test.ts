// Turns: a flock of steps does not keep what arrives meanwhile waiting.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTurns } from '../../server/ops/turns.ts';

test('steps in turn', async (t) => {
  await t.test('are done in order, one in each turn of the event loop', async () => {
    const inTurn = createTurns();
    const done: string[] = [];
    for (const name of ['a', 'b', 'c']) inTurn(() => void done.push(name));
    const seen: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      await new Promise(setImmediate);
      seen.push(done.join(''));
    }
    assert.deepEqual(seen, ['a', 'ab', 'abc', 'abc', 'abc']);
  });
  await t.test('may ask for others, which come after those that wait', async () => {
    const inTurn = createTurns();
    const done: string[] = [];
    inTurn(() => {
      done.push('a');
      inTurn(() => void done.push('c'));
    });
    inTurn(() => void done.push('b'));
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    inTurn(() => void done.push('d'));
    await new Promise(setImmediate);
    assert.equal(done.join(''), 'abcd');
  });
});
