// A bundle that is whole says nothing about who made it: it brings keys, scopes, states and signatures that its maker likes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forge } from '../services/bundle-forging.ts';
import { fixture } from '../support/server.ts';
import { bundleScene, IMAGE, storeKnowing } from './bundle-scene.ts';

test('a bundle vouches for no key:', async (t) => {
  const { bundle, facts, key, first, second, file, load, signer } = await bundleScene(t);
  const { fingerprint } = signer;
  const accept = ['--accept-key', fingerprint];
  const stranger = fixture('keys/stranger.asc');
  const saying = (change: (text: string) => string) =>
    file(forge([{ ...facts, bytes: Buffer.from(change(facts.bytes.toString())) }, key, first, second]));

  await t.test('none is registered unasked, and it says how one would be', async (t) => {
    const store = await storeKnowing(t, stranger);
    const { code, err, out } = await load(store, bundle);
    assert.deepEqual([code, out], [1, '0 stored, 0 already there, 2 stayed out']);
    const advice = `key ${fingerprint} \\(.*\\), active there for everything, is not registered here.*${accept.join(' ')}`;
    assert.match(err, new RegExp(advice));
    assert.ok(!(await store.keys()).includes(fingerprint));
  });
  await t.test('one is registered by its fingerprint alone, with the scopes it has there', async (t) => {
    const store = await storeKnowing(t, stranger);
    const narrow = saying((text) => text.replace('""', '"registry.example.com/acme"'));
    assert.equal((await load(store, narrow, '--accept-key', 'F'.repeat(40))).code, 2);
    assert.equal((await load(store, narrow, ...accept)).code, 0);
    assert.match(await store.keys(), new RegExp(`${fingerprint} .*registry\\.example\\.com/acme `));
  });
  await t.test('one that is retired there is so here, once its signatures are in', async (t) => {
    const store = await storeKnowing(t, stranger);
    const retired = saying((text) => text.replace('"active"', '"retired"'));
    assert.deepEqual((await load(store, retired, ...accept)).out, '2 stored, 0 already there, 0 stayed out');
    assert.match(await store.keys(), new RegExp(`${fingerprint} +retired`));
  });
  await t.test('nothing is registered by a dry run', async (t) => {
    const store = await storeKnowing(t, stranger);
    const before = await store.auditRows();
    assert.equal((await load(store, bundle, ...accept, '--dry-run')).code, 1);
    assert.equal(await store.auditRows(), before);
  });
  await t.test('a file that holds another key than its name says is not accepted', async (t) => {
    const store = await storeKnowing(t, stranger);
    const before = await store.keys();
    for (const bytes of [fixture('keys/rsa2048.asc'), fixture('keys/several.asc'), Buffer.from('no key')]) {
      const { code, err } = await load(store, file(forge([facts, { ...key, bytes }, first, second])), ...accept);
      assert.equal(code, 1);
      assert.match(err, /\((?:BUNDLE_INVALID|KEY_INVALID)\)$/);
    }
    assert.equal(await store.keys(), before);
  });
  await t.test('one that is revoked here stays so', async (t) => {
    const store = await storeKnowing(t, signer.publicKey);
    await store.lookaside('key', 'revoke', fingerprint, '--reason', 'lost');
    const { code, out } = await load(store, bundle, ...accept);
    assert.deepEqual([code, out], [1, '0 stored, 0 already there, 2 stayed out']);
    assert.match(await store.keys(), new RegExp(`${fingerprint} +revoked`));
  });
  await t.test('one that has scopes here keeps them', async (t) => {
    const store = await storeKnowing(t, stranger);
    const narrow = saying((text) => text.replace('""', '"registry.example.com/other"'));
    assert.equal((await load(store, narrow, ...accept)).code, 1);
    assert.equal((await load(store, bundle, ...accept)).code, 1);
    assert.match(await store.keys(), new RegExp(`${fingerprint} .*registry\\.example\\.com/other `));
  });
  await t.test('one that it calls revoked is revoked by nobody but an admin, who is told', async (t) => {
    const store = await storeKnowing(t, signer.publicKey);
    const lie = '"revoked",\n      "reason": "\\u001b[2Jlost"';
    const revoked = saying((text) => text.replace('"active",\n      "reason": null', lie));
    const { err } = await load(store, revoked);
    assert.match(err, /is revoked where the bundle was made: \\u\{1b\}\[2Jlost\. It is active here; to revoke it/);
    assert.match(await store.keys(), new RegExp(`${fingerprint} +active`));
    assert.equal((await load(store, revoked, ...accept)).code, 2);
  });
});

test('a bundle vouches for no signature:', async (t) => {
  const { bundle, facts, key, first, second, another, file, load, signer } = await bundleScene(t);

  await t.test('one that was withdrawn here does not come back', async (t) => {
    const store = await storeKnowing(t, signer.publicKey);
    assert.equal((await load(store, bundle)).code, 0);
    await store.lookaside('withdraw', '1', '--reason', 'mistake');
    const { code, out, err } = await load(store, bundle);
    assert.deepEqual([code, out], [1, '0 stored, 1 already there, 1 stayed out']);
    assert.match(err, /SIGNATURE_WITHDRAWN/);
  });
  await t.test('one that nobody made, or that is for another image, stays out, and only that', async (t) => {
    const store = await storeKnowing(t, signer.publicKey);
    const spoilt = Buffer.from(first.bytes);
    spoilt[spoilt.length - 9] = (spoilt[spoilt.length - 9] ?? 0) ^ 1;
    const three = Buffer.from(facts.bytes.toString().replace('"signatures": 2', '"signatures": 3'));
    const files = [
      { ...facts, bytes: three },
      key,
      { ...first, bytes: spoilt },
      { ...second, bytes: another },
      { ...second, path: `${IMAGE.replace('acme/app', 'acme/other')}/signature-1` },
    ];
    const { code, out, err } = await load(store, file(forge(files)));
    assert.deepEqual([code, out], [1, '1 stored, 0 already there, 2 stayed out']);
    assert.match(err, /^stayed out, 1 file: .*\(SIGNATURE_/m);
    assert.match(err, /CLAIM_REPOSITORY_MISMATCH/);
  });
  await t.test('another bundle than was expected is refused, however good', async (t) => {
    const store = await storeKnowing(t, signer.publicKey);
    const { code, err } = await load(store, bundle, '--expect', '0'.repeat(64));
    assert.equal(code, 1);
    assert.match(err, /nothing was stored \(BUNDLE_UNEXPECTED\)$/);
    assert.equal((await load(store, bundle, '--expect', 'abc')).code, 2);
  });
});
