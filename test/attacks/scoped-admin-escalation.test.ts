// An admin of one namespace tries to become an admin of more: by tokens, by keys, by changing what is not theirs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, scene } from '../http/scene.ts';
import { type Answer, bearer, send } from '../http/wire.ts';
import { ALL, fixture, LOCAL } from '../support/server.ts';

const OWN = 'quay.io/acme';

test('an admin of one namespace', async (t) => {
  const store = await scene(t);
  const admin = await store.createToken(['admin'], [OWN]);
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    send(store.url, `/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...bearer(admin) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const grant = (scopes: readonly string[] | undefined) =>
    call('POST', '/tokens', { name: 'x', permissions: ['admin'], ...(scopes ? { scopes } : {}) });
  const {
    items: [foreign],
  } = await store.local.keys.list({}, ALL, LOCAL);
  const foreignPath = `/keys/${foreign?.fingerprint}`;
  const key = fixture('keys/subkey.asc').toString();

  const WIDER = [[''], ['quay.io'], ['quay.io/acme-evil'], ['*.io'], [OWN, 'quay.io/other'], ['docker.io/acme']];
  for (const scopes of WIDER)
    await t.test(`creates no token for ${JSON.stringify(scopes)}`, async () =>
      assertProblem(await grant(scopes), 403, 'TOKEN_SCOPE'),
    );
  await t.test('creates no token for everything by naming nothing', async () => {
    assertProblem(await grant(undefined), 403, 'TOKEN_SCOPE');
    assertProblem(await grant([]), 403, 'TOKEN_SCOPE');
  });
  await t.test('creates tokens within the namespace', async () => {
    for (const scopes of [[OWN], [`${OWN}/app`]]) assert.equal((await grant(scopes)).status, 201);
  });
  for (const scopes of WIDER)
    await t.test(`registers no key for ${JSON.stringify(scopes)}`, async () =>
      assertProblem(await call('POST', '/keys', { key, scopes }), 403, 'TOKEN_SCOPE'),
    );
  await t.test('registers no key for everything by naming nothing', async () =>
    assertProblem(await call('POST', '/keys', { key }), 403, 'TOKEN_SCOPE'),
  );
  await t.test('registers a key for the namespace, and cannot widen it afterwards', async () => {
    const answer = await call('POST', '/keys', { key, scopes: [OWN] });
    assert.equal(answer.status, 201, answer.text);
    const [made] = answer.json<{ results: readonly { key: { fingerprint: string } }[] }>().results;
    const path = `/keys/${made?.key.fingerprint}`;
    for (const scopes of WIDER) assertProblem(await call('PATCH', path, { scopes }), 403, 'TOKEN_SCOPE');
    assertProblem(await call('PATCH', path, { scopes: [] }), 400, 'REQUEST_INVALID');
    assert.equal((await call('PATCH', path, { name: 'ours' })).status, 200);
  });
  await t.test('does not touch a key of others, not even to narrow it to the namespace', async () => {
    for (const change of [{ scopes: [OWN] }, { name: 'mine' }, { state: 'retired' }, { state: 'revoked', reason: 'x' }])
      assertProblem(await call('PATCH', foreignPath, change), 403, 'TOKEN_SCOPE');
    assertProblem(await call('GET', foreignPath), 403, 'TOKEN_SCOPE');
    const again = { key: fixture('keys/rsa2048.asc').toString(), scopes: [OWN] };
    assertProblem(await call('POST', '/keys', again), 403, 'TOKEN_SCOPE');
    assert.equal(
      (await store.local.keys.list({}, ALL, LOCAL)).items.filter(({ state }) => state.state !== 'active').length,
      0,
    );
  });
  await t.test('revokes no token of others, and sees none', async () => {
    const { items: tokens } = await store.local.tokens.list({}, ALL, LOCAL);
    const others = tokens.filter(({ scopes }) => scopes.includes('' as never));
    assert.ok(others.length > 0);
    for (const { id } of others) assertProblem(await call('DELETE', `/tokens/${id}`), 403, 'TOKEN_SCOPE');
    const seen = (await call('GET', '/tokens')).json<{ items: readonly { scopes: readonly string[] }[] }>().items;
    for (const { scopes } of seen) assert.ok(scopes.every((scope) => scope.startsWith(OWN)));
  });
  await t.test('does not read the audit log, which names every repository', async () =>
    assertProblem(await call('GET', '/audit'), 403, 'TOKEN_SCOPE'),
  );
  await t.test('neither uploads nor withdraws: admin is not every permission', async () => {
    const headers = { 'content-type': 'application/octet-stream', ...bearer(admin) };
    const upload = await send(store.url, '/api/v1/signatures', { method: 'POST', headers, body: 'x' });
    assertProblem(upload, 403, 'PERMISSION_MISSING');
    assertProblem(await call('DELETE', '/signatures/1', { reason: 'x' }), 403, 'PERMISSION_MISSING');
  });
});

test('a file with a key of one’s own and one of others', async (t) => {
  const store = await scene(t);
  const [own = ''] = await store.registerKeys('subkey');
  const admin = await store.createToken(['admin'], [OWN]);
  await t.test('changes neither', async () => {
    const file = Buffer.concat([fixture('keys/stranger.asc'), fixture('keys/rsa2048.asc')]);
    const headers = { 'content-type': 'application/pgp-keys', ...bearer(admin) };
    const answer = await send(store.url, `/api/v1/keys?scope=${OWN}`, { method: 'POST', headers, body: file });
    assertProblem(answer, 403, 'TOKEN_SCOPE');
    const { items: keys } = await store.local.keys.list({}, ALL, LOCAL);
    assert.equal(keys.length, 5);
    assert.ok(keys.some(({ fingerprint }) => fingerprint === own));
  });
});
