// A page of another site makes the browser of somebody who is signed in ask for a change (cross-site request forgery).
// SameSite=Strict keeps the cookie back; this is what happens where it does not: siblings, old browsers.
import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { assertProblem, IMAGE, signature } from '../http/scene.ts';
import { form, send } from '../http/wire.ts';
import { peopleScene } from '../support/people.ts';

const PAGE = 'https://evil.example';
const token = { name: 'stolen', permissions: ['admin'] };

const FOREIGN: readonly (readonly [what: string, headers: OutgoingHttpHeaders])[] = [
  ['of another site', { origin: PAGE }],
  ['of a sibling domain', { origin: 'http://evil.127.0.0.1' }],
  ['of another port', { origin: 'http://127.0.0.1:1' }],
  ['whose name begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
  ['without an address', { origin: 'null' }],
  ['without an address, as a frame of ours', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ['that the browser calls another site', { 'sec-fetch-site': 'cross-site' }],
  ['that the browser calls a neighbour', { 'sec-fetch-site': 'same-site' }],
  ['that claims our origin, and the browser says otherwise', { 'sec-fetch-site': 'cross-site', 'x-own': '1' }],
  ['that names another host beside its own', { origin: PAGE, 'x-forwarded-host': 'evil.example' }],
];

test('a change by cookie from a page', async (t) => {
  const store = await peopleScene(t);
  const { cookie } = await store.person();
  const post = (path: string, body: unknown, headers: OutgoingHttpHeaders) => {
    const { 'x-own': own, ...others } = headers;
    const sent = { cookie, 'content-type': 'application/json', ...(own ? { origin: store.url } : {}), ...others };
    return send(store.url, path, { method: 'POST', headers: sent, body: JSON.stringify(body) });
  };
  for (const [what, headers] of FOREIGN)
    await t.test(`is refused: ${what}`, async () =>
      assertProblem(await post('/api/v1/tokens', token, headers), 403, 'ORIGIN_REFUSED'),
    );
  await t.test('is refused where nothing says which page it is from', async () =>
    assertProblem(await post('/api/v1/tokens', token, {}), 403, 'ORIGIN_REFUSED'),
  );
  await t.test('is refused for a form, which needs no leave from us to be sent', async () => {
    const { headers, body } = form([{ bytes: signature('rsa2048'), filename: IMAGE }]);
    const sent = { ...headers, cookie, origin: PAGE };
    assertProblem(
      await send(store.url, '/api/v1/signatures', { method: 'POST', headers: sent, body }),
      403,
      'ORIGIN_REFUSED',
    );
  });
  await t.test('is refused for signing out, and the session goes on', async () => {
    for (const headers of [{ cookie, origin: PAGE }, { cookie }])
      assertProblem(await send(store.url, '/api/v1/session', { method: 'DELETE', headers }), 403, 'ORIGIN_REFUSED');
    assert.equal((await send(store.url, '/api/v1/session', { headers: { cookie } })).status, 200);
  });
  await t.test('has changed nothing', async () => {
    assert.equal((await store.audit('token.created')).length, 0);
  });
  await t.test('is granted from a page of ours', async () => {
    for (const headers of [{ origin: store.url }, { 'sec-fetch-site': 'same-origin' }])
      assert.equal((await post('/api/v1/tokens', token, headers)).status, 201);
  });
});

test('signing in from a page', async (t) => {
  const store = await peopleScene(t);
  for (const [what, { 'x-own': own, ...headers }] of FOREIGN)
    await t.test(`is refused, or it could sign its visitor in as somebody else: ${what}`, async () => {
      const answer = await store.signIn('admin', undefined, { origin: own ? store.url : undefined, ...headers });
      assertProblem(answer, 403, 'ORIGIN_REFUSED');
      assert.equal(answer.headers['set-cookie'], undefined);
    });
  await t.test('is granted to a program, which no page can make do it', async () =>
    assert.equal((await store.signIn('admin', undefined, { origin: undefined })).status, 200),
  );
});

test('reading by cookie', async (t) => {
  const store = await peopleScene(t);
  const { cookie } = await store.person();
  const read = (headers: OutgoingHttpHeaders) => send(store.url, '/api/v1/keys', { headers: { cookie, ...headers } });
  await t.test('is refused for another site or a neighbour, which could learn from how long it takes', async () => {
    for (const site of ['cross-site', 'same-site', 'same-site, same-origin'])
      assertProblem(await read({ 'sec-fetch-site': site }), 403, 'ORIGIN_REFUSED');
  });
  await t.test('is granted to our pages, to who types the address, and to browsers that do not say', async () => {
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {}])
      assert.equal((await read(headers)).status, 200);
  });
});

test('a token that the browser remembers (Basic)', async (t) => {
  const store = await peopleScene(t);
  const secret = await store.createToken(['admin', 'upload']);
  const basic = { authorization: `Basic ${Buffer.from(`x:${secret}`).toString('base64')}` };
  const post = (headers: OutgoingHttpHeaders) =>
    send(store.url, '/api/v1/tokens', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(token),
    });
  await t.test('is as little use to a foreign page', async () =>
    assertProblem(await post({ ...basic, origin: PAGE }), 403, 'ORIGIN_REFUSED'),
  );
  await t.test('is good for programs, which send no Origin, as every token is in Bearer', async () => {
    assert.equal((await post(basic)).status, 201);
    assert.equal((await post({ authorization: `Bearer ${secret}`, origin: PAGE })).status, 201);
  });
});

const OWN: readonly (readonly [what: string, settings: Environment, headers: OutgoingHttpHeaders, right: boolean])[] = [
  ['the Host of the request', {}, { host: 'sigs.example.com', origin: 'http://sigs.example.com' }, true],
  ['with the default port spelt out', {}, { host: 'sigs.example.com:443', origin: 'https://sigs.example.com' }, true],
  [
    'LOOKASIDE_PUBLIC_URL',
    { LOOKASIDE_PUBLIC_URL: 'https://sigs.example.com/x' },
    { origin: 'https://sigs.example.com' },
    true,
  ],
  [
    'X-Forwarded-Host of a trusted proxy',
    { LOOKASIDE_TRUST_PROXY: '1' },
    { 'x-forwarded-host': 'a.example', origin: 'http://a.example' },
    true,
  ],
  ['X-Forwarded-Host of nobody', {}, { 'x-forwarded-host': 'a.example', origin: 'http://a.example' }, false],
  [
    'the same host without TLS',
    { LOOKASIDE_PUBLIC_URL: 'https://a.example' },
    { host: 'a.example', origin: 'http://a.example' },
    false,
  ],
  [
    'the same host without TLS, behind a trusted proxy',
    { LOOKASIDE_TRUST_PROXY: '1' },
    { 'x-forwarded-proto': 'https', host: 'a.example', origin: 'http://a.example' },
    false,
  ],
];

test('our own address', async (t) => {
  for (const [what, settings, headers, right] of OWN)
    await t.test(`is ${right ? '' : 'not '}${what}`, async (t) => {
      const store = await peopleScene(t, settings);
      const answer = await store.signIn('admin', undefined, headers);
      assert.equal(answer.status, right ? 200 : 403, answer.text);
    });
});
