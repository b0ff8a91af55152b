// acme is a prefix of acme-evil as a string, and not as a scope. The same for hosts, ports and wildcards.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { scene } from '../http/scene.ts';
import { bearer, type Result, send } from '../http/wire.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { fixture, LOCAL } from '../support/server.ts';

const CASES: readonly [scope: string, inside: readonly string[], outside: readonly string[]][] = [
  [
    'quay.io/acme',
    ['quay.io/acme', 'quay.io/acme/app', 'quay.io/acme/deep/app'],
    ['quay.io/acme-evil/app', 'quay.io/acmeevil', 'quay.io/acm', 'quay.io/x/acme', 'quay.io:443/acme/app'],
  ],
  ['quay.io', ['quay.io/acme'], ['quay.io.evil.com/acme', 'evil-quay.io/acme', 'quay.io:8443/acme']],
  [
    '*.example.com',
    ['a.example.com/app', 'a.b.example.com/app', 'a.example.com:5000/app'],
    ['example.com/app', 'evilexample.com/app', 'a.example.com.evil.org/app', 'evil.org/a.example.com'],
  ],
];

test('a scope', async (t) => {
  const store = await scene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  const signer = await createSigner();
  await store.registerKeys(signer.publicKey);
  const fingerprint = parseFingerprint(signer.fingerprint);
  const push = async (repository: string, token: string): Promise<Result['status'] | string> => {
    const body = await signer.sign(`${repository}:v1`, randomDigest());
    const headers = { 'content-type': 'application/octet-stream', ...bearer(token) };
    const answer = await send(store.url, '/api/v1/signatures', { method: 'POST', headers, body });
    return answer.status === 201 ? 'stored' : answer.json<{ code: string }>().code;
  };

  for (const [scope, inside, outside] of CASES) {
    const token = await store.createToken(['upload', 'read'], [scope]);
    const read = async (repository: string) =>
      (
        await store.get(`/${repository}@${randomDigest().replace(':', '=')}/signature-1`, {
          authorization: `Bearer ${token}`,
        })
      ).status;
    for (const repository of inside)
      await t.test(`${scope} holds ${repository}`, async () => {
        assert.equal(await push(repository, token), 'stored');
        assert.equal(await read(repository), 404);
      });
    for (const repository of outside)
      await t.test(`${scope} does not hold ${repository}`, async () => {
        assert.equal(await push(repository, token), 'TOKEN_SCOPE');
        assert.equal(await read(repository), 403);
      });
    await t.test(`${scope} means the same for a key`, async () => {
      await store.local.keys.change(fingerprint, { scopes: [parseScope(scope)] }, LOCAL);
      for (const repository of inside) assert.equal(await push(repository, store.token), 'stored', repository);
      for (const repository of outside) assert.equal(await push(repository, store.token), 'KEY_SCOPE', repository);
      await store.local.keys.change(fingerprint, { scopes: [parseScope('')] }, LOCAL);
    });
  }

  for (const scope of [
    'quay.io/',
    '/quay.io',
    'quay.io/acme/',
    'quay.io//acme',
    'acme',
    '*',
    '*.',
    '*.*.com',
    'q*.io',
    ' ',
    'quay.io/../x',
    'quay.io/ACME',
    'quay.io/acme:v1',
  ])
    await t.test(`is refused when it could be misread: ${JSON.stringify(scope)}`, async () => {
      const body = JSON.stringify({ name: 'x', permissions: ['read'], scopes: [scope] });
      const headers = { 'content-type': 'application/json', ...bearer(store.token) };
      assert.equal((await send(store.url, '/api/v1/tokens', { method: 'POST', headers, body })).status, 400);
      const key = fixture('keys/subkey.asc');
      const path = `/api/v1/keys?scope=${encodeURIComponent(scope)}`;
      const pgp = { 'content-type': 'application/pgp-keys', ...bearer(store.token) };
      assert.equal((await send(store.url, path, { method: 'POST', headers: pgp, body: key })).status, 400);
    });
});
