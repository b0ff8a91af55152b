// Keys, tokens, signatures and the audit log through the API: the shapes that programs rely on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../support/server.ts';
import { assertProblem, IMAGE, type Scene, scene, signature, stored } from './scene.ts';
import { type Answer, bearer, send } from './wire.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function call(store: Scene, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...bearer(store.token) };
  return send(store.url, `/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

type KeyView = { fingerprint: string; name: string; state: string; scopes: readonly string[]; registeredAt: string };

test('a key', async (t) => {
  const store = await scene(t);
  const armored = fixture('keys/to-revoke.asc').toString();
  const register = (body: object) => call(store, 'POST', '/keys', { key: armored, ...body });
  const first = (answer: Answer) => answer.json<{ results: readonly { status: string; key: KeyView }[] }>().results[0];
  let path = '';

  await t.test('is registered with 201, a name and scopes', async () => {
    const answer = await register({ name: 'release', scopes: ['registry.example.com'] });
    assert.equal(answer.status, 201, answer.text);
    const result = first(answer);
    assert.equal(result?.status, 'registered');
    assert.equal(result?.key.name, 'release');
    assert.deepEqual(result?.key.scopes, ['registry.example.com']);
    assert.match(String(result?.key.registeredAt), TIME);
    path = `/keys/${result?.key.fingerprint}`;
  });
  await t.test('is unchanged with 200 when it is posted again', async () => {
    const answer = await register({});
    assert.equal(answer.status, 200);
    assert.equal(first(answer)?.status, 'unchanged');
    assert.deepEqual(first(answer)?.key.scopes, ['registry.example.com']);
  });
  await t.test('is found by any spelling of its fingerprint, and never shows its material', async () => {
    const answer = await call(store, 'GET', path.toLowerCase());
    assert.equal(answer.json<KeyView>().name, 'release');
    assert.doesNotMatch(answer.text, /material|revision/);
  });
  await t.test('is renamed, given other scopes, retired and reactivated', async () => {
    const changed = await call(store, 'PATCH', path, { name: 'r2', scopes: ['quay.io'], state: 'retired' });
    const { name, scopes, state } = changed.json<KeyView>();
    assert.deepEqual([name, scopes, state], ['r2', ['quay.io'], 'retired']);
    assert.equal((await call(store, 'PATCH', path, { state: 'active' })).json<KeyView>().state, 'active');
    assertProblem(await call(store, 'PATCH', path, { state: 'active' }), 409, 'KEY_STATE_CONFLICT');
  });
  await t.test('is revoked only with a reason, and for good', async () => {
    assertProblem(await call(store, 'PATCH', path, { state: 'revoked' }), 400, 'REQUEST_INVALID');
    assert.equal((await call(store, 'PATCH', path, { state: 'revoked', reason: 'stolen' })).status, 200);
    assertProblem(await call(store, 'PATCH', path, { state: 'active' }), 409, 'KEY_STATE_CONFLICT');
  });
  await t.test('that is not registered is 404, and one that is no fingerprint 400', async () => {
    assertProblem(await call(store, 'GET', `/keys/${'A'.repeat(40)}`), 404, 'KEY_NOT_FOUND');
    assertProblem(await call(store, 'GET', '/keys/xyz'), 400, 'FINGERPRINT_INVALID');
    assertProblem(await call(store, 'PATCH', `/keys/${'A'.repeat(40)}`, { name: 'x' }), 404, 'KEY_NOT_FOUND');
  });
  await t.test('that is none is 422', async () => {
    assertProblem(await call(store, 'POST', '/keys', { key: 'hello' }), 422, 'KEY_INVALID');
    const weak = fixture('keys/rsa1024.asc').toString();
    assertProblem(await call(store, 'POST', '/keys', { key: weak }), 422, 'KEY_UNSUPPORTED');
  });
});

test('a revocation', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'ed25519');
  await t.test('takes everything the key signed out of the list, and numbers the rest', async () => {
    const { items } = (await call(store, 'GET', '/signatures')).json<{ items: readonly { signer: string }[] }>();
    const signer = items.at(-1)?.signer;
    assert.equal((await call(store, 'PATCH', `/keys/${signer}`, { state: 'revoked', reason: 'stolen' })).status, 200);
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('ed25519'));
    assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404);
  });
});

type TokenView = {
  id: string;
  secret?: string;
  scopes: readonly string[];
  expiresAt: string | null;
  revokedAt: string;
};

test('a token', async (t) => {
  const store = await scene(t);
  const created = await call(store, 'POST', '/tokens', { name: 'ci', permissions: ['read'] });
  const token = created.json<TokenView>();

  await t.test('is created with 201, its secret, and ninety days to live', () => {
    assert.equal(created.status, 201, created.text);
    assert.match(String(token.secret), /^lks_[A-Za-z0-9_-]{49}$/);
    assert.deepEqual(token.scopes, ['']);
    const days = (Date.parse(String(token.expiresAt)) - Date.now()) / 86_400_000;
    assert.ok(days > 89.9 && days <= 90);
  });
  await t.test('shows its secret nowhere else', async () => {
    const list = await call(store, 'GET', '/tokens');
    assert.ok(list.text.includes(token.id));
    assert.doesNotMatch(list.text, /secret|sha256|lks_/);
  });
  await t.test('is revoked with 204, also twice', async () => {
    for (let time = 0; time < 2; time++) assert.equal((await call(store, 'DELETE', `/tokens/${token.id}`)).status, 204);
    const answer = await store.get('/api/v1/signatures', { authorization: `Bearer ${token.secret}` });
    assertProblem(answer, 401, 'CREDENTIALS_INVALID');
  });
  await t.test('that is not there is 404', async () =>
    assertProblem(await call(store, 'DELETE', '/tokens/nothing'), 404, 'TOKEN_NOT_FOUND'),
  );
  const BAD: readonly [what: string, body: object][] = [
    ['no name', { permissions: ['read'] }],
    ['a blank name', { name: '  ', permissions: ['read'] }],
    ['a name of 201 characters', { name: 'x'.repeat(201), permissions: ['read'] }],
    ['no permission', { name: 'x', permissions: [] }],
    ['an unknown permission', { name: 'x', permissions: ['root'] }],
    ['an unknown member', { name: 'x', permissions: ['read'], scope: ['quay.io'] }],
    ['no lifetime left', { name: 'x', permissions: ['read'], expiresInDays: 0 }],
    ['eleven years', { name: 'x', permissions: ['read'], expiresInDays: 4000 }],
    ['a scope that is a list', { name: 'x', permissions: ['read'], scopes: [['quay.io']] }],
  ];
  for (const [what, body] of BAD)
    await t.test(`with ${what} is 400`, async () =>
      assertProblem(await call(store, 'POST', '/tokens', body), 400, 'REQUEST_INVALID'),
    );
  await t.test('with a scope that is none is 400 SCOPE_INVALID', async () => {
    const body = { name: 'x', permissions: ['read'], scopes: ['acme'] };
    assertProblem(await call(store, 'POST', '/tokens', body), 400, 'SCOPE_INVALID');
  });
});

type Detail = {
  claim: { dockerReference: string };
  payload: string;
  history: readonly { action: string }[];
  state: string;
};

test('a stored signature', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'ed25519');

  await t.test('has its claim, packets and history', async () => {
    const detail = (await call(store, 'GET', '/signatures/1')).json<Detail>();
    assert.ok(detail.payload.includes(detail.claim.dockerReference));
    assert.deepEqual(
      detail.history.map(({ action }) => action),
      ['signature.stored'],
    );
  });
  await t.test('can be downloaded as it is', async () => {
    const answer = await call(store, 'GET', '/signatures/1/blob');
    assert.deepEqual(answer.body, signature('rsa2048'));
    assert.equal(answer.headers['content-type'], 'application/octet-stream');
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="signature-1"');
  });
  await t.test('is withdrawn only with a reason', async () => {
    for (const body of [
      {},
      { reason: '' },
      { reason: '  ' },
      { reason: 'x', force: true },
      { reason: 'x'.repeat(1001) },
    ])
      assertProblem(await call(store, 'DELETE', '/signatures/1', body), 400, 'REQUEST_INVALID');
  });
  await t.test('is withdrawn with 204: the next one takes its number at once', async () => {
    assert.equal((await call(store, 'DELETE', '/signatures/1', { reason: 'mistake' })).status, 204);
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('ed25519'));
    assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404);
  });
  await t.test('keeps its history and bytes, and is not withdrawn twice', async () => {
    const detail = (await call(store, 'GET', '/signatures/1')).json<Detail>();
    assert.equal(detail.state, 'withdrawn');
    assert.deepEqual(
      detail.history.map(({ action }) => action),
      ['signature.stored', 'signature.withdrawn'],
    );
    assertProblem(await call(store, 'DELETE', '/signatures/1', { reason: 'again' }), 409, 'SIGNATURE_WITHDRAWN');
  });
  for (const id of ['99', '0', '-1', '1.5', '01', 'x', '9'.repeat(17)])
    await t.test(`that is not there is ${id === '99' ? 404 : 400}: ${id}`, async () => {
      const [status, code] =
        id === '99' ? ([404, 'SIGNATURE_NOT_FOUND'] as const) : ([400, 'REQUEST_INVALID'] as const);
      assertProblem(await call(store, 'GET', `/signatures/${id}`), status, code);
      assertProblem(await call(store, 'GET', `/signatures/${id}/blob`), status, code);
      assertProblem(await call(store, 'DELETE', `/signatures/${id}`, { reason: 'x' }), status, code);
    });
});
