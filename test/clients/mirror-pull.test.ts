// Mirrors and bases of long ago, as clients know them. With a mirror in registries.conf the base and the path are the
// mirror's, while the policy compares the name that was asked for: the signatures of the original, at another address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNode } from '../support/policy-node.ts';
import { must, runCli } from '../support/processes.ts';
import { dockerRegistry } from '../support/registry.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

const UNSIGNED = /A signature was required, but no signature exists/;

test('pulls through a mirror, and by a base of long ago', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const mirror = await dockerRegistry(t);
  const { server, registry, signer } = scene;
  const reference = scene.image('app:v1');
  await scene.publish(reference);
  await must(scene.upload());
  const mirrored = `${mirror.host}/hub/acme/app:v1`;
  const plain = ['copy', '--quiet', '--src-tls-verify=false', '--dest-tls-verify=false'];
  await must(signer.skopeo(...plain, '--remove-signatures', `docker://${reference}`, `docker://${mirrored}`));

  const policy = { key: scene.key.publicKey };
  const node = () =>
    createNode(t, {
      registries: { [mirror.host]: { lookaside: `${server.url}/${mirror.host}` } },
      mirrors: { [registry.host]: `${mirror.host}/hub` },
      policy,
    });

  await t.test('without an alias the mirror has no signatures', async () => {
    const { code, stderr } = await node().skopeoPull(reference);
    assert.equal(code, 1);
    assert.match(stderr, UNSIGNED);
  });

  const { aliases } = server.local;
  const toMirror = { path: `/${mirror.host}/hub`, target: registry.host, replace: false };
  const { id, warnings } = await aliases.add(toMirror, LOCAL);
  assert.deepEqual(warnings, []);

  await t.test('with one it has those of the original, for skopeo and podman', async () => {
    await must(node().skopeoPull(reference));
    await must(node().podmanPull(reference));
  });
  await t.test(
    'the name of the mirror is another name, unless the policy says that it stands for the original',
    async () => {
      const registries = { [mirror.host]: { lookaside: `${server.url}/${mirror.host}` } };
      const strict = await createNode(t, { registries, policy }).skopeoPull(mirrored);
      assert.equal(strict.code, 1);
      assert.match(strict.stderr, /Signature for identity .* is not accepted/);
      const identity = { type: 'remapIdentity', prefix: `${mirror.host}/hub`, signedPrefix: registry.host } as const;
      await must(createNode(t, { registries, policy: { ...policy, identity } }).skopeoPull(mirrored));
    },
  );
  await t.test('a push that names the mirror stores for the original', async () => {
    await scene.publish(scene.image('second:v1'));
    const token = await server.createToken(['upload'], [registry.host]);
    const env = { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: token };
    const options = ['--registry', `${mirror.host}/hub`, '--json'];
    const { stdout } = await must(runCli(['push', scene.staging, ...options], { env }));
    assert.match(stdout, new RegExp(`${server.url}/${registry.host}/acme/second@`));
    await must(scene.puller().skopeoPull(scene.image('second:v1')));
  });
  await t.test('and without the alias it has none again', async () => {
    await aliases.remove(id, LOCAL);
    assert.match((await node().skopeoPull(reference)).stderr, UNSIGNED);
  });

  await t.test('a base that clients were given for a directory of old goes on', async () => {
    const old = (base: string) => scene.puller(policy, { sigstore: `${server.url}${base}` });
    assert.match((await old('/Signatures/prod').skopeoPull(reference)).stderr, UNSIGNED);
    await aliases.add({ path: '/Signatures/prod', target: registry.host, replace: false }, LOCAL);
    await must(old('/Signatures/prod').skopeoPull(reference));
    await must(old('/Signatures/prod/').podmanPull(reference));
  });
});
