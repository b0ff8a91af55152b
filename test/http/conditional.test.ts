// Conditional requests (RFC 9110 §13): what caches in front of the store send.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIGEST, IMAGE, scene, stored } from './scene.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const httpDate = (ms: number) => new Date(ms).toUTCString();

test('a conditional request', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'ed25519');
  const path = `/${IMAGE}/signature-1`;
  const { headers } = await store.get(path);
  const etag = String(headers.etag);
  const modified = String(headers['last-modified']);
  const other = String((await store.get(`/${IMAGE}/signature-2`)).headers.etag);

  const table: readonly [what: string, status: number, headers: Record<string, string>][] = [
    ['the ETag', 304, { 'if-none-match': etag }],
    ['the ETag, weakened by a proxy', 304, { 'if-none-match': `W/${etag}` }],
    ['the ETag in a list', 304, { 'if-none-match': `${other}, ${etag}` }],
    ['the ETag after an empty element', 304, { 'if-none-match': `,${etag}` }],
    ['any ETag', 304, { 'if-none-match': '*' }],
    ['the ETag of another signature', 200, { 'if-none-match': other }],
    ['the ETag without its quotes', 200, { 'if-none-match': etag.replaceAll('"', '') }],
    ['an empty ETag', 200, { 'if-none-match': '' }],
    ['the date it was stored', 304, { 'if-modified-since': modified }],
    ['a later date', 304, { 'if-modified-since': httpDate(Date.now() + DAY_MS) }],
    ['an earlier date', 200, { 'if-modified-since': httpDate(Date.now() - DAY_MS) }],
    ['a date that is none', 200, { 'if-modified-since': 'yesterday' }],
    ['another ETag, whatever the date', 200, { 'if-none-match': other, 'if-modified-since': modified }],
    ['the ETag, whatever the date', 304, { 'if-none-match': etag, 'if-modified-since': httpDate(0) }],
    ['a range, which is ignored', 200, { range: 'bytes=0-9' }],
  ];
  for (const [what, expected, conditions] of table)
    await t.test(`answers ${expected} to ${what}`, async () => {
      const { status, body, headers } = await store.get(path, conditions);
      assert.equal(status, expected);
      assert.equal(headers.etag, etag);
      assert.equal(headers['cache-control'], 'public, max-age=60');
      assert.equal(headers['last-modified'], modified);
      if (expected === 304) assert.equal(body.length, 0);
      else assert.ok(body.length > 0);
    });

  await t.test('is 404 for what is not there, whatever the condition', async () => {
    for (const conditions of [{ 'if-none-match': '*' }, { 'if-modified-since': httpDate(Date.now() + DAY_MS) }])
      assert.equal((await store.get(`/${IMAGE}/signature-3`, conditions)).status, 404);
  });

  await t.test('holds for the layout by digest too', async () => {
    const byDigest = `/${DIGEST.replace(':', '=')}/signature-1`;
    assert.equal((await store.get(byDigest, { 'if-none-match': etag })).status, 304);
  });
});
