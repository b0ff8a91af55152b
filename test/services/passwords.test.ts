// Passwords: how they are kept, and how much of checking them may go on at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash } from '@node-rs/argon2';
import { LIMITS } from '../../server/domain/limits.ts';
import { realWorld } from '../../server/ops/world.ts';
import { createPasswords, generatePassword } from '../../server/services/passwords.ts';

const PASSWORD = 'correct horse battery';

test('a password', async (t) => {
  const passwords = createPasswords();
  const hashed = await passwords.hash(PASSWORD);

  await t.test('is kept as argon2id with a salt of its own, above what OWASP asks for', async () => {
    const [, memory = 0, passes = 0] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$/.exec(hashed) ?? [];
    assert.ok(Number(memory) >= 19_456 && Number(passes) >= 2, hashed);
    assert.notEqual(await passwords.hash(PASSWORD), hashed);
  });
  await t.test('is known again, and no other is', async () => {
    assert.equal(await passwords.verify(hashed, PASSWORD), true);
    for (const wrong of ['', 'Correct horse battery', `${PASSWORD} `, PASSWORD.slice(0, -1), '\u0000'])
      assert.equal(await passwords.verify(hashed, wrong), false);
  });
  await t.test('of 1000 characters counts to the last of them', async () => {
    const long = 'ä'.repeat(999);
    const kept = await passwords.hash(`${long}x`);
    assert.equal(await passwords.verify(kept, `${long}x`), true);
    assert.equal(await passwords.verify(kept, `${long}y`), false);
  });
  await t.test('is the same however the keyboard composed it', async () => {
    assert.equal(await passwords.verify(await passwords.hash('caf\u00e9 noir'), 'cafe\u0301 noir'), true);
  });
  await t.test('is hashed anew when its parameters are weaker than today’s', async () => {
    assert.equal(await passwords.isOutdated(hashed), false);
    assert.equal(await passwords.isOutdated(await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2 })), true);
  });
  await t.test('of nobody is wrong, and takes as long to check', async () => {
    // Turn by turn, and the quickest of each: what disturbs a measurement only ever makes it longer.
    let [known, unknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    const time = async (of: string | null) => {
      const start = performance.now();
      assert.equal(await passwords.verify(of, 'wrong'), false);
      return performance.now() - start;
    };
    for (let round = 0; round < 12; round++) {
      known = Math.min(known, await time(hashed));
      unknown = Math.min(unknown, await time(null));
    }
    assert.ok(unknown > known / 1.5 && unknown < known * 1.5, `${known} ms and ${unknown} ms`);
  });
});

test('many passwords at once', async (t) => {
  const passwords = createPasswords();
  const hashed = await passwords.hash(PASSWORD);
  await t.test('wait in a queue that ends, and those beyond it are told when to come again', async () => {
    const room = LIMITS.passwordHashes + LIMITS.passwordHashesWaiting;
    const checks = Array.from({ length: room + 25 }, () => passwords.verify(hashed, PASSWORD));
    const results = await Promise.allSettled(checks);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    assert.equal(refused.length, 25);
    for (const { code, retryAfterSeconds } of refused)
      assert.deepEqual([code, retryAfterSeconds], ['SIGN_IN_SLOWED', 2]);
  });
  await t.test('leave the queue empty, also those that failed', async () => {
    await assert.rejects(passwords.verify('damaged', PASSWORD));
    assert.equal(await passwords.verify(hashed, PASSWORD), true);
  });
});

test('a generated password', async (t) => {
  await t.test('has 120 random bits in characters that are not mistaken for others', () => {
    const many = Array.from({ length: 500 }, () => generatePassword(realWorld.randomBytes));
    for (const each of many) assert.match(each, /^(?:[0-9a-hjkmnp-tv-z]{4}-){5}[0-9a-hjkmnp-tv-z]{4}$/);
    assert.equal(new Set(many).size, 500);
    assert.equal(new Set(many.join('').replaceAll('-', '')).size, 32);
  });
});
