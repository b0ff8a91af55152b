// Uploads that are refused: the status, and a problem document that says what to do about it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { LOCAL } from '../support/server.ts';
import { assertProblem, DIGEST, IMAGE, problemOf, REPOSITORY, results, scene, signature, stored } from './scene.ts';
import { bearer, type Problem, send } from './wire.ts';

type Bad = readonly [what: string, bytes: Uint8Array | string, code: string, says: RegExp];

const whole = signature('rsa2048');
const plain = signature('rsa2048-uncompressed');

const BYTES: readonly Bad[] = [
  ['nothing', '', 'SIGNATURE_EMPTY', /empty/],
  ['ASCII armor', signature('armored'), 'SIGNATURE_ARMORED', /--armor/],
  ['a clear-signed text', signature('clear-signed'), 'SIGNATURE_CLEARSIGNED', /--sign/],
  ['a detached signature', signature('detached'), 'SIGNATURE_DETACHED', /detach/],
  ['an armored detached signature', signature('detached-armored'), 'SIGNATURE_DETACHED', /detach/],
  ['an HTML page', '<!DOCTYPE html><html></html>', 'SIGNATURE_HTML', /HTML/],
  ['a claim that nobody signed', '{"critical":{}}', 'SIGNATURE_JSON', /JSON/],
  ['a sigstore signature', signature('sigstore'), 'SIGNATURE_SIGSTORE', /sigstore/],
  ['a format prefix', signature('prefixed'), 'SIGNATURE_PREFIXED', /prefix/],
  ['a public key', signature('public-key'), 'SIGNATURE_UNRECOGNIZED', /key add/],
  ['base64', signature('base64'), 'SIGNATURE_UNRECOGNIZED', /first byte/],
  ['a NUL', '\0', 'SIGNATURE_UNRECOGNIZED', /0x00/],
  ['a message that ends early', whole.subarray(0, whole.length - 1), 'SIGNATURE_TRUNCATED', /cut short/],
  ['half a message', plain.subarray(0, plain.length >> 1), 'SIGNATURE_TRUNCATED', /cut short/],
  ['one byte of a message', whole.subarray(0, 1), 'SIGNATURE_TRUNCATED', /cut short/],
  ['two messages', Buffer.concat([plain, plain]), 'SIGNATURE_SEVERAL_MESSAGES', /each/],
  ['two signers', signature('two-signers'), 'SIGNATURE_SEVERAL_SIGNERS', /once/],
  ['bytes after the message', Buffer.concat([plain, Buffer.from('\n')]), 'SIGNATURE_TRAILING_DATA', /alone/],
  ['an encrypted message', signature('encrypted'), 'SIGNATURE_ENCRYPTED', /encrypt/],
  ['a message that nobody signed', signature('unsigned'), 'SIGNATURE_UNSIGNED', /nobody signed/],
  ['an old-style message', signature('old-style'), 'SIGNATURE_NOT_ONE_PASS', /one-pass/],
  ['a changed payload', signature('payload-bit'), 'SIGNATURE_BAD', /does not hold/],
  ['a changed signature', signature('signature-bit'), 'SIGNATURE_BAD', /does not hold/],
  ['a signature that has expired', signature('expired-signature'), 'SIGNATURE_EXPIRED', /expired at 20/],
  ['a claim with a digest that is none', signature('claim-digest-short'), 'CLAIM_INVALID', /docker-manifest-digest/],
  ['a claim with an unknown member', signature('claim-critical-unknown'), 'CLAIM_INVALID', /critical: unexpected/],
  ['a claim with a duplicate', signature('claim-critical-duplicate'), 'CLAIM_INVALID', /duplicate/],
  ['a reference that is none', signature('claim-reference-upper-case'), 'CLAIM_REFERENCE_INVALID', /quay\.io/],
];

test('an upload', async (t) => {
  const store = await scene(t);
  for (const [what, bytes, code, says] of BYTES)
    await t.test(`of ${what} is 422 ${code}, as a raw body and as a part`, async () => {
      for (const answer of [await store.uploadRaw(Buffer.from(bytes)), await store.upload({ bytes })])
        assert.match(problemOf(answer, 422, code).detail, says);
    });
  await t.test('that was refused leaves nothing behind', async () => {
    assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404);
    assert.equal((await store.local.signatures.list({}, { limit: 10, before: null }, LOCAL)).items.length, 0);
  });
});

