// What browsers are told with every kind of answer of the API and the pages, refusals and faults included; and that reads
// carry none of it, being for runtimes.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { IMAGE, scene, signature, stored } from './scene.ts';
import { type Answer, bearer, type Sent, send } from './wire.ts';

const NOTHING = "default-src 'none';frame-ancestors 'none'";
const OWN_FILES = "default-src 'none';script-src 'self'";

function assertGuarded({ headers, status }: Answer, policy: string, what: string): void {
  assert.ok(
    String(headers['content-security-policy']).startsWith(policy),
    `${what}: ${headers['content-security-policy']}`,
  );
  assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, what);
  const fixed = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-permitted-cross-domain-policies': 'none',
  };
  for (const [name, value] of Object.entries(fixed)) assert.equal(headers[name], value, `${what}: ${name}`);
  assert.match(String(headers['referrer-policy']), /^(?:no-referrer|same-origin)$/, what);
  // TLS may be a proxy's, and with it how long browsers insist on it.
  for (const name of ['x-powered-by', 'server', 'strict-transport-security', 'access-control-allow-origin'])
    assert.equal(headers[name], undefined, `${what}: ${name}`);
  if (status >= 400) assert.equal(headers['set-cookie'], undefined, `${what}: a cookie`);
}

const octets = { 'content-type': 'application/octet-stream' };

test('an answer of the API', async (t) => {
  const store = await scene(t, { LOOKASIDE_MAX_SIGNATURE_BYTES: '2048' });
  await stored(store, 'rsa2048');
  const all = bearer(store.token);
  const few = bearer(await store.createToken(['read']));
  const upload = (body: Uint8Array, headers = octets): Sent => ({
    method: 'POST',
    headers: { ...headers, ...all },
    body,
  });
  const json = (method: string, body: string): Sent => ({
    method,
    headers: { 'content-type': 'application/json', ...all },
    body,
  });
  const KINDS: readonly [status: number, path: string, sent: Sent][] = [
    [200, '/api/v1/signatures', { headers: all }],
    [200, '/api/v1/signatures/1/blob', { headers: all }],
    [200, '/api/v1/openapi.json', {}],
    [200, '/livez', {}],
    [200, '/readyz', {}],
    [201, '/api/v1/signatures', upload(signature('ed25519'))],
    [201, `/${IMAGE}/signature-3`, { method: 'PUT', headers: all, body: signature('ecdsa-p256') }],
    [204, '/api/v1/signatures/1', json('DELETE', '{"reason":"x"}')],
    [400, '/api/v1/tokens', json('POST', '{')],
    [400, '/api/v1/signatures/%', { headers: all }],
    [400, '/api/v1/signatures?nonsense=1', { headers: all }],
    [400, '/x', { method: 'PUT', headers: all, body: 'x' }],
    [401, '/api/v1/signatures', {}],
    [401, '/api/v1/signatures', { headers: bearer('lks_x') }],
    [401, '/api/v1/session', json('POST', '{"username":"nobody","password":"not this one"}')],
    [403, '/api/v1/tokens', { headers: few }],
    [404, '/api/v1/nothing', { headers: all }],
    [404, '/api', {}],
    [405, '/api/v1/overview', { method: 'PUT', headers: all }],
    [405, '/livez', { method: 'POST' }],
    [413, '/api/v1/signatures', upload(Buffer.alloc(4_000))],
    [415, '/api/v1/signatures', upload(Buffer.from('x'), { 'content-type': 'text/plain' })],
    [422, '/api/v1/signatures', upload(Buffer.from('<html>'))],
  ];
  for (const [status, path, sent] of KINDS)
    await t.test(`is guarded: ${status} to ${sent.method ?? 'GET'} ${path}`, async () => {
      const answer = await send(store.url, path, sent);
      assert.equal(answer.status, status, answer.text);
      assertGuarded(answer, NOTHING, path);
      assert.match(String(answer.headers['cache-control']), path.endsWith('openapi.json') ? /./ : /no-store/, path);
    });
  await t.test('is guarded: 429', async () => {
    let last: Answer | undefined;
    for (let count = 0; count < 105; count++)
      last = await send(store.url, '/api/v1/keys', { headers: bearer('lks_x') });
    assert.equal(last?.status, 429);
    assertGuarded(last, NOTHING, '429');
  });
  await t.test('is guarded when the store fails', async () => {
    renameSync(store.config.databasePath, `${store.config.databasePath}.away`);
    const answer = await send(store.url, '/api/v1/tokens', json('POST', '{"name":"x","permissions":["read"]}'));
    assert.ok(answer.status >= 500, answer.text);
    assertGuarded(answer, NOTHING, 'a fault');
  });
});

test('a page', async (t) => {
  const store = await scene(t);
  for (const path of ['/ui/', '/ui/keys', '/ui/assets/none.js', '/ui/none.js'])
    await t.test(`is guarded: ${path}`, async () => {
      const answer = await store.get(path);
      assert.ok([200, 404, 503].includes(answer.status)); // 503 where the pages are not built
      assertGuarded(answer, OWN_FILES, path);
    });
  for (const path of ['/ui', '/'])
    await t.test(`is led to safely: ${path}`, async () => {
      const answer = await store.get(path, { accept: 'text/html' });
      assert.equal(answer.headers.location, '/ui/');
      assertGuarded(answer, NOTHING, path);
    });
});

test('a read', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  for (const [status, number] of [
    [200, 1],
    [404, 2],
  ])
    await t.test(`has nothing for browsers: ${status}`, async () => {
      const answer = await store.get(`/${IMAGE}/signature-${number}`);
      assert.equal(answer.status, status);
      const names = Object.keys(answer.headers);
      assert.deepEqual(
        names.filter((name) => /policy|^x-|cookie|^server$|transport-security/.test(name)),
        [],
      );
    });
});
