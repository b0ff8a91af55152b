// The store behind the real nginx with the configuration of deploy/nginx, over a port and over a unix socket.
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startNginx } from '../support/nginx.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { checkFault, checkPeople, checkReads, checkUploads } from './proxy-checks.ts';
import { example, type Front, NAME, type Proxied, proxied } from './proxy-scene.ts';

const TOOLS = needs('nginx', 'openssl');

function startInFront(t: TestContext, { place, folder, certificate, port }: Front): void {
  const site = example('nginx/lookaside.conf', {
    'server 127.0.0.1:8080;': `server ${place};`,
    'listen 443 ssl;': `listen 127.0.0.1:${port} ssl;`,
    'listen [::]:443 ssl;': '',
    [`/etc/ssl/${NAME}.pem`]: certificate.cert,
    [`/etc/ssl/private/${NAME}.key`]: certificate.key,
  });
  startNginx(t, folder, site);
}

async function checkAll(t: TestContext, store: Proxied): Promise<void> {
  await t.test('reads', (t) => checkReads(t, store));
  await t.test('uploads', (t) => checkUploads(t, store));
  await t.test('people', (t) => checkPeople(t, store));
  await t.test('faults', (t) => checkFault(t, store));
}

test('behind nginx', TOOLS, async (t) => {
  await checkAll(t, await proxied(t, (front) => startInFront(t, front)));
});

test('behind nginx, over a unix socket', TOOLS, async (t) => {
  const path = join(tempDir(t), 's');
  const settings = { LOOKASIDE_SOCKET: path, LOOKASIDE_PUBLIC_URL: 'https://another.example.com' };
  await checkAll(t, await proxied(t, (front) => startInFront(t, front), settings));
});
