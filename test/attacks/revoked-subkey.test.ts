// A stolen subkey is revoked by itself, with the primary key still good. From then on nothing it signed is served, at
// once and from memory too, and nothing more of it is taken.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMessage, generateKey, sign } from 'openpgp';
import { problemOf, results, scene } from '../http/scene.ts';
import { claim, randomDigest } from '../support/gpg-claims.ts';
import { ALL, LOCAL } from '../support/server.ts';

test('a subkey that is revoked', async (t) => {
  const store = await scene(t);
  const options = { type: 'rsa', rsaBits: 2048, userIDs: { name: 'release' }, format: 'object' } as const;
  const { privateKey } = await generateKey({ ...options, subkeys: [{ sign: true }] });
  const [fingerprint = ''] = await store.registerKeys(privateKey.toPublic().write());
  const signed = async (tag: string) => {
    const message = await createMessage({ binary: Buffer.from(claim(`quay.io/acme/app:${tag}`, randomDigest())) });
    return sign({ message, signingKeys: privateKey, format: 'binary' });
  };
  const [first, second] = [await signed('v1'), await signed('v2')];
  const [uploaded] = results(await store.uploadRaw(first));
  const path = new URL(uploaded?.url ?? '').pathname;
  assert.equal((await store.get(path)).status, 200);
  assert.deepEqual(uploaded?.notes[0]?.code, 'subkey');

  const revoked = privateKey.toPublic();
  const [subkey] = revoked.subkeys;
  assert.ok(subkey && privateKey.subkeys[0]);
  revoked.subkeys = [await subkey.revoke(privateKey.keyPacket as never)];
  await store.registerKeys(revoked.write());

  await t.test('takes what it signed out of service at once', async () =>
    assert.equal((await store.get(path)).status, 404),
  );
  await t.test('signs nothing more', async () =>
    assert.match(problemOf(await store.uploadRaw(second), 422, 'KEY_REVOKED').detail, /subkey/),
  );
  await t.test('takes no repeat for an upload', async () => {
    problemOf(await store.uploadRaw(first), 422, 'KEY_REVOKED');
  });
  await t.test('is in the audit log, with what it signed', async () => {
    const {
      items: [event],
    } = await store.local.audit.list({ action: 'key.revoked' }, { limit: 1, before: null }, LOCAL);
    assert.equal(event?.subject, fingerprint);
    assert.equal(event?.detail.signatures, 1);
  });
  await t.test('leaves its primary key active', async () => {
    const [key] = (await store.local.keys.list({}, ALL, LOCAL)).items.filter(
      (item) => item.fingerprint === fingerprint,
    );
    assert.equal(key?.state.state, 'active');
  });
});
