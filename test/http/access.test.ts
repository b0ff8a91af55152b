// Every call of the API with every kind of caller: nobody, the wrong permission, out of scope, and whoever may.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERMISSIONS, type Permission } from '../../server/domain/principal.ts';
import { fixture } from '../support/server.ts';
import { assertProblem, IMAGE, scene, signature, stored } from './scene.ts';
import { bearer, send } from './wire.ts';

const INSIDE = 'registry.example.com/acme';
const OUTSIDE = 'registry.example.com/acme-evil';
const OCTETS = { 'content-type': 'application/octet-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };

type Call = {
  readonly call: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
  readonly needs: readonly Permission[];
  readonly right: number;
  /** With a token whose scopes leave the thing out; the same as `right` where lists are only shorter. */
  readonly outside: number;
  /** With a token whose scopes hold the thing, but are not everything. */
  readonly inside: number;
};

function calls(fingerprint: string, tokenId: string): readonly Call[] {
  const key = fixture('keys/ed25519.asc').toString();
  const grant = JSON.stringify({ name: 'x', permissions: ['read'], scopes: [INSIDE] });
  const list = { right: 200, inside: 200, outside: 200 };
  const one = { right: 200, inside: 200, outside: 403 };
  return [
    {
      call: 'POST',
      path: '/api/v1/signatures',
      headers: OCTETS,
      body: signature('rsa2048'),
      needs: ['upload'],
      ...one,
    },
    { call: 'PUT', path: `/${IMAGE}/signature-1`, body: signature('rsa2048'), needs: ['upload'], ...one },
    { call: 'POST', path: '/api/v1/verify', headers: OCTETS, body: signature('rsa2048'), needs: PERMISSIONS, ...list },
    { call: 'GET', path: '/api/v1/signatures', needs: ['read', 'admin'], ...list },
    { call: 'GET', path: `/api/v1/signatures?repository=${INSIDE}/app`, needs: ['read', 'admin'], ...one },
    { call: 'GET', path: '/api/v1/signatures/1', needs: ['read', 'admin'], ...one },
    { call: 'GET', path: '/api/v1/signatures/1/blob', needs: ['read', 'admin'], ...one },
    { call: 'GET', path: '/api/v1/keys', needs: ['admin'], ...list },
    { call: 'GET', path: `/api/v1/keys/${fingerprint}`, needs: ['admin'], ...one },
    {
      call: 'PATCH',
      path: `/api/v1/keys/${fingerprint}`,
      headers: JSON_TYPE,
      body: '{"name":"x"}',
      needs: ['admin'],
      ...one,
    },
    {
      call: 'POST',
      path: `/api/v1/keys?scope=${INSIDE}`,
      headers: { 'content-type': 'application/pgp-keys' },
      body: key,
      needs: ['admin'],
      ...one,
    },
    { call: 'GET', path: '/api/v1/tokens', needs: ['admin'], ...list },
    {
      call: 'POST',
      path: '/api/v1/tokens',
      headers: JSON_TYPE,
      body: grant,
      needs: ['admin'],
      ...one,
      right: 201,
      inside: 201,
    },
    { call: 'GET', path: '/api/v1/audit', needs: ['admin'], right: 200, inside: 403, outside: 403 },
    {
      call: 'DELETE',
      path: '/api/v1/signatures/1',
      headers: JSON_TYPE,
      body: '{"reason":"test"}',
      needs: ['withdraw'],
      right: 409, // the table withdraws with the token inside its scope first
      inside: 204,
      outside: 403,
    },
    { call: 'DELETE', path: `/api/v1/tokens/${tokenId}`, needs: ['admin'], right: 204, inside: 204, outside: 403 },
  ];
}

test('a call', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const admin = bearer(store.token);
  const scoped = (scopes: readonly string[], name: string) =>
    send(store.url, '/api/v1/tokens', {
      method: 'POST',
      headers: { ...admin, ...JSON_TYPE },
      body: JSON.stringify({ name, permissions: ['read'], scopes }),
    });
  const { id } = (await scoped([INSIDE], 'to be revoked')).json<{ id: string }>();
  const { items } = (await store.get('/api/v1/keys', { authorization: `Bearer ${store.token}` })).json<{
    items: readonly { fingerprint: string; name: string }[];
  }>();
  const key = items.find(({ name }) => name.toLowerCase().includes('ed25519')) ?? items[2];
  const fingerprint = key?.fingerprint ?? '';
  await send(store.url, `/api/v1/keys/${fingerprint}`, {
    method: 'PATCH',
    headers: { ...admin, ...JSON_TYPE },
    body: JSON.stringify({ scopes: [INSIDE] }),
  });

  for (const { call, path, headers = {}, body, needs, right, inside, outside } of calls(fingerprint, id)) {
    const as = (token: string | null) =>
      send(store.url, path, {
        method: call,
        headers: { ...headers, ...(token === null ? {} : bearer(token)) },
        ...(body === undefined ? {} : { body }),
      });
    const what = `${call} ${path.replace(/\?.*/, '').slice(0, 40)}`;
    const others = PERMISSIONS.filter((permission) => !needs.includes(permission));

    await t.test(`is 401 without a token: ${what}`, async () => {
      const answer = await as(null);
      assertProblem(answer, 401, 'CREDENTIALS_MISSING');
      assert.match(String(answer.headers['www-authenticate']), /^Basic .*Bearer /);
    });
    await t.test(`is 401 with a token of another store: ${what}`, async () =>
      assertProblem(await as(`lks_${'A'.repeat(49)}`), 401, 'CREDENTIALS_INVALID'),
    );
    await t.test(`is 401 with a token that has expired: ${what}`, async () =>
      assertProblem(await as(await store.createToken(PERMISSIONS, [], -1)), 401, 'CREDENTIALS_EXPIRED'),
    );
    if (others.length > 0)
      await t.test(`is 403 with every permission but ${needs.join(' or ')}: ${what}`, async () =>
        assertProblem(await as(await store.createToken(others)), 403, 'PERMISSION_MISSING'),
      );
    await t.test(`is ${outside} out of scope: ${what}`, async () => {
      const answer = await as(await store.createToken(needs, [OUTSIDE]));
      assert.equal(answer.status, outside, answer.text);
      if (outside === 403) assertProblem(answer, 403, 'TOKEN_SCOPE');
    });
    await t.test(`is ${inside} within the scope: ${what}`, async () => {
      const answer = await as(await store.createToken(needs, [INSIDE]));
      assert.equal(answer.status, inside, answer.text);
    });
    for (const permission of needs)
      await t.test(`is ${right} with ${permission} alone and every scope: ${what}`, async () => {
        const answer = await as(await store.createToken([permission]));
        assert.equal(answer.status, right, answer.text);
        if (call !== 'PUT') assert.equal(answer.headers['cache-control'], 'no-store');
      });
  }
});

test('a list', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const outside = await store.createToken(['read', 'admin'], [OUTSIDE]);
  const everything = await store.createToken(['read', 'admin']);
  const count = async (path: string, token: string) =>
    (await send(store.url, path, { headers: bearer(token) })).json<{ items: readonly unknown[] }>().items.length;
  for (const path of ['/api/v1/signatures', '/api/v1/keys'])
    await t.test(`leaves out what lies outside the scopes: ${path}`, async () => {
      assert.equal(await count(path, outside), 0);
      assert.ok((await count(path, everything)) > 0);
    });
  await t.test('leaves out what lies outside the scopes: /api/v1/tokens', async () =>
    assert.equal(await count('/api/v1/tokens', outside), 1),
  );
});
