// What an exchange needs is loaded by the first one that needs it, which may be at a bad moment.
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { test } from 'node:test';
import { oidcScene } from '../http/oidc-scene.ts';
import { assertProblem } from '../http/scene.ts';
import { needs } from '../support/tools.ts';

test('an exchange for which a file cannot be opened', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust();
  let failures = 0;
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.endsWith('/issuer-keys.ts') || failures > 0) return next(specifier, context);
      failures++;
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    },
  });
  t.after(() => hooks.deregister());
  await t.test('fails', async () => {
    assertProblem(await store.exchange(store.idToken()), 500, 'INTERNAL');
    assert.equal(failures, 1);
  });
  await t.test('does not fail those after it', async () => {
    const { status, text } = await store.exchange(store.idToken());
    assert.equal(status, 200, text);
  });
});
