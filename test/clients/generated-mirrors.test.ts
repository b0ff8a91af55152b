// Names that are not where an image comes from: wildcards, and mirrors of registries.conf, under generated files.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMirror, type Wishes } from '../../server/domain/client-config.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { configuredNode, fileOf, generatorOf, insecure } from '../support/configured-node.ts';
import type { PublicKey } from '../support/gpg.ts';
import { must, runCli } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

const WHY = /Source image rejected|signature was required|is not accepted/i;

test('a generated configuration for mirrors', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const { registry, server, gpg, key: wide } = scene;
  const { host } = registry;
  const stranger = await gpg.generate('stranger');
  await server.registerKeys(stranger.publicKey);
  const generate = generatorOf(server);
  const grant = (key: PublicKey, ...scopes: string[]) =>
    server.local.keys.change(key.fingerprint as never, { scopes: scopes as Scope[] }, LOCAL);

  /** At the mirror below `hub`, signed for the name it has at its registry. */
  async function publish(name: string, key: PublicKey | null) {
    const identity = `one.example.com/${name}:v1`;
    await scene.publish(`${host}/hub/${name}:v1`, { key, identity });
    return { original: identity, mirrored: `${host}/hub/${name}:v1` };
  }
  const signed = await publish('acme/app', wide);
  const foreign = await publish('acme/foreign', stranger);
  const unsigned = await publish('acme/unsigned', null);
  // As single files, which take their place from the claim: the tree is that of the mirror.
  const files = readdirSync(scene.staging, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /signature-1$/.test(name),
  );
  const env = { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: await server.createToken(['upload']) };
  await must(runCli(['push', ...files.map((name) => join(scene.staging, name))], { env }));
  await grant(wide, '*.example.com');
  await grant(stranger, 'two.example.com');

  const mirrors = [parseMirror(`${host}/hub=one.example.com`)];
  const conf = [
    insecure(host),
    '[[registry]]\nprefix = "one.example.com"\nlocation = "one.example.com"\nblocked = false\n',
    `[[registry.mirror]]\nlocation = "${host}/hub"\ninsecure = true\n`,
  ].join('');
  const nodeWith = async (wishes: Wishes = {}) =>
    configuredNode(t, {
      registriesD: fileOf(await generate('registries.d', { mirrors }), 'lookaside.yaml'),
      policy: fileOf(await generate('policy', { mirrors, ...wishes }), 'policy.json'),
      conf,
    });

  await t.test('says which alias the store lacks', async () => {
    const missing = async () =>
      (await generate('registries.d', { mirrors })).notes.filter((note) => /alias add/.test(note));
    assert.deepEqual(await missing(), [
      `the store does not serve /${host}/hub as one.example.com yet: \`lookaside alias add /${host}/hub one.example.com\``,
    ]);
    await server.local.aliases.add({ path: `/${host}/hub`, target: 'one.example.com', replace: false }, LOCAL);
    assert.deepEqual(await missing(), []);
  });

  await t.test('lets images through that are named by a registry of a wildcard and come from its mirror', async () => {
    const node = await nodeWith();
    await must(node.skopeoPull(signed.original));
    await must(node.podmanPull(signed.original));
  });

  await t.test('lets images through that are named by the mirror', async () => {
    const node = await nodeWith();
    await must(node.skopeoPull(signed.mirrored));
    await must(node.podmanPull(signed.mirrored));
  });

  await t.test(
    'refuses what is unsigned, or by a key of another registry of the wildcard, under either name',
    async () => {
      const node = await nodeWith({ default: 'insecureAcceptAnything' });
      for (const { original, mirrored } of [unsigned, foreign])
        for (const reference of [original, mirrored]) {
          const { code, stderr } = await node.skopeoPull(reference);
          assert.equal(code, 1, reference);
          assert.match(stderr, WHY);
          assert.equal((await node.podmanPull(reference)).code, 125, reference);
        }
    },
  );

  await t.test('needs no alias where the mirror has the paths of the original', async () => {
    const same = [parseMirror(`${host}/hub=one.example.com/hub`)];
    const { files, notes } = await generate('registries.d', { mirrors: same });
    assert.match(files[0]?.content ?? '', new RegExp(`"${host}/hub":\\n +lookaside: "${server.url}/one.example.com"`));
    assert.deepEqual(
      notes.filter((note) => /alias/.test(note)),
      [],
    );
  });
});
