// A private store of which a part is public, with the clients' own ways to send a token: userinfo in registries.d, and
// what Portieris makes of a secret: user name and password put into the URL as they are, for all registries at once.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseScope } from '../../server/domain/scope.ts';
import { configuredNode, fileOf, generatorOf, insecure } from '../support/configured-node.ts';
import { createNode } from '../support/policy-node.ts';
import { must, run, runCli } from '../support/processes.ts';
import { dockerRegistry } from '../support/registry.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

for (const workers of ['1', '2'])
  test(`a store that is public in part, with ${workers} thread(s)`, needs(...SCENE_TOOLS), async (t) => {
    const open = await dockerRegistry(t);
    const scene = await createScene(t, {
      LOOKASIDE_READ_ACCESS: 'token',
      LOOKASIDE_PUBLIC_SCOPES: `quay.io, ${open.host}/open`,
      LOOKASIDE_WORKERS: workers,
    });
    const { server, key } = scene;
    const closed = scene.image('closed:v1');
    await scene.publish(closed);
    await must(scene.upload());
    const image = `${open.host}/open/app:v1`;
    const staging = tempDir(t);
    const registries = { [open.host]: { 'lookaside-staging': `file://${staging}` } };
    const signer = createNode(t, { registries }, scene.gpg.env);
    const copy = ['copy', '--quiet', '--dest-tls-verify=false', '--sign-by', key.fingerprint];
    await must(signer.skopeo(...copy, scene.layout.image, `docker://${image}`));
    const env = { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: await server.createToken(['upload']) };
    await must(runCli(['push', staging, '--registry', open.host], { env }));

    const policy = { key: key.publicKey };
    const token = await server.createToken(['read']);
    const expired = await server.createToken(['read'], [], 1);
    const pulling = (userinfo: string) => {
      const base = server.url.replace('://', `://${userinfo}`);
      const registries = Object.fromEntries(
        [open.host, scene.registry.host].map((host) => [host, { lookaside: `${base}/${host}` }]),
      );
      return createNode(t, { registries, policy });
    };

    await t.test('is read in that part without a token, and with one that has expired', async () => {
      for (const userinfo of ['', `node:${expired}@`, 'node:lks_guess@']) {
        await must(pulling(userinfo).skopeoPull(image));
        await must(pulling(userinfo).podmanPull(image));
      }
    });
    await t.test('is read without a token by a node that was configured for that part alone', async () => {
      const generate = generatorOf(server);
      const scopes = [parseScope(`${open.host}/open`)];
      const [script, root] = [join(tempDir(t), 'install.sh'), tempDir(t)];
      writeFileSync(script, fileOf(await generate('installer', { scopes }), 'install-lookaside.sh'));
      await must(run('sh', [script], { env: { LOOKASIDE_ROOT: root } }));
      const written = (name: string) => readFileSync(join(root, 'etc/containers', name), 'utf8');
      const node = configuredNode(t, {
        registriesD: written('registries.d/lookaside.yaml'),
        policy: written('policy.json'),
        conf: insecure(open.host),
      });
      await must(node.skopeoPull(image));
      await must(node.podmanPull(image));
    });
    await t.test('fails other pulls so, and not as if the image were unsigned', async () => {
      for (const userinfo of ['', `node:${expired}@`]) {
        const { code, stderr } = await pulling(userinfo).skopeoPull(closed);
        assert.equal(code, 1);
        assert.match(stderr, /status:? 401/);
      }
    });
    await t.test('is read in all parts with a token', async () => {
      await must(pulling(`node:${token}@`).skopeoPull(closed));
      await must(pulling(`node:${token}@`).skopeoPull(image));
    });
    await t.test('is read with the secret of Portieris, where one is needed', async () => {
      const [username, password] = ['portieris', token];
      /** sigStoreConfig.go: one base for whatever is pulled, with what the secret has in front of the host. */
      const portieris = (host: string, secret: boolean) => {
        const [scheme, rest] = `${server.url}/${host}`.split('://');
        const url = `${scheme}://${secret ? `${username}:${password}@` : ''}${rest}`;
        return createNode(t, { registries: { [host]: {} }, everywhere: { sigstore: url }, policy });
      };
      await must(portieris(scene.registry.host, true).skopeoPull(closed));
      assert.match((await portieris(scene.registry.host, false).skopeoPull(closed)).stderr, /status:? 401/);
      await must(portieris(open.host, true).skopeoPull(image));
      await must(portieris(open.host, false).skopeoPull(image));
    });
  });
