// How long failed attempts to sign in must wait, for the account and for the address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '../../server/domain/instant.ts';
import { realWorld } from '../../server/ops/world.ts';
import { type Client, createSignInAttempts } from '../../server/services/sign-in-attempts.ts';

const MINUTE = 60_000;

function client(network = '192.0.2.1', shared = false): Client {
  return { address: network, network, shared };
}

function scene() {
  let now = Date.UTC(2026, 0, 1) as Instant;
  const attempts = createSignInAttempts({ ...realWorld, now: () => now });
  return {
    later: (ms: number) => {
      now = (now + ms) as Instant;
    },
    begin: attempts.begin,
    /** Seconds to wait, 0 when the attempt was made, and failed. */
    fail(account: string, from: Client): number {
      try {
        attempts.begin(account, from);
        return 0;
      } catch (error) {
        const { code, retryAfterSeconds } = error as { code: string; retryAfterSeconds: number };
        assert.equal(code, 'SIGN_IN_SLOWED');
        return retryAfterSeconds;
      }
    },
  };
}

/** Fails, waits as long as it is told to, and so on: the waits. */
function waits({ fail, later }: ReturnType<typeof scene>, count: number, next: () => [string, Client]): number[] {
  const seen: number[] = [];
  while (seen.length < count) {
    const [account, from] = next();
    const wait = fail(account, from);
    if (wait > 0) {
      seen.push(wait);
      later(wait * 1000);
    }
    assert.ok(wait === 0 || fail(account, from) === 0, 'the wait was not the whole wait');
  }
  return seen;
}

test('failing on one account from ever new addresses', async (t) => {
  let host = 0;
  const nextAddress = (): Client => client(`10.0.${host >> 8}.${host++ & 255}`);
  await t.test('is free five times, then waits, 30 seconds at most: its owner must get in', () => {
    const world = scene();
    for (let free = 0; free < 5; free++) assert.equal(world.fail('admin', nextAddress()), 0);
    const seen = [1, 2, 4, 8, 16, 30, 30, 30];
    for (const expected of seen) {
      assert.equal(world.fail('admin', nextAddress()), expected);
      world.later(expected * 1000);
      assert.equal(world.fail('admin', nextAddress()), 0);
    }
  });
  await t.test('does not make other accounts wait', () => {
    const world = scene();
    for (let count = 0; count < 50; count++) world.fail('admin', nextAddress());
    assert.equal(world.fail('alice', nextAddress()), 0);
  });
});

test('failing from one address on ever new accounts', async (t) => {
  let user = 0;
  await t.test('is free ten times, then waits, up to 15 minutes', () => {
    const world = scene();
    for (let free = 0; free < 10; free++) assert.equal(world.fail(`user${user++}`, client()), 0);
    const seen = waits(world, 12, () => [`user${user++}`, client()]);
    assert.deepEqual(seen, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
  });
  await t.test('waits for 30 seconds at most where the address may be that of an undeclared proxy', () => {
    const world = scene();
    for (let free = 0; free < 10; free++) world.fail(`user${user++}`, client('10.0.0.1', true));
    const seen = waits(world, 7, () => [`user${user++}`, client('10.0.0.1', true)]);
    assert.deepEqual(seen, [1, 2, 4, 8, 16, 30, 30]);
  });
  await t.test('does not make other addresses wait', () => {
    const world = scene();
    for (let count = 0; count < 50; count++) world.fail(`user${user++}`, client());
    assert.equal(world.fail('admin', client('198.51.100.1')), 0);
  });
  await t.test('is not forgiven by signing in to an account of one’s own in between', () => {
    const world = scene();
    for (let round = 0; round < 10; round++) {
      world.begin('own', client()).succeeded();
      assert.equal(world.fail(`user${user++}`, client()), 0);
    }
    assert.ok(world.fail(`user${user++}`, client()) > 0);
    assert.throws(() => world.begin('own', client()), { code: 'SIGN_IN_SLOWED' });
  });
});

test('an attempt', async (t) => {
  await t.test('counts as failed while it is under way: of many at once only the free ones begin', () => {
    const world = scene();
    const begun = Array.from({ length: 100 }, (_, host) => world.fail('admin', client(`10.1.0.${host}`)));
    assert.equal(begun.filter((wait) => wait === 0).length, 5);
  });
  await t.test('that is refused does not lengthen the wait', () => {
    const world = scene();
    for (let count = 0; count < 6; count++) world.fail('admin', client());
    for (let count = 0; count < 100; count++) assert.equal(world.fail('admin', client()), 1);
    world.later(1_000);
    assert.equal(world.fail('admin', client()), 0);
  });
  await t.test('that succeeds begins the count of its account anew', () => {
    const world = scene();
    for (let count = 0; count < 4; count++) world.fail('admin', client());
    world.begin('admin', client()).succeeded();
    for (let count = 0; count < 5; count++) assert.equal(world.fail('admin', client('198.51.100.1')), 0);
    assert.equal(world.fail('admin', client('198.51.100.1')), 1);
  });
  await t.test('is forgotten after an hour without another', () => {
    const world = scene();
    for (let count = 0; count < 30; count++) world.fail('admin', client());
    world.later(60 * MINUTE);
    for (let count = 0; count < 5; count++) assert.equal(world.fail('admin', client()), 0);
  });
  await t.test('from where its account signed in before is not held up by what others fail elsewhere', () => {
    const world = scene();
    world.begin('admin', client('203.0.113.7')).succeeded();
    for (let host = 0; host < 200; host++) world.fail('admin', client(`10.2.0.${host}`));
    assert.ok(world.fail('admin', client('10.3.0.1')) > 0);
    for (let count = 0; count < 5; count++) assert.equal(world.fail('admin', client('203.0.113.7')), 0);
    assert.equal(world.fail('admin', client('203.0.113.7')), 1);
  });
});

test('the memory of attempts is bounded', () => {
  const world = scene();
  for (let count = 0; count < 6; count++) world.fail('first', client(`10.4.0.${count}`));
  assert.equal(world.fail('first', client('10.4.1.1')), 1);
  const from = (host: number) => client(`10.${64 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`);
  for (let host = 0; host < 10_001; host++) world.fail(`user${host}`, from(host));
  assert.equal(world.fail('first', client('10.4.1.1')), 0, 'the oldest is forgotten first');
});

test('a clock that is set back', async (t) => {
  await t.test('makes nobody wait for longer than they would have', () => {
    const world = scene();
    for (let free = 0; free < 5; free++) world.fail('admin', client());
    const whole = world.fail('admin', client());
    world.later(-60 * MINUTE);
    assert.equal(world.fail('admin', client()), whole);
    world.later(whole * 1000);
    assert.equal(world.fail('admin', client()), 0);
  });
});
