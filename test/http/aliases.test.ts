// Aliases through the API: whoever reads or uploads through one reads and uploads what it stands for, from the request
// after the change on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORPUS_DIGEST_HEX, LOCAL } from '../support/server.ts';
import { assertProblem, DIGEST, IMAGE, problemOf, REPOSITORY, results, scene, signature, stored } from './scene.ts';
import { type Answer, bearer, form, send } from './wire.ts';

type Alias = { readonly id: number; readonly path: string; readonly target: string; readonly warnings: string[] };

const AT = `@sha256=${CORPUS_DIGEST_HEX}`;
const OWN = `/${IMAGE}/signature-1`;
const MIRRORED = `/mirror.corp/hub/acme/app${AT}/signature-1`;
const HOST = 'registry.example.com';

type Server = { readonly url: string; readonly token: string };

function ask({ url, token }: Server, method: string, path: string, body?: object): Promise<Answer> {
  const json = body && {
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...bearer(token) },
  };
  return send(url, `/api/v1/aliases${path}`, { method, headers: bearer(token), ...json });
}

async function add(server: Server, path: string, target: string, replace = false): Promise<Alias> {
  const answer = await ask(server, 'POST', '', { path, target, replace });
  assert.equal(answer.status, 201, answer.text);
  return answer.json<Alias>();
}

test('an alias', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'ed25519');
  const own = await store.get(OWN);
  assert.equal((await store.get(MIRRORED)).status, 404);
  const { id } = await add(store, '/mirror.corp/hub', HOST);

  await t.test('serves what it stands for: bytes, ETag and all', async () => {
    for (const [path, same] of [
      [MIRRORED, OWN],
      [MIRRORED.replace('signature-1', 'signature-2'), OWN.replace('signature-1', 'signature-2')],
      [`/mirror.corp//hub/acme/app${AT.replace('@', '%40')}/signature-1`, OWN],
    ] as const) {
      const [through, direct] = [await store.get(path), await store.get(same)];
      assert.equal(through.status, 200);
      assert.deepEqual(through.body, direct.body);
      for (const field of ['etag', 'last-modified', 'cache-control', 'content-type', 'content-length'])
        assert.equal(through.headers[field], direct.headers[field], field);
    }
  });
  await t.test('answers HEAD, conditions, the number after the last, and by digest', async () => {
    assert.equal((await send(store.url, MIRRORED, { method: 'HEAD' })).headers.etag, own.headers.etag);
    assert.equal((await store.get(MIRRORED, { 'if-none-match': own.headers.etag ?? '' })).status, 304);
    assert.equal((await store.get(MIRRORED.replace(/1$/, '3'))).status, 404);
    const byDigest = await store.get(`/mirror.corp/hub/sha256=${CORPUS_DIGEST_HEX}/signature-1`);
    assert.deepEqual(byDigest.body, own.body);
    assert.equal((await store.get(`/mirror.corp/sha256=${CORPUS_DIGEST_HEX}/signature-1`)).status, 404);
  });
  await t.test('knows a withdrawal of what it stands for at once', async () => {
    await store.get(MIRRORED.replace(/1$/, '2'));
    const [, second] = results(await store.upload({ bytes: signature('rsa2048') }, { bytes: signature('ed25519') }));
    const withdraw = { method: 'DELETE', body: '{"reason": "test"}' };
    const headers = { ...bearer(store.token), 'content-type': 'application/json' };
    const { status } = await send(store.url, `/api/v1/signatures/${second?.id}`, { ...withdraw, headers });
    assert.equal(status, 204);
    assert.equal((await store.get(MIRRORED.replace(/1$/, '2'))).status, 404);
  });
  await t.test('is listed, and in the audit log', async () => {
    const { items } = (await ask(store, 'GET', '')).json<{ items: Alias[] }>();
    assert.deepEqual(
      items.map(({ path, target, warnings }) => [path, target, warnings]),
      [['/mirror.corp/hub', HOST, []]],
    );
    const { items: events } = (
      await store.get('/api/v1/audit?action=alias.added', { authorization: `Bearer ${store.token}` })
    ).json<{
      items: { subject: string; detail: object }[];
    }>();
    assert.deepEqual(
      events.map(({ subject, detail }) => [subject, detail]),
      [['/mirror.corp/hub', { target: HOST, replaced: null }]],
    );
  });
  await t.test('is not added twice, but replaced', async () => {
    assertProblem(await ask(store, 'POST', '', { path: '/mirror.corp/hub', target: 'quay.io' }), 409, 'ALIAS_EXISTS');
    await add(store, '/mirror.corp/hub', 'quay.io', true);
    assert.equal((await store.get(MIRRORED)).status, 404);
    await add(store, '/mirror.corp/hub', HOST, true);
    assert.equal((await store.get(MIRRORED)).status, 200);
    assertProblem(await ask(store, 'DELETE', `/${id}`), 404, 'ALIAS_NOT_FOUND');
  });
  await t.test('ends at once when it is removed', async () => {
    const { items } = (await ask(store, 'GET', '')).json<{ items: Alias[] }>();
    assert.equal((await ask(store, 'DELETE', `/${items[0]?.id}`)).status, 204);
    assert.equal((await store.get(MIRRORED)).status, 404);
    assert.equal((await store.get(OWN)).status, 200);
  });
  await t.test('is one of many, which are listed at once', async () => {
    for (let index = 0; index < 100; index++) {
      const request = { path: `/many/${index}`, target: HOST, replace: false };
      await store.local.aliases.add(request, LOCAL);
    }
    const answer = await ask(store, 'GET', '');
    assert.equal(answer.json<{ items: Alias[] }>().items.length, 100);
  });
  await t.test('is refused with a path or target that is none', async () => {
    for (const body of [
      { path: '/api/v1', target: HOST },
      { path: '/livez', target: HOST },
      { path: 'x', target: HOST },
      { path: '/x', target: 'acme' },
    ])
      assertProblem(await ask(store, 'POST', '', body), 400, 'ALIAS_INVALID');
  });
});

