// A pipeline publishes without a secret: what its CI system says of it, for a token of 15 minutes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScope } from '../../server/domain/scope.ts';
import { jwt, newKey, publicJwk, testIssuer } from '../support/issuer.ts';
import { ALL, LOCAL, testServer } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { EXCHANGE, type ExchangedView, oidcScene, secretOf } from './oidc-scene.ts';
import { assertProblem, IMAGE, problemOf, results, signature } from './scene.ts';
import { bearer, send } from './wire.ts';

const MINUTE = 60_000;

test('an ID token of a trusted pipeline', needs('openssl'), async (t) => {
  const store = await oidcScene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  const publisher = await store.trust();
  const [rsa4096 = ''] = await store.registerKeys('rsa4096');
  const put = (name: string, token: string) =>
    send(store.url, `/${IMAGE}/signature-1`, { method: 'PUT', headers: bearer(token), body: signature(name) });
  const raw = (path: string, name: string, token: string) =>
    send(store.url, `/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', ...bearer(token) },
      body: signature(name),
    });
  let token = '';

  await t.test('is exchanged for a token of 15 minutes', async () => {
    const answer = await store.exchange(store.idToken());
    token = secretOf(answer);
    const { expiresAt, keys, publisher: of } = answer.json<ExchangedView>();
    assert.deepEqual([expiresAt, keys, of.id], ['2026-01-01T00:15:00.000Z', [store.rsa2048], publisher.id]);
    assert.match(token, /^lks_/);
  });
  await t.test('leaves a row in the audit log that says which run it was, and nothing secret in the log', async () => {
    const [row] = await store.audit('token.exchanged');
    assert.deepEqual(row?.actor, { kind: 'token', id: row?.subject, name: 'releases' });
    assert.equal(row?.detail.publisher, publisher.id);
    const about = row?.detail.about as readonly string[];
    assert.ok(about.includes('run_id=777') && about.includes('repository=acme/app'), String(about));
    assert.doesNotMatch(store.logged(), /lks_|eyJ/);
  });
  await t.test('gives nothing but uploads and reads within the scopes of the publisher', async () => {
    const stored = await raw('signatures', 'rsa2048-uncompressed', token);
    assert.equal(results(stored)[0]?.status, 'stored', stored.text);
    assertProblem(await send(store.url, '/api/v1/keys', { headers: bearer(token) }), 403, 'PERMISSION_MISSING');
    const elsewhere = IMAGE.replace('acme', 'other');
    assertProblem(
      await send(store.url, `/${elsewhere}/signature-1`, { method: 'PUT', headers: bearer(token), body: 'x' }),
      403,
      'TOKEN_SCOPE',
    );
    const read = (image: string) => send(store.url, `/${image}/signature-1`, { headers: bearer(token) });
    assert.deepEqual([(await read(IMAGE)).status, (await read(elsewhere)).status], [200, 403]);
  });
  await t.test('gives nothing for signatures of other registered keys, new or stored', async () => {
    const { detail } = problemOf(await put('rsa4096', token), 403, 'TOKEN_KEY');
    assert.ok(detail.includes(store.rsa2048) && detail.includes(rsa4096), detail);
    assert.equal((await raw('signatures', 'rsa4096', await store.createToken(['upload']))).status, 201);
    assert.equal((await raw('signatures', 'rsa4096', token)).status, 403);
    assert.equal(results(await raw('verify', 'rsa4096', token))[0]?.problem?.code, 'TOKEN_KEY');
  });
  await t.test('is not in the list of tokens that people make, but in that of its publisher', async () => {
    assert.deepEqual(
      (await store.local.tokens.list({}, ALL, LOCAL)).items.map(({ publisher: of }) => of),
      [null],
    );
    const given = await store.local.tokens.list({ publisher: publisher.id }, ALL, LOCAL);
    assert.deepEqual(
      given.items.map(({ publisher: of, keys }) => [of, keys]),
      [[publisher.id, [store.rsa2048]]],
    );
  });
  await t.test('notes that its publisher was used', async () => {
    assert.equal((await store.local.publishers.list(LOCAL))[0]?.lastUsedAt, store.now());
  });
  await t.test('is worth nothing after those minutes, and what it was worth is forgotten in a day', async () => {
    store.later(16 * MINUTE);
    assertProblem(await put('rsa2048-uncompressed', token), 401, 'CREDENTIALS_EXPIRED');
    store.later(25 * 60 * MINUTE);
    secretOf(await store.exchange(store.idToken()));
    assertProblem(await put('rsa2048-uncompressed', token), 401, 'CREDENTIALS_INVALID');
    assert.equal((await store.local.tokens.list({ publisher: publisher.id }, ALL, LOCAL)).items.length, 1);
  });
  await t.test('ends with its publisher, at once', async () => {
    const last = secretOf(await store.exchange(store.idToken()));
    await store.local.publishers.remove(publisher.id, LOCAL);
    assertProblem(await put('rsa2048-uncompressed', last), 401, 'CREDENTIALS_INVALID');
    assertProblem(await store.exchange(store.idToken()), 401, 'ID_TOKEN_INVALID');
    assert.deepEqual(
      (await store.audit('publisher.removed')).map(({ subject }) => subject),
      [publisher.id],
    );
  });
});

test('an ID token is refused', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust();
  const at = (minutes: number) => Math.floor((store.now() + minutes * MINUTE) / 1000);
  const refused: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['for another audience', { aud: 'https://other.example.com' }, /its audience is .*other\.example\.com/],
    [
      'for an audience that begins with ours',
      { aud: 'https://sigs.example.com/' },
      /must be "https:\/\/sigs\.example\.com" alone/,
    ],
    ['for ours and another audience', { aud: ['https://sigs.example.com', 'https://other.example.com'] }, /alone/],
    ['for no audience', { aud: undefined }, /audience/],
    ['that has expired', { iat: at(-20), nbf: at(-20), exp: at(-2) }, /expired at 2025-12-31T23:58:00/],
    ['that is not good yet', { nbf: at(2) }, /nbf is missing or wrong/],
    ['from the future', { iat: at(2) }, /iat|is of/],
    ['without an end', { exp: undefined }, /exp is missing/],
    ['without a beginning', { iat: undefined }, /iat is missing/],
    ['that is good for more than a day', { exp: at(25 * 60) }, /more than a day/],
  ];
  for (const [what, changes, message] of refused)
    await t.test(what, async () =>
      assert.match(problemOf(await store.exchange(store.idToken(changes)), 401, 'ID_TOKEN_INVALID').detail, message),
    );
  await t.test('not for clocks that differ by less than a minute', async () => {
    secretOf(await store.exchange(store.idToken({ iat: at(0.9), nbf: at(0.9) })));
    secretOf(await store.exchange(store.idToken({ iat: at(-5), nbf: at(-5), exp: at(-0.9) })));
  });
  await t.test('when it is none, in the same words as one of a stranger', async () => {
    const stranger = { iss: 'https://elsewhere.example.com' };
    const words = new Set<string>();
    for (const text of ['x', 'a.b.c', 'lks_x', store.idToken(stranger), store.idToken({}, newKey('first'))])
      words.add(problemOf(await store.exchange(text), 401, 'ID_TOKEN_INVALID').detail);
    assert.equal(words.size, 1, [...words].join('\n'));
  });
  await t.test('as part of a request that is none', async () => {
    const post = (body: string, type = 'application/json') =>
      send(store.url, EXCHANGE, { method: 'POST', headers: { 'content-type': type }, body });
    assertProblem(await post('{}'), 400, 'REQUEST_INVALID');
    assertProblem(await post(JSON.stringify({ idToken: store.idToken(), scopes: [''] })), 400, 'REQUEST_INVALID');
    assertProblem(await post(store.idToken(), 'text/plain'), 415, 'CONTENT_TYPE_UNSUPPORTED');
    assertProblem(await post(JSON.stringify({ idToken: 'x'.repeat(40_000) })), 413, 'REQUEST_TOO_LARGE');
    assertProblem(await send(store.url, EXCHANGE), 405, 'METHOD_NOT_ALLOWED');
  });
});

test('a pipeline that is not the one', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust();
  await t.test('of the same repository is told what differs', async () => {
    const { detail } = problemOf(
      await store.exchange(store.idToken({ environment: 'test' })),
      403,
      'PUBLISHER_UNMATCHED',
    );
    assert.match(detail, /"releases" does not match: environment is "test" and must be "release"/);
  });
  await t.test('of another repository is told what it is itself, and nothing of the publisher', async () => {
    const { detail } = problemOf(
      await store.exchange(store.idToken({ repository_id: '124' })),
      403,
      'PUBLISHER_UNMATCHED',
    );
    assert.match(detail, /repository_id "124"/);
    assert.doesNotMatch(detail, /releases|"123"|must be/);
  });
  await t.test('does not spend its ID token', async () => {
    const idToken = store.idToken({ environment: 'nightly' });
    assertProblem(await store.exchange(idToken), 403, 'PUBLISHER_UNMATCHED');
    await store.trust({ name: 'nightly', claims: { repository_id: '123', environment: 'nightly' } });
    secretOf(await store.exchange(idToken));
  });
  await t.test('is told to wait after a hundred times, while the right one is still taken', async () => {
    const wrong = store.idToken({ repository_id: '124' });
    const answers = [];
    for (let count = 0; count < 101; count++) answers.push((await store.exchange(wrong)).status);
    assert.equal(answers.at(-1), 429);
    secretOf(await store.exchange(store.idToken()));
  });
});

test('several publishers for one pipeline', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust({ scopes: [parseScope('quay.io/acme')] });
  await store.trust({ name: 'main', claims: { repository_id: '123', ref: 'refs/heads/main' } });
  await t.test('are not added up', async () => {
    const { detail } = problemOf(await store.exchange(store.idToken()), 409, 'PUBLISHER_AMBIGUOUS');
    assert.match(detail, /"main", "releases"/);
  });
  await t.test('are told apart by their name', async () => {
    const answer = await store.exchange(store.idToken(), 'releases');
    assert.deepEqual(answer.json<{ scopes: string[] }>().scopes, ['quay.io/acme']);
    assertProblem(await store.exchange(store.idToken({ environment: 'x' }), 'releases'), 403, 'PUBLISHER_UNMATCHED');
  });
});

test('the keys of an issuer', needs('openssl'), async (t) => {
  const store = await oidcScene(t);
  await store.trust();
  secretOf(await store.exchange(store.idToken()));
  const asked = () => store.issuer.asked.length;
  await t.test('are fetched once for many tokens', async () => {
    const before = asked();
    assert.equal(before, 2);
    for (let count = 0; count < 5; count++) secretOf(await store.exchange(store.idToken()));
    assert.equal(asked(), before);
  });
  await t.test('that are new count at once, and the old ones no more', async () => {
    store.later(MINUTE);
    const old = store.issuer.key();
    store.issuer.rotate('second', 'ES256');
    secretOf(await store.exchange(store.idToken()));
    assertProblem(await store.exchange(store.idToken({}, old)), 401, 'ID_TOKEN_INVALID');
  });
  await t.test('are not asked for again and again by tokens that name others', async () => {
    const before = asked();
    for (let count = 0; count < 20; count++)
      await store.exchange(store.idToken({}, newKey(`unknown-${count}`, 'ES256')));
    assert.ok(asked() <= before + 2, `${asked() - before} requests`);
  });
  await t.test('count for hours while the issuer is down, and not for ever', async () => {
    store.issuer.instead = (_request, response) => void response.writeHead(503).end();
    store.later(5 * 60 * MINUTE);
    secretOf(await store.exchange(store.idToken()));
    store.later(2 * 60 * MINUTE);
    const problem = problemOf(await store.exchange(store.idToken()), 503, 'ISSUER_UNAVAILABLE');
    assert.doesNotMatch(problem.detail, /localhost/);
    assert.match(store.logged(), /localhost:\d+ answered 503, not 200/);
  });
  await t.test('count again when it is back', async () => {
    store.issuer.instead = null;
    store.later(MINUTE);
    secretOf(await store.exchange(store.idToken()));
  });
  await t.test('may be several, of one id or none', async () => {
    store.later(11 * MINUTE);
    const [one, two] = [newKey('a'), newKey('b')];
    store.issuer.documents.keys = { keys: [publicJwk(one), publicJwk(two), 'nonsense', { kty: 'oct', k: 'AAAA' }] };
    secretOf(await store.exchange(store.idToken({}, two)));
    assertProblem(await store.exchange(jwt(store.claims(), two, { kid: 'a' })), 401, 'ID_TOKEN_INVALID');
  });
});

test('a store that does not know its public URL', needs('openssl'), async (t) => {
  const issuer = await testIssuer(t);
  const server = await testServer(t, issuer.settings);
  const answer = await send(server.url, EXCHANGE, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ idToken: jwt({ iss: issuer.url }, issuer.key()) }),
  });
  assertProblem(answer, 409, 'AUDIENCE_UNKNOWN');
});
