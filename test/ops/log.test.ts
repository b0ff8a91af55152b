// The log of a busy hour, with everything in it that must not be written: tokens, payloads, addresses with a query.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../server/ops/log.ts';
import { IMAGE, sceneOf, signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { fixture, testServer } from '../support/server.ts';

test('the log', async (t) => {
  const lines: string[] = [];
  const log = createLog('debug', { write: (line) => void lines.push(line) });
  const store = await sceneOf(await testServer(t, { LOOKASIDE_READ_ACCESS: 'token' }, { log }));
  const { token, url } = store;
  const secrets = [token, await store.createToken(['read']), await store.createToken(['read'], [], -1)];
  const json = { 'content-type': 'application/json', ...bearer(token) };

  for (const secret of secrets) {
    await store.get(`/${IMAGE}/signature-1?token=${secret}`, { authorization: `Bearer ${secret}` });
    await store.get(`/api/v1/signatures?secret=${secret}`, { authorization: `Bearer ${secret}` });
    await store.get(`/${secret}@sha256=x/signature-1?marker-in-query=1`);
  }
  for (const name of [
    'rsa2048',
    'stranger',
    'claim-critical-unknown',
    'claim-digest-short',
    'payload-bit',
    'json',
    'html',
  ])
    await store.uploadRaw(signature(name), name === 'rsa2048' ? IMAGE : undefined);
  await send(url, `/${IMAGE}/signature-9?marker-in-query=1`, {
    method: 'PUT',
    headers: bearer(token),
    body: signature('ed25519'),
  });
  await send(url, '/api/v1/tokens?marker-in-query=1', { method: 'POST', headers: json, body: `{"name":"${token}"` });
  const created = await send(url, '/api/v1/tokens', {
    method: 'POST',
    headers: json,
    body: '{"name":"x","permissions":["read"]}',
  });
  await send(url, '/api/v1/keys', {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ key: fixture('keys/subkey.asc').toString() }),
  });
  await send(url, '/api/v1/signatures/1?marker-in-query=1', {
    method: 'DELETE',
    headers: json,
    body: '{"reason":"x"}',
  });
  const text = lines.join('');

  await t.test('is one JSON object a line, with time, level and event', () => {
    assert.ok(lines.length > 10);
    for (const line of lines) {
      const { time, level, event } = JSON.parse(line) as Record<string, string>;
      assert.ok(time && level && event, line);
      assert.match(event, /^[a-z]+\.[a-z_]+$/);
    }
  });
  await t.test('names what happened', () => {
    for (const event of [
      'signature.stored',
      'signature.refused',
      'signature.withdrawn',
      'key.registered',
      'request.failed',
    ])
      assert.ok(text.includes(`"event":"${event}"`), event);
  });
  await t.test('holds no token', () => {
    secrets.push(created.json<{ secret: string }>().secret);
    for (const secret of secrets) assert.ok(!text.includes(secret));
    assert.doesNotMatch(text, /lks_[A-Za-z0-9_-]{8}|[Bb]earer [A-Za-z0-9]|authorization/);
  });
  await t.test('holds no query and no raw URL', () =>
    assert.doesNotMatch(text, /marker-in-query|\?token=|\?secret=|https?:\/\//),
  );
  await t.test('holds no payload and no key', () =>
    assert.doesNotMatch(text, /docker-manifest-digest\\?":|atomic container signature|BEGIN PGP|<html/i),
  );
  await t.test('holds no stack of a refusal', () => assert.doesNotMatch(text, /\bat .*\.ts:\d+/));
});

test('the level', async (t) => {
  await t.test('leaves out what is below it', () => {
    const lines: string[] = [];
    const log = createLog('warn', { write: (line) => void lines.push(line) });
    for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level]('a.b', { level });
    assert.equal(lines.length, 2);
  });
});