test('an alias that takes the address of a repository', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const aliased = await add(store, `/${HOST}`, 'quay.io');

  await t.test('wins, and is told so', async () => {
    assert.match(aliased.warnings.join(), /registry\.example\.com\/acme\/app.*not read there now/);
    await store.get(OWN); // remembered or not
    assert.equal((await store.get(OWN)).status, 404);
  });
  for (const name of ['rsa2048', 'rsa4096'])
    await t.test(`makes uploads for it a refusal, stored before or not: ${name}`, async () => {
      assertProblem(await store.upload({ bytes: signature(name) }), 409, 'REPOSITORY_HIDDEN');
      const told = problemOf(await store.uploadRaw(signature(name), IMAGE), 422, 'CLAIM_REPOSITORY_MISMATCH');
      assert.match(told.detail, /quay\.io/);
    });
  await t.test('leaves out what a longer one leads to itself', async () => {
    await add(store, `/${HOST}/acme`, `${HOST}/acme`);
    assert.equal((await store.get(OWN)).status, 200);
    assert.equal((await store.upload({ bytes: signature('rsa4096') })).status, 201);
  });
  await t.test('is told when its target is an alias, too, which is not followed', async () => {
    const { warnings } = await add(store, '/legacy', HOST);
    assert.match(warnings.join(), /is an alias, too/);
    assert.equal((await store.get(`/legacy/acme/app${AT}/signature-1`)).status, 200);
  });
  await t.test('leaves the address in full, when it takes a short one', async () => {
    const short = await scene(t, { LOOKASIDE_DEFAULT_REGISTRY: HOST });
    await stored(short, 'rsa2048');
    assert.equal((await short.get(`/acme/app${AT}/signature-1`)).status, 200);
    const { warnings } = await add(short, '/acme', 'quay.io/acme');
    assert.match(warnings.join(), /read at \/registry\.example\.com\/acme\/app only/);
    assert.equal((await short.get(`/acme/app${AT}/signature-1`)).status, 404);
    assert.equal((await short.get(OWN)).status, 200);
    assert.equal((await short.upload({ bytes: signature('rsa4096') })).status, 201);
  });
});

test('targets of uploads', async (t) => {
  const store = await scene(t);
  await add(store, '/Signatures/prod', `${HOST}/acme`);
  await add(store, '/mirror.corp', HOST);
  await add(store, `/${HOST}/other`, 'quay.io'); // a chain, if they were followed
  await add(store, '/chained', `${HOST}/other`);
  const headers = bearer(store.token);
  const target = `Signatures/prod/app${AT}`;

  await t.test('may be written with an alias: raw, as name of a part, and PUT', async () => {
    const [raw] = results(await store.uploadRaw(signature('rsa2048'), target));
    assert.deepEqual([raw?.repository, raw?.digest, raw?.number], [REPOSITORY, DIGEST, 1]);
    assert.equal(raw?.url, `${store.url}${OWN}`);
    const { headers: type, body } = form([
      { bytes: signature('rsa4096'), filename: `mirror.corp/acme/app${AT}/signature-9` },
    ]);
    const [part] = results(
      await send(store.url, '/api/v1/signatures', { method: 'POST', headers: { ...type, ...headers }, body }),
    );
    assert.deepEqual([part?.repository, part?.number], [REPOSITORY, 2]);
    const put = await send(store.url, `/${target}/signature-3`, { method: 'PUT', headers, body: signature('ed25519') });
    assert.equal(put.status, 201, put.text);
    assert.equal(put.headers.location, `${store.url}${OWN.replace(/1$/, '3')}`);
  });
  await t.test('are compared with the claim as what the alias stands for', async () => {
    const answer = await store.uploadRaw(signature('rsa2048'), `chained/app${AT}`);
    assert.match(problemOf(answer, 422, 'CLAIM_REPOSITORY_MISMATCH').detail, /registry\.example\.com\/other\/app/);
  });
  await t.test('lie within the scopes of a token, or not, as what the alias stands for', async () => {
    const [inside, outside] = [[`${HOST}/acme`], ['mirror.corp', 'quay.io']];
    for (const [scopes, status] of [
      [inside, 200],
      [outside, 403],
    ] as const) {
      const token = await store.createToken(['upload'], scopes);
      const content = { ...bearer(token), 'content-type': 'application/octet-stream' };
      const query = `target=${encodeURIComponent(`mirror.corp/acme/app${AT}`)}`;
      const sent = { method: 'POST', headers: content, body: signature('rsa2048') };
      assert.equal((await send(store.url, `/api/v1/signatures?${query}`, sent)).status, status);
    }
  });
});
