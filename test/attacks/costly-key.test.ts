// A key file that takes minutes to check: numbers of any size, in an algorithm that is computed in JavaScript, or one
// self-signature after the other. It is refused by its outside.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costOf, LIST } from '../hostile/cases.ts';

const ANSWERS: readonly (readonly [what: string, code: string])[] = [
  ['one certification too many', 'KEY_TOO_LARGE'],
  ['RSA of 16384 bits', 'KEY_UNSUPPORTED'],
  ['RSA of 65528 bits', 'KEY_UNSUPPORTED'],
  ['DSA of 8192 bits', 'KEY_UNSUPPORTED'],
];

test('a key file that is costly to check', async (t) => {
  const cases = await LIST.keys();
  for (const [what, code] of ANSWERS)
    await t.test(`is refused before anything of it is checked: ${what}`, async () => {
      const run = await cases.find((each) => each.what === what)?.prepare();
      assert.ok(run);
      const { answer, cpuMs } = await costOf(run);
      assert.equal(answer, code);
      assert.ok(cpuMs < 500, `${cpuMs} ms`);
    });
  await t.test('is taken when it is only large', async () => {
    const run = await cases.find((each) => each.what.startsWith('250 user ids'))?.prepare();
    assert.ok(run);
    assert.equal((await costOf(run)).answer, 'accepted');
  });
});
