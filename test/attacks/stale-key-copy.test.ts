// An old copy of a key, from before it was revoked or its validity extended, is registered again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { fixture, LOCAL, testStore } from '../support/server.ts';

test('an old copy of a key', async (t) => {
  await t.test('does not undo a revocation that came with a newer copy', async (t) => {
    const { local, registerKeys } = await testStore(t);
    const [fingerprint = ''] = await registerKeys('to-revoke');
    await registerKeys('revocation-certificate');
    const before = await local.keys.get(parseFingerprint(fingerprint), LOCAL);
    assert.equal(before.state.state, 'revoked');
    await registerKeys('to-revoke');
    const after = await local.keys.get(parseFingerprint(fingerprint), LOCAL);
    assert.equal(after.state.state, 'revoked');
    assert.ok(after.signingKeys.every(({ revoked }) => revoked));
  });
  await t.test('does not undo a revocation or a retirement by an admin', async (t) => {
    const { local, registerKeys } = await testStore(t);
    const key = parseFingerprint((await registerKeys('rsa2048'))[0] ?? '');
    for (const state of ['retired', 'revoked'] as const) {
      await local.keys.change(key, { state, reason: 'stolen' }, LOCAL);
      await registerKeys('rsa2048');
      assert.equal((await local.keys.get(key, LOCAL)).state.state, state);
    }
  });
  await t.test('does not take back a later expiry', async (t) => {
    const { local, registerKeys } = await testStore(t);
    const key = parseFingerprint((await registerKeys('extend-before'))[0] ?? '');
    const short = (await local.keys.get(key, LOCAL)).expiresAt;
    await registerKeys('extend-after');
    const long = (await local.keys.get(key, LOCAL)).expiresAt;
    assert.notEqual(long, short);
    await registerKeys('extend-before');
    assert.equal((await local.keys.get(key, LOCAL)).expiresAt, long);
  });
  await t.test('does not take back a subkey', async (t) => {
    const { local, registerKeys } = await testStore(t);
    const key = parseFingerprint((await registerKeys('subkey-added-before'))[0] ?? '');
    await registerKeys('subkey-added-after');
    const parts = (await local.keys.get(key, LOCAL)).signingKeys.length;
    await registerKeys('subkey-added-before');
    assert.equal((await local.keys.get(key, LOCAL)).signingKeys.length, parts);
  });
  await t.test('does not widen the scopes', async (t) => {
    const { local, registerKeys } = await testStore(t);
    const key = parseFingerprint((await registerKeys('rsa2048'))[0] ?? '');
    await local.keys.change(key, { scopes: [parseScope('quay.io')] }, LOCAL);
    await local.keys.register(fixture('keys/rsa2048.asc'), {}, LOCAL);
    assert.deepEqual((await local.keys.get(key, LOCAL)).scopes, ['quay.io']);
  });
});