test('a signature by a key', async (t) => {
  const store = await scene(t);
  const [expired = '', revoked = '', changing = ''] = await store.registerKeys('expired', 'revoked', 'to-revoke');
  const refused = async (name: string, code: string) => problemOf(await store.uploadRaw(signature(name)), 422, code);

  await t.test('that is not registered is refused with its id and the way to register it', async () => {
    const { detail } = await refused('stranger', 'KEY_UNKNOWN');
    assert.match(detail, /key id [0-9A-F]{16}/);
    assert.match(detail, /lookaside key add/);
  });
  await t.test('that has expired is refused with fingerprint and date', async () => {
    const { detail } = await refused('expired-key', 'KEY_EXPIRED');
    assert.ok(detail.includes(expired), detail);
    assert.match(detail, /expired at 2024-07-01/);
  });
  await t.test('that came revoked is refused with fingerprint and state', async () => {
    const { detail } = await refused('revoked-key', 'KEY_REVOKED');
    assert.ok(detail.includes(revoked) && detail.includes('revoked'), detail);
  });
  await t.test('that an admin retired is refused with fingerprint and date', async () => {
    const key = parseFingerprint(changing);
    await store.local.keys.change(key, { state: 'retired' }, LOCAL);
    const { detail } = await refused('to-revoke', 'KEY_RETIRED');
    assert.ok(detail.includes(changing) && detail.includes('retired since 20'), detail);
    await store.local.keys.change(key, { state: 'active' }, LOCAL);
    assert.equal((await store.uploadRaw(signature('to-revoke'))).status, 201);
    await store.local.keys.change(key, { state: 'revoked', reason: 'stolen' }, LOCAL);
    assert.ok((await refused('to-revoke', 'KEY_REVOKED')).detail.includes(changing));
  });
});

test('a claim', async (t) => {
  const store = await scene(t);
  const zeros = `sha256:${'0'.repeat(64)}`;

  await t.test('for another digest is refused with both', async () => {
    const answer = await store.uploadRaw(signature('rsa2048'), `${REPOSITORY}@${zeros}`);
    const { detail } = problemOf(answer, 422, 'CLAIM_DIGEST_MISMATCH');
    assert.ok(detail.includes(DIGEST) && detail.includes(zeros), detail);
  });
  await t.test('for another repository is refused with both', async () => {
    const answer = await store.uploadRaw(signature('rsa2048'), IMAGE.replace('/app@', '/other@'));
    const { detail } = problemOf(answer, 422, 'CLAIM_REPOSITORY_MISMATCH');
    assert.ok(detail.includes(REPOSITORY) && detail.includes('registry.example.com/acme/other'), detail);
  });
  await t.test('is refused for another target also when the same bytes are stored for its own', async () => {
    await stored(store, 'rsa2048');
    const answer = await store.uploadRaw(signature('rsa2048'), IMAGE.replace('/app@', '/other@'));
    assertProblem(answer, 422, 'CLAIM_REPOSITORY_MISMATCH');
  });
  for (const target of ['app', '/', `${REPOSITORY}@sha256=12`, `${REPOSITORY}:v1`, `UPPER/x@${DIGEST}`, `@${DIGEST}`])
    await t.test(`for a target that is none is 400: ${target}`, async () => {
      const { status } = await store.uploadRaw(signature('rsa2048'), target);
      assert.equal(status, 400);
    });
});

test('the scopes', async (t) => {
  const store = await scene(t);
  const fingerprint = parseFingerprint((await store.registerKeys('ed25519'))[0] ?? '');
  const token = await store.createToken(['upload'], ['registry.example.com/acme/app-two', 'quay.io']);

  for (const target of [undefined, IMAGE])
    await t.test(
      `of the token that leave the repository out are 403 with the scope needed, target ${target}`,
      async () => {
        const { status, detail } = await uploadAs(store.url, token, target);
        assert.equal(status, 403);
        assert.ok(detail.includes(`would need the scope "${REPOSITORY}"`), detail);
      },
    );
  await t.test('of the token hold for what is stored already', async () => {
    await stored(store, 'rsa2048');
    assert.equal((await uploadAs(store.url, token, undefined)).status, 403);
  });
  await t.test('of the key that leave the repository out are 422 with the scope needed', async () => {
    await store.local.keys.change(fingerprint, { scopes: [parseScope('quay.io')] }, LOCAL);
    const answer = await store.uploadRaw(signature('ed25519'));
    const { detail } = problemOf(answer, 422, 'KEY_SCOPE');
    assert.ok(detail.includes(fingerprint) && detail.includes(`"${REPOSITORY}"`), detail);
    await store.local.keys.change(fingerprint, { scopes: [parseScope('registry.example.com/acme')] }, LOCAL);
    assert.equal(results(await store.uploadRaw(signature('ed25519')))[0]?.status, 'stored');
  });
});

async function uploadAs(url: string, token: string, target: string | undefined) {
  const query = target === undefined ? '' : `?target=${encodeURIComponent(target)}`;
  const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
  const answer = await send(url, `/api/v1/signatures${query}`, { method: 'POST', headers, body: signature('rsa2048') });
  return answer.json<Problem>();
}
