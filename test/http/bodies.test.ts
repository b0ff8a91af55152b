// Bodies that are too large, malformed, of the wrong kind, slow or never finished. The answer comes before the rest
// of the body, and the server goes on.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { assertProblem, IMAGE, problemOf, type Scene, scene, signature } from './scene.ts';
import { type Answer, bearer, form, type Problem, send } from './wire.ts';

const MAX = 1024;
/** More than the limit, and more than any reader waits for. */
const BEGINNING_BYTES = 64 * 1024;
const PATIENCE_MS = 2_000;
const SIGNATURES = '/api/v1/signatures';

type Start = { readonly path?: string; readonly headers: Record<string, string>; readonly head?: string };

/** Sends the beginning of a body that never ends; null when there is no answer to it. */
function begin(url: string, { path = SIGNATURES, headers, head = '' }: Start): Promise<Problem | null> {
  const { hostname, port } = new URL(url);
  const method = path === SIGNATURES ? 'POST' : 'PUT';
  const outgoing = request({ hostname, port, path, method, headers, agent: false });
  outgoing.on('error', () => {}); // the server may close on us while we are still sending
  outgoing.write(head);
  outgoing.write(Buffer.alloc(BEGINNING_BYTES));
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle(null), PATIENCE_MS);
    const settle = (problem: Problem | null) => {
      clearTimeout(timer);
      outgoing.destroy();
      resolve(problem);
    };
    outgoing.on('response', (incoming) => {
      incoming.setEncoding('utf8').once('data', (text: string) => settle(JSON.parse(text) as Problem));
    });
  });
}

const OCTETS = { 'content-type': 'application/octet-stream' };
const PART_HEAD =
  '--b\r\nContent-Disposition: form-data; name="signature"; filename="x"\r\nContent-Type: application/octet-stream\r\n\r\n';
const FORM = { 'content-type': 'multipart/form-data; boundary=b' };

test('a body without end', async (t) => {
  const store = await scene(t, { LOOKASIDE_MAX_SIGNATURE_BYTES: String(MAX) });
  const authorization = `Bearer ${store.token}`;
  const long = { 'content-length': String(1024 * 1024 * 1024) };
  const put = `/${IMAGE}/signature-1`;
  const table: readonly [what: string, status: number, code: string, start: Start][] = [
    ['announced, raw', 413, 'SIGNATURE_TOO_LARGE', { headers: { authorization, ...OCTETS, ...long } }],
    ['chunked, raw', 413, 'SIGNATURE_TOO_LARGE', { headers: { authorization, ...OCTETS } }],
    ['announced, by PUT', 413, 'SIGNATURE_TOO_LARGE', { path: put, headers: { authorization, ...long } }],
    ['chunked, by PUT', 413, 'SIGNATURE_TOO_LARGE', { path: put, headers: { authorization } }],
    ['announced, as a form', 413, 'REQUEST_TOO_LARGE', { headers: { authorization, ...FORM, ...long } }],
    ['chunked, as a form', 413, 'SIGNATURE_TOO_LARGE', { headers: { authorization, ...FORM }, head: PART_HEAD }],
    ['without a token', 401, 'CREDENTIALS_MISSING', { headers: { ...OCTETS } }],
    ['without a token, as a form', 401, 'CREDENTIALS_MISSING', { headers: { ...FORM }, head: PART_HEAD }],
    ['of another type', 415, 'CONTENT_TYPE_UNSUPPORTED', { headers: { authorization, 'content-type': 'text/html' } }],
  ];
  for (const [what, status, code, start] of table)
    await t.test(`${what} is ${status} ${code} before it is read to its end`, async () => {
      const problem = await begin(store.url, start);
      assert.ok(problem, `no answer for ${PATIENCE_MS} ms to a body that goes on`);
      assert.equal(problem.status, status);
      assert.equal(problem.code, code);
    });
  await t.test('does not stop the server', async () => assert.equal((await store.get('/livez')).status, 200));
});

test('the limit of a signature', async (t) => {
  const store = await scene(t, { LOOKASIDE_MAX_SIGNATURE_BYTES: String(MAX) });
  const bytes = (count: number) => Buffer.alloc(count, 0x90);
  await t.test('is the last size that is looked at', async () => {
    for (const answer of [await store.uploadRaw(bytes(MAX)), await store.upload({ bytes: bytes(MAX) })])
      assert.equal(answer.status, 422, answer.text);
  });
  await t.test('plus one byte is 413 with the limit in words', async () => {
    for (const answer of [await store.uploadRaw(bytes(MAX + 1)), await store.upload({ bytes: bytes(MAX + 1) })])
      assert.match(problemOf(answer, 413, 'SIGNATURE_TOO_LARGE').detail, /1024 bytes/);
  });
});

