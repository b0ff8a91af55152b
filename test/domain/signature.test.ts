// attest(): the one maker of a VerifiedSignature, and the notes that go with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Claim } from '../../server/domain/claim.ts';
import { compatibilityNotes, type Traits } from '../../server/domain/compatibility.ts';
import { parseDigest } from '../../server/domain/digest.ts';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { parseReference } from '../../server/domain/reference.ts';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { attest } from '../../server/domain/signature.ts';

const DIGEST = parseDigest(`sha256:${'ab'.repeat(32)}`);
const OTHER = parseDigest(`sha256:${'cd'.repeat(32)}`);
const SIGNER = parseFingerprint('A'.repeat(40));
const REPOSITORY = parseRepository('quay.io/acme/app');

function claim(reference = 'quay.io/acme/app:v1', otherOptional: readonly string[] = []): Claim {
  return { digest: DIGEST, reference: parseReference(reference), creator: null, timestamp: null, otherOptional };
}

function attested(target: Parameters<typeof attest>[2], scopes: readonly string[] = ['']) {
  const facts = { signer: SIGNER, signingKey: SIGNER, identity: new Uint8Array(32), signedAt: 0 as Instant };
  const examined = {
    ...facts,
    algorithm: 'RSA 2048',
    hash: 'SHA256',
    claim: claim(),
    keyScopes: scopes.map(parseScope),
    notes: [],
  };
  return attest({ bytes: Buffer.from('x'), sha256: new Uint8Array(32) }, examined, target);
}

test('attesting', async (t) => {
  await t.test('takes the image from the claim', () => {
    const { repository, digest } = attested(null);
    assert.deepEqual([repository, digest], [REPOSITORY, DIGEST]);
  });
  await t.test('agrees with a target that is the same image', () =>
    assert.equal(attested({ repository: REPOSITORY, digest: DIGEST }).repository, REPOSITORY),
  );
  await t.test('refuses another digest, naming both', () =>
    assert.throws(() => attested({ repository: REPOSITORY, digest: OTHER }), {
      code: 'CLAIM_DIGEST_MISMATCH',
      message: new RegExp(`${DIGEST}.*${OTHER}`),
    }),
  );
  await t.test('refuses another repository, naming both', () =>
    assert.throws(() => attested({ repository: parseRepository('quay.io/acme/other'), digest: DIGEST }), {
      code: 'CLAIM_REPOSITORY_MISMATCH',
      message: /quay\.io\/acme\/app.*quay\.io\/acme\/other/,
    }),
  );
  await t.test('refuses a repository outside the scopes of the key, naming the scope it needs', () => {
    for (const scopes of [['quay.io/acme/app2', 'docker.io'], []])
      assert.throws(() => attested(null, scopes), {
        code: 'KEY_SCOPE',
        message: /would need the scope "quay\.io\/acme\/app"/,
      });
  });
});

const PLAIN: Traits = {
  claim: claim(),
  bySubkey: false,
  algorithm: 'RSA 4096',
  hash: 'SHA256',
  bytes: 700,
  expires: null,
};

const NOTED: readonly [code: string, traits: Partial<Traits>][] = [
  ['subkey', { bySubkey: true }],
  ['eddsa', { algorithm: 'Ed25519' }],
  ['sha1', { hash: 'SHA1' }],
  ['name-only-reference', { claim: claim('quay.io/acme/app') }],
  ['digest-reference', { claim: claim(`quay.io/acme/app@${DIGEST}`) }],
  ['optional-members', { claim: claim(undefined, ['more']) }],
  ['large', { bytes: 50 * 1024 + 1 }],
  ['expires', { expires: '2030-01-01T00:00:00.000Z' }],
];

test('a compatibility note', async (t) => {
  await t.test('is not given for what every reader accepts', () => {
    for (const traits of [PLAIN, { ...PLAIN, algorithm: 'ECDSA NIST P-256', bytes: 50 * 1024 }])
      assert.deepEqual(compatibilityNotes(traits), []);
  });
  for (const [code, traits] of NOTED)
    await t.test(`is given for ${code}, alone`, () => {
      const notes = compatibilityNotes({ ...PLAIN, ...traits });
      assert.deepEqual(
        notes.map((note) => note.code),
        [code],
      );
    });
});
