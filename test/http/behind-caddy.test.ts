// The store behind the real Caddy with the configuration of deploy/caddy.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startService } from '../support/processes.ts';
import { findTool, needs } from '../support/tools.ts';
import { checkFault, checkPeople, checkReads, checkUploads } from './proxy-checks.ts';
import { example, NAME, proxied } from './proxy-scene.ts';

test('behind Caddy', needs('caddy', 'openssl'), async (t) => {
  const store = await proxied(t, ({ place, folder, certificate, port }) => {
    const file = join(folder, 'Caddyfile');
    const site = example('caddy/Caddyfile', {
      [`${NAME} {`]: `https://${NAME}:${port} {\nbind 127.0.0.1\ntls ${certificate.cert} ${certificate.key}\n`,
      'https:// {': `https://:${port} {\nbind 127.0.0.1\n`,
      'reverse_proxy 127.0.0.1:8080': `reverse_proxy ${place}`,
    });
    writeFileSync(file, `{\nadmin off\nauto_https off\n}\n${site}`);
    startService(t, findTool('caddy') ?? '', ['run', '--config', file], { HOME: folder });
  });
  await t.test('reads', (t) => checkReads(t, store));
  await t.test('uploads', (t) => checkUploads(t, store));
  await t.test('people', (t) => checkPeople(t, store));
  await t.test('a host that is not the store gets no answer', () =>
    assert.rejects(store.ask('/livez', { headers: { host: 'another.example.com' } }), { code: 'ECONNRESET' }),
  );
  await t.test('faults', (t) => checkFault(t, store));
});