async function post(store: Scene, contentType: string | null, body: string | Uint8Array, more = {}): Promise<Answer> {
  const type = contentType === null ? {} : { 'content-type': contentType };
  return send(store.url, SIGNATURES, { method: 'POST', headers: { ...type, ...more, ...bearer(store.token) }, body });
}

test('a form', async (t) => {
  const store = await scene(t);
  const good = signature('rsa2048').toString('latin1');
  const part = `${PART_HEAD}${good}`;
  const field = '--b\r\nContent-Disposition: form-data; name="signature"\r\n\r\nvalue\r\n--b--\r\n';
  const other = part.replace('name="signature"', 'name="upload"');
  const table: readonly [what: string, status: number, code: string, type: string, body: string][] = [
    ['without a boundary', 400, 'REQUEST_MALFORMED', 'multipart/form-data', `${part}\r\n--b--\r\n`],
    ['with another boundary', 400, 'REQUEST_MALFORMED', 'multipart/form-data; boundary=c', `${part}\r\n--b--\r\n`],
    ['that ends in the middle of a part', 400, 'REQUEST_MALFORMED', FORM['content-type'], part],
    ['that ends in the head of a part', 400, 'REQUEST_MALFORMED', FORM['content-type'], PART_HEAD.slice(0, 40)],
    ['that is garbage', 400, 'REQUEST_MALFORMED', FORM['content-type'], 'garbage'],
    ['that is empty', 400, 'REQUEST_MALFORMED', FORM['content-type'], ''],
    ['without parts', 400, 'REQUEST_INVALID', FORM['content-type'], '--b--\r\n'],
    ['with a file of another name', 400, 'REQUEST_INVALID', FORM['content-type'], `${other}\r\n--b--\r\n`],
    ['with a field instead of a file', 400, 'REQUEST_INVALID', FORM['content-type'], field],
    ['with a field beside the file', 400, 'REQUEST_INVALID', FORM['content-type'], `${part}\r\n${field}`],
  ];
  for (const [what, status, code, type, body] of table)
    await t.test(`${what} is ${status} ${code}`, async () =>
      assertProblem(await post(store, type, Buffer.from(body, 'latin1')), status, code),
    );
  await t.test('that is refused stores nothing', async () =>
    assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 404),
  );
});

test('a content type', async (t) => {
  const store = await scene(t);
  for (const type of [
    'application/json',
    'text/plain',
    'application/pgp-signature',
    'application/x-www-form-urlencoded',
  ])
    await t.test(`of ${type} is 415 with those that are taken`, async () => {
      const { detail } = problemOf(await post(store, type, '{}'), 415, 'CONTENT_TYPE_UNSUPPORTED');
      assert.match(detail, /multipart\/form-data.*application\/octet-stream/);
    });
  await t.test('that is missing is 415', async () =>
    assertProblem(await post(store, null, signature('rsa2048')), 415, 'CONTENT_TYPE_UNSUPPORTED'),
  );
  await t.test('with a content-encoding is 415, raw and as a form', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    const raw = await post(store, OCTETS['content-type'], gzipSync(signature('rsa2048')), gzip);
    assertProblem(raw, 415, 'CONTENT_TYPE_UNSUPPORTED');
    const { headers, body } = form([{ bytes: signature('rsa2048') }]);
    const packed = await post(store, String(headers['content-type']), gzipSync(body), gzip);
    assertProblem(packed, 415, 'CONTENT_TYPE_UNSUPPORTED');
  });
});

test('an upload that is given up half way', async (t) => {
  const store = await scene(t);
  const { hostname, port } = new URL(store.url);
  for (const type of [OCTETS['content-type'], FORM['content-type']])
    await t.test(`leaves the server as it was: ${type}`, async () => {
      const headers = { 'content-type': type, 'content-length': '500', ...bearer(store.token) };
      const outgoing = request({ hostname, port, path: SIGNATURES, method: 'POST', headers, agent: false });
      const closed = new Promise((resolve) => outgoing.once('close', resolve));
      outgoing.on('error', () => {});
      outgoing.write(PART_HEAD, () => setTimeout(() => outgoing.destroy(), 50));
      await closed;
      assert.ok((await store.uploadRaw(signature('rsa2048'))).status < 300);
      assert.equal((await store.get('/readyz')).status, 200);
    });
});
