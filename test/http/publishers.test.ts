// Trusted publishers as admins manage them over the API.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwt } from '../support/issuer.ts';
import { needs } from '../support/tools.ts';
import { type OidcScene, oidcScene, secretOf } from './oidc-scene.ts';
import { assertProblem, problemOf } from './scene.ts';
import { bearer, send } from './wire.ts';

const PUBLISHERS = '/api/v1/publishers';

type View = { id: string; name: string; issuer: string; advice: string | null; lastUsedAt: string | null };
type Trials = { items: { publisher: View; matches: boolean; mismatches: { claim: string }[] }[] };

async function caller(store: OidcScene, token: string) {
  return (method: string, path: string, body?: unknown) =>
    send(store.url, PUBLISHERS + path, {
      method,
      headers: { ...bearer(token), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

test('publishers', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  const call = await caller(store, await store.createToken(['admin']));
  const body = {
    name: 'releases',
    kind: 'github',
    issuer: store.issuer.url,
    claims: { repository_id: '123', environment: 'release' },
    scopes: ['registry.example.com/acme'],
    keys: [store.rsa2048.toLowerCase()],
  };
  let id = '';

  await t.test('are added, with a row in the audit log', async () => {
    const answer = await call('POST', '', body);
    assert.equal(answer.status, 201, answer.text);
    const view = answer.json<View>();
    id = view.id;
    assert.deepEqual([view.name, view.advice, view.lastUsedAt], ['releases', null, null]);
    const [row] = await store.audit('publisher.added');
    assert.deepEqual([row?.subject, row?.detail.claims], [id, ['repository_id=123', 'environment=release']]);
  });
  await t.test('have the issuer of their kind where none is named', async () => {
    const { issuer: _issuer, ...rest } = body;
    const answer = await call('POST', '', { ...rest, name: 'public', claims: { repository_id: '9' } });
    const { issuer, advice } = answer.json<View>();
    assert.equal(issuer, 'https://token.actions.githubusercontent.com');
    assert.match(advice ?? '', /every pipeline with this repository_id/);
    assertProblem(await call('POST', '', { ...rest, name: 'k', kind: 'kubernetes' }), 400, 'PUBLISHER_INVALID');
  });
  await t.test('are not added twice, by name alone, or with a key nobody registered', async () => {
    assertProblem(await call('POST', '', body), 409, 'PUBLISHER_EXISTS');
    const named = problemOf(
      await call('POST', '', { ...body, name: 'n', claims: { repository: 'acme/app' } }),
      400,
      'PUBLISHER_INVALID',
    );
    assert.match(named.detail, /registered by somebody else/);
    assertProblem(await call('POST', '', { ...body, name: 'n', keys: ['A'.repeat(40)] }), 404, 'KEY_NOT_FOUND');
    assertProblem(await call('POST', '', { ...body, name: 'n', keys: ['xyz'] }), 400, 'FINGERPRINT_INVALID');
    assertProblem(await call('POST', '', { ...body, name: 'n', permissions: ['admin'] }), 400, 'REQUEST_INVALID');
    assertProblem(
      await call('POST', '', { ...body, name: 'n', claims: { repository_id: 123 } }),
      400,
      'REQUEST_INVALID',
    );
  });
  await t.test('are tried with an ID token, which is not spent', async () => {
    const idToken = store.idToken({ environment: 'test' });
    const answer = await call('POST', '/test', { idToken });
    assert.equal(answer.status, 200, answer.text);
    const [trial] = answer.json<Trials>().items;
    assert.deepEqual(trial?.mismatches, [{ claim: 'environment', wanted: 'release', found: 'test' }]);
    const good = store.idToken();
    assert.equal((await call('POST', '/test', { idToken: good })).json<Trials>().items[0]?.matches, true);
    secretOf(await store.exchange(good));
    assert.doesNotMatch(store.logged(), /eyJ/);
  });
  await t.test('are tried with claims that are believed', async () => {
    const tried = async (claims: object) => (await call('POST', '/test', { claims })).json<Trials>().items;
    assert.deepEqual(
      (await tried({ repository_id: '9' })).map(({ matches }) => matches),
      [true, false],
    );
    assert.equal((await tried({ iss: store.issuer.url, repository_id: '9' })).length, 1);
    assertProblem(await call('POST', '/test', {}), 400, 'REQUEST_INVALID');
    assertProblem(
      await call('POST', '/test', { idToken: jwt({ iss: 'https://x.example' }, store.issuer.key()) }),
      401,
      'ID_TOKEN_INVALID',
    );
  });
  await t.test('say why the keys of an issuer cannot be had, to admins', async () => {
    const answer = await call('POST', '', { ...body, name: 'down', issuer: 'https://169.254.169.254' });
    assert.equal(answer.status, 201, answer.text);
    const idToken = jwt(store.claims({ iss: 'https://169.254.169.254' }), store.issuer.key());
    const { detail } = problemOf(await call('POST', '/test', { idToken }), 503, 'ISSUER_UNAVAILABLE');
    assert.match(detail, /private address.*LOOKASIDE_OIDC_PRIVATE_HOSTS/);
    assert.doesNotMatch(problemOf(await store.exchange(idToken), 503, 'ISSUER_UNAVAILABLE').detail, /private|169/);
  });
  await t.test('are listed by name and removed', async () => {
    const names = async () => (await call('GET', '')).json<{ items: View[] }>().items.map(({ name }) => name);
    assert.deepEqual(await names(), ['down', 'public', 'releases']);
    assert.equal((await call('DELETE', `/${id}`)).status, 204);
    assert.deepEqual(await names(), ['down', 'public']);
    assertProblem(await call('DELETE', `/${id}`), 404, 'PUBLISHER_NOT_FOUND');
  });
});

test('publishers are for admins', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  const publisher = await store.trust();
  await t.test('and not for other tokens', async () => {
    const call = await caller(store, await store.createToken(['upload', 'read', 'withdraw']));
    for (const [method, path, body] of [
      ['GET', ''],
      ['POST', '', {}],
      ['POST', '/test', {}],
      ['DELETE', `/${publisher.id}`],
    ] as const)
      assertProblem(await call(method, path, body), 403, 'PERMISSION_MISSING');
  });
  await t.test('within their scopes', async () => {
    const call = await caller(store, await store.createToken(['admin'], ['quay.io']));
    assert.deepEqual((await call('GET', '')).json<{ items: View[] }>().items, []);
    assertProblem(await call('DELETE', `/${publisher.id}`), 403, 'TOKEN_SCOPE');
    const body = { name: 'x', kind: 'github', claims: { repository_id: '1' }, keys: [store.rsa2048] };
    assertProblem(await call('POST', '', { ...body, scopes: ['docker.io'] }), 403, 'TOKEN_SCOPE');
    assertProblem(await call('POST', '', { ...body, scopes: [''] }), 403, 'TOKEN_SCOPE');
    assert.equal((await call('POST', '', { ...body, scopes: ['quay.io/acme'] })).status, 201);
    const trials = (await call('POST', '/test', { idToken: store.idToken() })).json<Trials>();
    assert.deepEqual(trials.items, []);
  });
});
