// Finding out who has an account, by what a refusal says, how long it takes, or when it begins to be slowed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemOf } from '../http/scene.ts';
import { PASSWORD, peopleScene } from '../support/people.ts';

const NAMES = ['nobody', 'Admin', 'admin ', "admin' --", 'admin\u0000', '../admin', 'a'.repeat(200)];

test('a name that nobody has', async (t) => {
  const store = await peopleScene(t, { LOOKASIDE_TRUST_PROXY: '1' });
  let host = 0;
  const attempt = (name: string, password = 'wrong') =>
    store.signIn(name, password, { 'x-forwarded-for': `10.${host >> 8}.0.${host++ & 255}` });
  const known = await attempt('admin');

  for (const name of NAMES)
    await t.test(`is refused in the same words: ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const answer = await attempt(name, PASSWORD);
      problemOf(answer, 401, 'CREDENTIALS_INVALID');
      assert.equal(answer.text, known.text);
      const headers = Object.keys(answer.headers).sort();
      assert.deepEqual(headers, Object.keys(known.headers).sort());
    });
  await t.test('is refused after as long a time', async () => {
    await store.newPerson('alice', 'viewer');
    // Turn by turn, and the quickest of each: what disturbs a measurement only ever makes it longer.
    const quickest = { alice: Number.POSITIVE_INFINITY, nobody: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 12; round++)
      for (const name of ['alice', 'nobody'] as const) {
        store.later(60_000);
        const start = performance.now();
        assert.equal((await attempt(name)).status, 401);
        quickest[name] = Math.min(quickest[name], performance.now() - start);
      }
    const { alice, nobody } = quickest;
    assert.ok(nobody > alice / 2 && nobody < alice * 2, `${alice} ms and ${nobody} ms`);
  });
  await t.test('is slowed after as many attempts, by as much', async () => {
    store.later(60 * 60_000);
    const seen = async (name: string) => {
      const answers: string[] = [];
      for (let count = 0; count < 8; count++) {
        const { status, headers } = await attempt(name);
        answers.push(`${status} ${headers['retry-after']}`);
      }
      return answers;
    };
    assert.deepEqual(await seen('nobody-at-all'), await seen('admin'));
  });
});
