// A site without a store: the exported tree behind the real nginx with the configuration of deploy/nginx, and real clients.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { example } from '../http/proxy-scene.ts';
import { send } from '../http/wire.ts';
import { freePort } from '../support/free-port.ts';
import { startNginx } from '../support/nginx.ts';
import { must, runCli } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

/** Without TLS, which is nginx's own affair. */
async function serve(t: TestContext, tree: string): Promise<string> {
  const port = await freePort();
  const site = example('nginx/static-tree.conf', {
    'listen 443 ssl;': `listen 127.0.0.1:${port};`,
    'listen [::]:443 ssl;': '',
    'ssl_certificate /etc/ssl/sigs.example.com.pem;': '',
    'ssl_certificate_key /etc/ssl/private/sigs.example.com.key;': '',
    '/srv/lookaside/tree': tree,
  });
  const folder = tempDir(t);
  startNginx(t, folder, site);
  const url = `http://127.0.0.1:${port}`;
  const answers = () => send(url, '/').then(Boolean, () => false);
  for (let tries = 0; !(await answers()); tries++) {
    if (tries === 400) throw new Error(readFileSync(join(folder, 'error.log'), 'utf8'));
    await sleep(25);
  }
  return url;
}

test('an exported tree behind nginx', needs(...SCENE_TOOLS, 'nginx'), async (t) => {
  const scene = await createScene(t);
  const reference = scene.image('app:v1');
  await scene.publish(reference);
  await must(scene.upload());
  // nginx refuses a link on the way to the tree as well as in it.
  const tree = join(tempDir(t), 'tree');
  const exportTree = () => must(runCli(['export', tree], { env: { LOOKASIDE_DATA_DIR: scene.server.dataDir } }));
  await exportTree();
  const url = await serve(t, tree);
  const { host } = scene.registry;
  const puller = () => scene.puller({ key: scene.key.publicKey }, { lookaside: `${url}/${host}` });
  const image = `/${host}/acme/app@${scene.layout.imageDigest.replace(':', '=')}`;

  await t.test('lets skopeo and podman pull what is signed', async () => {
    const node = puller();
    await must(node.skopeoPull(reference));
    await must(node.podmanPull(reference));
  });
  await t.test('answers as the store does: the bytes, and 404 for what is not there', async () => {
    const found = await send(url, `${image}/signature-1`);
    assert.equal(found.status, 200);
    assert.deepEqual(found.body, (await send(scene.server.url, `${image}/signature-1`)).body);
    assert.equal(found.headers['content-type'], 'application/octet-stream');
    assert.equal(found.headers['cache-control'], 'public, max-age=60');
    assert.equal((await send(url, `/${image}//signature-1`)).status, 200, 'a base that ends in a slash');
    for (const path of [
      `${image}/signature-2`,
      `/${host}/acme/other@sha256=${'0'.repeat(64)}/signature-1`,
      image,
      `${image}/`,
      '/',
      '/.lookaside-export',
      `${image}/.lookaside-new-x`,
    ]) {
      const { status, headers } = await send(url, path);
      assert.deepEqual([status, headers['cache-control']], [404, 'no-store'], path);
    }
  });
  await t.test('follows no link that somebody has put into it', async () => {
    const link = join(tree, image, 'signature-2');
    symlinkSync('/etc/passwd', link);
    assert.equal((await send(url, `${image}/signature-2`)).status, 403);
    await exportTree();
    assert.equal((await send(url, `${image}/signature-2`)).status, 404);
  });
  await t.test('refuses a pull when its signature is withdrawn and the tree exported again', async () => {
    await scene.server.local.signatures.withdraw(1, 'mistake', LOCAL);
    await exportTree();
    assert.deepEqual(readdirSync(tree), ['.lookaside-export']);
    const { code, stderr } = await puller().skopeoPull(reference);
    assert.equal(code, 1);
    assert.match(stderr, /A signature was required, but no signature exists/);
  });
});
