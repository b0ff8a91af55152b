// What an operator and a load balancer ask: alive, ready, metrics. And what the API says to what it does not know.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { ERRORS } from '../../server/domain/errors.ts';
import { PERMISSIONS } from '../../server/domain/principal.ts';
import { READ_OUTCOMES, SIGN_IN_OUTCOMES } from '../../server/ops/metrics.ts';
import { assertProblem, IMAGE, scene, signature } from './scene.ts';
import { bearer, send, sendRaw } from './wire.ts';

test('the server', async (t) => {
  const store = await scene(t);
  await t.test('is live and ready, for this moment only', async () => {
    for (const [path, status] of Object.entries({ '/livez': 'live', '/readyz': 'ready' })) {
      const answer = await store.get(path);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.json(), { status });
      assert.equal(answer.headers['cache-control'], 'no-store');
    }
  });
  await t.test('writes nothing into the audit log when it is asked whether it is ready', async () => {
    const before = (await store.get('/api/v1/audit', { authorization: `Bearer ${store.token}` })).text;
    await store.get('/readyz');
    assert.equal((await store.get('/api/v1/audit', { authorization: `Bearer ${store.token}` })).text, before);
  });
  await t.test('does not say what it is made of', async () => {
    for (const path of ['/livez', '/', '/api/v1/signatures', `/${IMAGE}/signature-1`]) {
      const { headers } = await store.get(path);
      assert.equal(headers['x-powered-by'], undefined);
      assert.equal(headers.server, undefined);
      assert.equal(headers['set-cookie'], undefined);
    }
  });
});

test('a database locked by another process', async (t) => {
  const store = await scene(t);
  const other = new Database(store.config.databasePath);
  t.after(() => other.close());
  other.exec('BEGIN IMMEDIATE');
  const [ready, upload, read] = await Promise.all([
    store.get('/readyz'),
    store.uploadRaw(signature('rsa2048')),
    store.get(`/${IMAGE}/signature-1`),
  ]);
  other.exec('ROLLBACK');

  await t.test('makes the server not ready', () => assertProblem(ready, 503, 'STORE_BUSY'));
  await t.test('refuses uploads with 503', () => assertProblem(upload, 503, 'STORE_BUSY'));
  await t.test('does not touch reads', () => assert.equal(read.status, 404));
  await t.test('is forgotten when it is free again', async () => {
    assert.equal((await store.get('/readyz')).status, 200);
    assert.equal((await store.uploadRaw(signature('rsa2048'))).status, 201);
  });
});

