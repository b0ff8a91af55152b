// The read path, request by request, against a running server: exactly 200 or 404 (304 to who asks conditionally).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { DIGEST, IMAGE, REPOSITORY, scene, signature, stored } from './scene.ts';
import { send, sendRaw } from './wire.ts';

const HEX = DIGEST.slice('sha256:'.length);
const ONE = signature('rsa2048');
const ETAG = `"${createHash('sha256').update(ONE).digest('hex')}"`;

test('a signature', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'ed25519');
  const path = `/${IMAGE}/signature-1`;

  await t.test('is served byte for byte, with the headers of a file', async () => {
    const { status, headers, body } = await store.get(path);
    assert.equal(status, 200);
    assert.deepEqual(body, ONE);
    assert.equal(headers['content-type'], 'application/octet-stream');
    assert.equal(headers['content-length'], String(ONE.length));
    assert.equal(headers.etag, ETAG);
    assert.equal(headers['cache-control'], 'public, max-age=60');
    assert.match(String(headers['last-modified']), / GMT$/);
  });

  await t.test('carries no header of browsers, cookies or frameworks', async () => {
    for (const known of [path, `/${IMAGE}/signature-3`]) {
      const { headers } = await store.get(known);
      const names = Object.keys(headers).filter((name) => !['date', 'connection', 'keep-alive'].includes(name));
      const allowed = ['content-type', 'content-length', 'etag', 'cache-control', 'last-modified'];
      for (const name of names) assert.ok(allowed.includes(name), `${name} on ${known}`);
    }
  });

  await t.test('has a HEAD with the same headers and no body', async () => {
    const get = await store.get(path);
    const head = await send(store.url, path, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.body.length, 0);
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'cache-control'])
      assert.equal(head.headers[name], get.headers[name], name);
  });

  await t.test('is followed by the second, and then by a 404 that nobody may keep', async () => {
    assert.deepEqual((await store.get(`/${IMAGE}/signature-2`)).body, signature('ed25519'));
    for (const method of ['GET', 'HEAD']) {
      const miss = await send(store.url, `/${IMAGE}/signature-3`, { method });
      assert.equal(miss.status, 404);
      assert.equal(miss.headers['cache-control'], 'no-store');
      assert.equal(miss.headers['content-length'], '0');
      assert.equal(miss.headers.etag, undefined);
    }
  });
});

/** Same signature under another spelling of its path. */
const SPELLINGS: readonly [what: string, path: string][] = [
  ['a query string, which is ignored', `/${IMAGE}/signature-1?token=abc`],
  ['a query string with another path in it', `/${IMAGE}/signature-1?/${IMAGE}/signature-2`],
  ['an empty query string', `/${IMAGE}/signature-1?`],
  ['repeated slashes, as a base with a trailing slash makes them', `//${IMAGE}/signature-1`],
  ['repeated slashes everywhere', `///registry.example.com//acme///app@sha256=${HEX}//signature-1`],
  ['an escaped @ and =', `/registry.example.com/acme/app%40sha256%3D${HEX}/signature-1`],
  ['escapes in lower case', `/registry.example.com/acme/app%40sha256%3d${HEX}/signature-1`],
  ['a letter escaped needlessly', `/registry.example.com/%61cme/app@sha256=${HEX}/signature-1`],
  ['the layout by digest, over the whole store', `/sha256=${HEX}/signature-1`],
  ['the layout by digest, below a registry', `/registry.example.com/sha256=${HEX}/signature-1`],
  ['the layout by digest, below a namespace', `/registry.example.com/acme/sha256=${HEX}/signature-1`],
  ['the layout by digest, at the repository itself', `/${REPOSITORY}/sha256=${HEX}/signature-1`],
];

