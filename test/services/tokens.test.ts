// Tokens: their form, their life, and when they were last used.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '../../server/domain/instant.ts';
import { realWorld } from '../../server/ops/world.ts';
import { ALL, LOCAL, testStore } from '../support/server.ts';

test('a token', async (t) => {
  const clock = { now: Date.UTC(2026, 0, 1) as Instant };
  const { local, createToken } = await testStore(t, {}, { ...realWorld, now: () => clock.now });
  const later = (ms: number) => {
    clock.now = (clock.now + ms) as Instant;
  };
  const secret = await createToken(['read'], ['quay.io'], 60_000);

  await t.test('needs no escaping anywhere, and is never the same twice', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => createToken(['read'])));
    for (const each of secrets) assert.match(each, /^lks_[A-Za-z0-9_-]{49}$/);
    assert.equal(new Set(secrets).size, 20);
  });
  await t.test('is known by its check digits when it is mistyped', async () => {
    for (let at = 0; at < secret.length; at++) {
      const wrong = secret.slice(0, at) + (secret[at] === 'x' ? 'y' : 'x') + secret.slice(at + 1);
      await assert.rejects(local.tokens.authenticate(wrong), { code: 'CREDENTIALS_INVALID', message: /mistyped|cut/ });
    }
  });
  await t.test('says who it is, and what it may', async () => {
    const { actor, permissions, scopes } = await local.tokens.authenticate(secret);
    assert.deepEqual([actor.kind, permissions, scopes], ['token', ['read'], ['quay.io']]);
  });
  await t.test('remembers its last use once that is written', async () => {
    await local.tokens.flush();
    const [token] = (await local.tokens.list({}, ALL, LOCAL)).items.filter(({ scopes }) =>
      scopes.includes('quay.io' as never),
    );
    assert.equal(token?.lastUsedAt, clock.now);
  });
  await t.test('ends when its time is up, to the millisecond', async () => {
    later(59_999);
    await local.tokens.authenticate(secret);
    later(1);
    await assert.rejects(local.tokens.authenticate(secret), {
      code: 'CREDENTIALS_EXPIRED',
      message: /2026-01-01T00:01/,
    });
  });
});
