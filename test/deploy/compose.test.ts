// docker-compose.yml: docker-compose understands it, nothing of it is open to others or writable without need, and its
// proxy keeps the promises of the read path. deploy/README.md says where all of it was run.
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../server/config.ts';
import { checkFault, checkPeople, checkReads, checkUploads } from '../http/proxy-checks.ts';
import { example, NAME, proxied } from '../http/proxy-scene.ts';
import { IMAGE } from '../http/scene.ts';
import { freePort } from '../support/free-port.ts';
import { must, runTool, startService } from '../support/processes.ts';
import { findTool, needs } from '../support/tools.ts';
import { ROOT, read, type Tree, yaml } from './manifests.ts';

const compose = yaml('docker-compose.yml');
const services = Object.entries(compose.services) as [string, Tree][];

test('docker-compose.yml', async (t) => {
  await t.test('is understood as it is, with nothing set', needs('docker-compose'), async () => {
    const { stdout } = await must(
      runTool('docker-compose', ['--profile', 'grafana', 'config', '--services'], { cwd: ROOT }),
    );
    assert.deepEqual(stdout.trim().split('\n').sort(), services.map(([name]) => name).sort());
  });
  for (const [name, service] of services)
    await t.test(`confines ${name}`, () => {
      assert.deepEqual([service.read_only, service.cap_drop], [true, ['ALL']]);
      assert.deepEqual(service.security_opt, ['no-new-privileges:true']);
      if (!service.build) assert.match(service.image, /^docker\.io\/[a-z]+\/[a-z]+:v?[0-9]+\.[0-9]/);
    });
  await t.test('opens nothing to other machines until it is told so', () => {
    const ports = services
      .flatMap(([, service]) => service.ports ?? [])
      .map((port) => port.replace(/\$\{\w+:-(.*)\}/, '$1'));
    assert.ok(ports.length >= 4);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
  });
  await t.test('lets nobody reach the store but through the proxy, whose word it takes', () => {
    const { ports, environment } = compose.services.store;
    assert.deepEqual([ports, environment.LOOKASIDE_TRUST_PROXY], [undefined, '1']);
    loadConfig({ ...environment, LOOKASIDE_PUBLIC_URL: 'https://localhost:8443' });
  });
  await t.test('mounts files that are there, and volumes that it names', () => {
    for (const [, { volumes = [] }] of services)
      for (const mount of volumes) {
        const [from] = mount.split(':');
        assert.ok(from.startsWith('./') ? existsSync(join(ROOT, from)) : from in compose.volumes, mount);
      }
  });
  await t.test('has no variable of its own that the program would refuse', () => {
    for (const [, name = ''] of read('docker-compose.yml').matchAll(/\$\{(\w+)/g))
      assert.doesNotMatch(name, /^LOOKASIDE_/);
  });
});

test('the proxy of docker-compose.yml', needs('caddy', 'openssl'), async (t) => {
  const plain = await freePort();
  const store = await proxied(t, ({ place, folder, certificate, port }) => {
    const file = join(folder, 'Caddyfile');
    const config = example('compose/Caddyfile', {
      'https://{$SITE:localhost}, https:// {': `https://${NAME}:${port}, https://:${port} {
        bind 127.0.0.1
        tls ${certificate.cert} ${certificate.key}`,
      'http://:8080 {': `http://:${plain} {\nbind 127.0.0.1`,
      'auto_https disable_redirects': 'auto_https off',
      'store:8080': place,
    });
    writeFileSync(file, config);
    startService(t, findTool('caddy') ?? '', ['run', '--config', file], { HOME: folder, SITE: NAME });
  });
  await t.test('reads', (t) => checkReads(t, store));
  await t.test('uploads', (t) => checkUploads(t, store));
  await t.test('people', (t) => checkPeople(t, store));
  await t.test('answers for the store under any name, and does not say 200 to strangers by itself', async () => {
    const missing = `/${IMAGE.replace('app', 'none')}/signature-1`;
    const { status } = await store.ask(missing, { headers: { host: 'other.example.com' } });
    assert.equal(status, 404);
    const direct = await fetch(`http://127.0.0.1:${plain}${missing}`, { redirect: 'manual' });
    assert.equal(direct.status, 404);
  });
  await t.test('faults', (t) => checkFault(t, store));
});
