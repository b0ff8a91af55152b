// GnuPG refuses a key that was created after now, so nodes would refuse what it signs until their clocks get there:
// a machine with a wrong clock, or somebody who wants a signature to become valid later, must not get a place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMessage, generateKey, sign } from 'openpgp';
import { problemOf, scene } from '../http/scene.ts';
import { claim, randomDigest } from '../support/gpg-claims.ts';

test('a key created in the future signs nothing that is taken', async (t) => {
  const store = await scene(t);
  const date = new Date(Date.now() + 24 * 60 * 60 * 1000);
  const options = { type: 'rsa', rsaBits: 2048, userIDs: { name: 'ahead' }, format: 'object' } as const;
  const { privateKey, publicKey } = await generateKey({ ...options, date });
  await store.registerKeys(publicKey.write());
  const message = await createMessage({ binary: Buffer.from(claim('quay.io/acme/app:v1', randomDigest())) });
  const bytes = await sign({ message, signingKeys: privateKey, format: 'binary', date });
  assert.match(problemOf(await store.uploadRaw(bytes), 422, 'KEY_UNUSABLE').detail, /in the future/);
});
