// A key is revoked while signatures of it are being verified: whatever the order, none is served afterwards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { IMAGE, results, scene } from '../http/scene.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { LOCAL } from '../support/server.ts';

test('uploads that race with the revocation of their key', async (t) => {
  const store = await scene(t);
  const signer = await createSigner();
  await store.registerKeys(signer.publicKey);
  const digest = randomDigest();
  const signed = await signer.signTags('quay.io/acme/app', digest, 60);
  const uploads = signed.map((bytes) => store.uploadRaw(bytes));
  await uploads[0]; // verification is under way for the others
  await store.local.keys.change(parseFingerprint(signer.fingerprint), { state: 'revoked', reason: 'stolen' }, LOCAL);
  const revoked = Date.now();
  const answers = await Promise.all(uploads);

  await t.test('are stored or refused as revoked, and nothing else', () => {
    for (const answer of answers) {
      const problem = answer.status === 201 ? undefined : results(answer)[0]?.problem;
      assert.ok(answer.status === 201 || problem?.code === 'KEY_REVOKED', answer.text);
    }
  });
  await t.test('are not served once the revocation was answered', async () => {
    assert.equal((await store.get(`/quay.io/acme/app@${digest.replace(':', '=')}/signature-1`)).status, 404);
    const { items: live } = await store.local.signatures.list({ state: 'live' }, { limit: 100, before: null }, LOCAL);
    assert.equal(live.length, 0);
  });
  await t.test('have no row that is younger than the revocation', async () => {
    const { items: events } = await store.local.audit.list({}, { limit: 200, before: null }, LOCAL);
    const at = events.find(({ action }) => action === 'key.revoked')?.seq ?? 0;
    for (const { seq, action } of events) if (action === 'signature.stored') assert.ok(seq < at);
    assert.ok(revoked > 0 && at > 0);
  });
  await t.test('leave other keys alone', async () =>
    assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404),
  );
});
