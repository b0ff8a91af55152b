// What must hold through any proxy: the rules of the read path, uploads with their early answers, people who sign in.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { PASSWORD } from '../support/people.ts';
import { CLIENT, NAME, type Proxied } from './proxy-scene.ts';
import { IMAGE, signature } from './scene.ts';
import { bearer, form } from './wire.ts';

const PATH = `/${IMAGE}/signature-1`;

export async function checkReads(t: TestContext, { ask, token }: Proxied): Promise<void> {
  const uploaded = await ask('/api/v1/signatures', {
    method: 'POST',
    headers: { ...bearer(token), 'content-type': 'application/octet-stream' },
    body: signature('rsa2048'),
  });
  assert.equal(uploaded.status, 201, uploaded.body.toString());

  await t.test('a signature is what was uploaded, with its own headers', async () => {
    const { status, headers, body } = await ask(PATH);
    assert.equal(status, 200);
    assert.deepEqual(body, signature('rsa2048'));
    assert.equal(headers['content-type'], 'application/octet-stream');
    assert.equal(headers['cache-control'], 'public, max-age=60');
    assert.match(String(headers.etag), /^"[0-9a-f]{64}"$/);
    assert.equal(headers['content-encoding'], undefined);
  });
  await t.test('is found by every spelling that the store knows', async () => {
    for (const path of [`/${PATH}`, PATH.replace('@', '%40').replace('=', '%3D'), `${PATH}?x=1`])
      assert.equal((await ask(path)).status, 200, path);
  });
  await t.test('is not sent again to who has it, and not at all for HEAD', async () => {
    const { etag } = (await ask(PATH)).headers;
    const known = await ask(PATH, { headers: { 'if-none-match': String(etag) } });
    assert.deepEqual([known.status, known.body.length], [304, 0]);
    const head = await ask(PATH, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length']], [200, String(signature('rsa2048').length)]);
  });
  await t.test('what there is not is the 404 of the store, and no page', async () => {
    for (const path of [PATH.replace(/1$/, '2'), '/library/nginx@sha256=0/signature-1', '/favicon.ico']) {
      const { status, headers, body } = await ask(path);
      assert.deepEqual([status, body.length, headers['content-type']], [404, 0, undefined], path);
    }
  });
}

export async function checkUploads(t: TestContext, { ask, token }: Proxied): Promise<void> {
  const large = Buffer.alloc(60 * 1024, 0x41);

  await t.test('a form of 256 arrives whole', async () => {
    const parts = Array.from({ length: 256 }, () => ({ bytes: large }));
    const { headers, body } = form(parts);
    const answer = await ask('/api/v1/signatures', { method: 'POST', headers: { ...headers, ...bearer(token) }, body });
    assert.equal(answer.status, 422, answer.body.toString().slice(0, 300));
    assert.equal(JSON.parse(answer.body.toString()).results.length, 256);
  });
  await t.test('a stranger is told so before the body has come', async () => {
    const { headers, body } = form(Array.from({ length: 200 }, () => ({ bytes: large })));
    const answer = await ask('/api/v1/signatures', { method: 'POST', headers, body });
    assert.equal(answer.status, 401);
    assert.equal(JSON.parse(answer.body.toString()).code, 'CREDENTIALS_MISSING');
  });
  await t.test('what is too large is told by the store', async () => {
    const body = Buffer.alloc(1024 * 1024, 0x41);
    const answer = await ask(PATH, { method: 'PUT', headers: bearer(token), body });
    assert.equal(answer.status, 413, answer.body.toString().slice(0, 300));
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
  });
}

export async function checkPeople(t: TestContext, { ask, audit, port }: Proxied): Promise<void> {
  const signIn = (password: string, headers: Record<string, string>) =>
    ask('/api/v1/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ username: 'admin', password }),
    });
  const origin = `https://${NAME}:${port}`;

  await t.test('people come from their own address, whatever they say', async () => {
    const answer = await signIn('wrong password', { origin, 'x-forwarded-for': '192.0.2.1' });
    assert.equal(answer.status, 401);
    assert.equal((await audit('session.refused'))[0]?.detail.address, CLIENT);
  });
  await t.test('they sign in from a page of the address they see, and get a cookie for TLS', async () => {
    const answer = await signIn(PASSWORD, { origin });
    assert.equal(answer.status, 200, answer.body.toString());
    assert.match(String(answer.headers['set-cookie']), /; Secure/);
  });
  await t.test('and from no other', async () => {
    for (const other of [`http://${NAME}:${port}`, `https://${NAME}`, 'https://evil.example'])
      assert.equal((await signIn(PASSWORD, { origin: other })).status, 403, other);
  });
}

export async function checkFault(t: TestContext, { ask, stop }: Proxied): Promise<void> {
  await t.test('a store that is down is a fault, and not a 404', async () => {
    await stop();
    const { status } = await ask(PATH);
    assert.ok(status >= 500, String(status));
  });
}