test('the metrics', async (t) => {
  const store = await scene(t);
  await store.uploadRaw(signature('rsa2048'));
  await store.uploadRaw(signature('rsa2048'));
  await store.uploadRaw(signature('stranger'));
  for (const path of [`/${IMAGE}/signature-1`, `/${IMAGE}/signature-2`, '/x']) await store.get(path);
  await store.get(`/${IMAGE}/signature-1`, { 'if-none-match': '*' });
  const { status, text, headers } = await send(store.metricsUrl, '/metrics');
  const value = (line: string) =>
    text
      .split('\n')
      .find((row) => row.startsWith(`${line} `))
      ?.slice(line.length + 1);

  await t.test('are Prometheus text on a listener of their own', async () => {
    assert.equal(status, 200);
    assert.match(String(headers['content-type']), /^text\/plain/);
    assert.equal((await store.get('/metrics')).status, 404);
    assert.equal((await send(store.metricsUrl, '/')).status, 404);
    assert.equal(new URL(store.metricsUrl).hostname, '127.0.0.1');
  });
  await t.test('count what happened', () => {
    const expected: Record<string, string> = {
      'lookaside_reads_total{outcome="hit"}': '1',
      'lookaside_reads_total{outcome="not_modified"}': '1',
      'lookaside_reads_total{outcome="miss"}': '2',
      'lookaside_reads_total{outcome="fault"}': '0',
      'lookaside_uploads_total{outcome="stored"}': '1',
      'lookaside_uploads_total{outcome="exists"}': '1',
      'lookaside_uploads_total{outcome="KEY_UNKNOWN"}': '1',
      lookaside_live_signatures: '1',
      'lookaside_keys{state="active"}': '4',
      'lookaside_keys{state="revoked"}': '0',
      lookaside_verification_queue: '0',
      lookaside_verification_seconds_count: '2',
    };
    for (const [line, number] of Object.entries(expected)) assert.equal(value(line), number, line);
  });
  await t.test('have labels from closed sets only, beside the names of registered keys', () => {
    const codes = Object.keys(ERRORS);
    const closed: Record<string, ReadonlySet<string>> = {
      outcome: new Set([...READ_OUTCOMES, ...SIGN_IN_OUTCOMES, 'stored', 'exists', ...codes]),
      code: new Set(codes),
      state: new Set(['active', 'retired', 'revoked']),
      result: new Set(['hit', 'miss']),
    };
    for (const [, name, labels = ''] of text.matchAll(/^(lookaside_\w+)\{(.*)\} /gm))
      for (const [, label = '', word = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
        if (label in closed) assert.ok(closed[label]?.has(word), `${name} ${word}`);
        else if (label === 'name' || label === 'key_id') assert.match(name ?? '', /^lookaside_key_/);
        else if (label === 'metric') assert.match(word, /^lookaside_/);
        else assert.ok(['le', 'version', 'node'].includes(label), `${name} has the label ${label}`);
      }
  });
  await t.test('name no repository, digest or token', () =>
    assert.doesNotMatch(text, /registry\.example|sha256|[0-9A-F]{40}|lks_|tester/),
  );
});

test('what the API does not know', async (t) => {
  const store = await scene(t);
  const json = { 'content-type': 'application/json', ...bearer(store.token) };
  await t.test('is 404, as a problem', async () => {
    for (const path of ['/api', '/api/', '/api/v1', '/api/v1/', '/api/v2/signatures', '/api/v1/signature', '/api/%'])
      assertProblem(await send(store.url, path, { headers: json }), 404, 'NOT_FOUND');
    assertProblem(await store.get('/'), 404, 'NOT_FOUND');
  });
  await t.test('is 400 when it is no JSON', async () => {
    for (const body of ['{', 'null x', '"text"', '{"a":1}}'])
      assertProblem(
        await send(store.url, '/api/v1/tokens', { method: 'POST', headers: json, body }),
        400,
        'REQUEST_MALFORMED',
      );
  });
  await t.test('is 400 when it is JSON of another shape', async () => {
    for (const body of ['[]', '{}', '{"name":1}'])
      assertProblem(
        await send(store.url, '/api/v1/tokens', { method: 'POST', headers: json, body }),
        400,
        'REQUEST_INVALID',
      );
  });
  await t.test('is 413 when it is more JSON than any call takes', async () => {
    const body = JSON.stringify({ key: 'x'.repeat(2 * 1024 * 1024) });
    assertProblem(
      await send(store.url, '/api/v1/keys', { method: 'POST', headers: json, body }),
      413,
      'REQUEST_TOO_LARGE',
    );
  });
  await t.test('is 400 when it is no HTTP', async () => {
    assert.match(await sendRaw(store.url, 'HELLO\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.equal((await store.get('/livez')).status, 200);
  });
});

test('a stranger', async (t) => {
  const store = await scene(t);
  const headers = { 'content-type': 'application/json' };
  for (const path of ['/api/v1/keys', '/api/v1/tokens'])
    await t.test(`is told so before his body is looked at: ${path}`, async () => {
      for (const body of ['{', JSON.stringify({ key: 'x'.repeat(2 * 1024 * 1024) })])
        assertProblem(await send(store.url, path, { method: 'POST', headers, body }), 401, 'CREDENTIALS_MISSING');
    });
  await t.test('is not told which calls there are', async () => {
    const reader = await store.createToken(PERMISSIONS.filter((permission) => permission !== 'admin'));
    assertProblem(await send(store.url, '/api/v1/keys', { headers: bearer(reader) }), 403, 'PERMISSION_MISSING');
  });
});