const MISSES: readonly [what: string, path: string][] = [
  ['an unknown repository', `/registry.example.com/acme/other@sha256=${HEX}/signature-1`],
  ['an unknown digest', `/${REPOSITORY}@sha256=${'0'.repeat(64)}/signature-1`],
  ['another port of the registry', `/registry.example.com:5000/acme/app@sha256=${HEX}/signature-1`],
  ['signature-0', `/${IMAGE}/signature-0`],
  ['a leading zero', `/${IMAGE}/signature-01`],
  ['signature-128', `/${IMAGE}/signature-128`],
  ['signature-999', `/${IMAGE}/signature-999`],
  ['a number of twenty digits', `/${IMAGE}/signature-${'1'.repeat(20)}`],
  ['a negative number', `/${IMAGE}/signature--1`],
  ['a number with a plus', `/${IMAGE}/signature-+1`],
  ['no number', `/${IMAGE}/signature-`],
  ['more after the number', `/${IMAGE}/signature-1/`],
  ['a suffix', `/${IMAGE}/signature-1.gpg`],
  ['the image without a signature', `/${IMAGE}`],
  ['an escaped slash', `/registry.example.com%2Facme/app@sha256=${HEX}/signature-1`],
  ['an escaped slash in lower case', `/registry.example.com%2facme/app@sha256=${HEX}/signature-1`],
  ['an escaped backslash', `/registry.example.com%5Cacme/app@sha256=${HEX}/signature-1`],
  ['an escaped NUL', `/${IMAGE}/signature-1%00`],
  ['an escaped line feed', `/${IMAGE}/signature-1%0A`],
  ['a broken escape', `/${IMAGE}/signature-1%`],
  ['an escape that is no UTF-8', `/${REPOSITORY}%FF@sha256=${HEX}/signature-1`],
  ['a doubly escaped @', `/registry.example.com/acme/app%2540sha256=${HEX}/signature-1`],
  ['a step up', `/registry.example.com/acme/../acme/app@sha256=${HEX}/signature-1`],
  ['an escaped step up', `/registry.example.com/acme/%2e%2e/acme/app@sha256=${HEX}/signature-1`],
  ['a single dot', `/registry.example.com/./acme/app@sha256=${HEX}/signature-1`],
  ['an upper-case repository', `/registry.example.com/ACME/app@sha256=${HEX}/signature-1`],
  ['an upper-case digest', `/${REPOSITORY}@sha256=${HEX.toUpperCase()}/signature-1`],
  ['a colon for the equals sign', `/${REPOSITORY}@sha256:${HEX}/signature-1`],
  ['another algorithm', `/${REPOSITORY}@sha512=${HEX}${HEX}/signature-1`],
  ['a short digest', `/${REPOSITORY}@sha256=${HEX.slice(1)}/signature-1`],
  ['a tag', `/${REPOSITORY}:v1@sha256=${HEX}/signature-1`],
  ['no repository', `/@sha256=${HEX}/signature-1`],
  ['a name longer than any repository', `/${'a/'.repeat(200)}app@sha256=${HEX}/signature-1`],
  ['by digest, a prefix that ends inside a component', `/registry.example.com/acm/sha256=${HEX}/signature-1`],
  ['by digest, another namespace', `/registry.example.com/acme-evil/sha256=${HEX}/signature-1`],
  ['by digest, a prefix glued to the digest', `/registry.example.com/acme/appsha256=${HEX}/signature-1`],
  ['by digest, number 10', `/sha256=${HEX}/signature-10`],
  ['the favourite of scanners', '/.git/config'],
  ['a page of a browser', '/index.html'],
];

test('the path', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  for (const [what, path] of SPELLINGS)
    await t.test(`finds the signature with ${what}`, async () => {
      const { status, body } = await store.get(path);
      assert.equal(status, 200);
      assert.deepEqual(body, ONE);
    });
  for (const [what, path] of MISSES)
    await t.test(`is 404 and never a redirect for ${what}`, async () => {
      const { status, headers } = await store.get(path);
      assert.equal(status, 404);
      assert.equal(headers.location, undefined);
      assert.equal(headers['cache-control'], 'no-store');
    });
});

test('a request target in absolute form', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const answer = await sendRaw(
    store.url,
    `GET http://sigs.example.com/${IMAGE}/signature-1?x HTTP/1.1\r\nHost: sigs.example.com\r\nConnection: close\r\n\r\n`,
  );
  await t.test('is read as its path', () => assert.match(answer, /^HTTP\/1\.1 200 /));
});

test('another method', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  for (const method of ['POST', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])
    for (const path of [`/${IMAGE}/signature-1`, `/${IMAGE}/signature-2`, '/nothing/here'])
      await t.test(`is 405 and named in Allow: ${method} ${path.slice(0, 20)}`, async () => {
        const { status, headers } = await send(store.url, path, { method });
        assert.equal(status, 405);
        assert.equal(headers.allow, 'GET, HEAD, PUT');
      });
  await t.test('has changed nothing', async () => assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 200));
});
