// What is generated for clusters: held to the shapes of what reads it, then taken apart as that does and given to skopeo.
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { parseMirror, parseNamespacePolicy, type Wishes } from '../../server/domain/client-config.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { configuredNode, fileOf, generatorOf, insecure } from '../support/configured-node.ts';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { asPortieris, entryFor } from './as-portieris.ts';
import { manifestsOf, ofKind } from './manifest-shapes.ts';

const WHY = /Source image rejected|signature was required|is not accepted/i;
const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');

test('generated manifests', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const { server, gpg, key } = scene;
  const { host } = scene.registry;
  const successor = await gpg.generate('successor');
  await server.registerKeys(successor.publicKey);
  const signed = scene.image('app:v1');
  const renewed = scene.image('renewed:v1');
  const unsigned = scene.image('unsigned:v1');
  await scene.publish(signed);
  await scene.publish(renewed, { key: successor });
  await scene.publish(unsigned, { key: null });
  await must(scene.upload());
  for (const { fingerprint } of [key, successor])
    await server.local.keys.change(fingerprint as never, { scopes: [`${host}/acme` as Scope] }, LOCAL);
  const generate = generatorOf(server);
  const conf = insecure(host);

  async function assertNode(node: ReturnType<typeof configuredNode>): Promise<void> {
    for (const reference of [signed, renewed]) await must(node.skopeoPull(reference));
    const { code, stderr } = await node.skopeoPull(unsigned);
    assert.equal(code, 1);
    assert.match(stderr, WHY);
  }

  await t.test('MachineConfigs hold the files of a node, for workers and the control plane', async () => {
    const manifests = manifestsOf(fileOf(await generate('machine-config'), 'lookaside-machine-config.yaml'));
    const configs = ofKind(manifests, 'MachineConfig');
    assert.deepEqual(
      configs.map(({ metadata }) => metadata.name),
      ['99-worker-lookaside', '99-master-lookaside'],
    );
    for (const { spec } of configs) {
      const files = new Map(
        spec.config.storage.files.map(({ path, contents }) => [
          basename(path),
          text(contents.source.split(',')[1] ?? ''),
        ]),
      );
      await assertNode(
        configuredNode(t, {
          registriesD: files.get('lookaside.yaml') ?? '',
          policy: files.get('policy.json') ?? '',
          conf,
        }),
      );
    }
    const [only] = ofKind(
      manifestsOf((await generate('machine-config', { roles: ['master'] })).files[0]?.content ?? ''),
      'MachineConfig',
    );
    assert.equal(only?.metadata.name, '99-master-lookaside');
  });

  const portieris = async (wishes: Wishes = {}) =>
    manifestsOf(fileOf(await generate('portieris', wishes), 'lookaside-portieris.yaml'));

  await t.test(
    'policies of Portieris bring the keys in one block of armor, and the store of each registry',
    async () => {
      for (const wishes of [{}, { namespace: 'team-a' }])
        await assertNode(configuredNode(t, { ...(await asPortieris(await portieris(wishes), signed)), conf }));
    },
  );

  await t.test('policies of Portieris name mirrors with the identity that was signed', async () => {
    const mirrors = [parseMirror(`mirror.example.com/acme=${host}/acme`), parseMirror('other.example.com=quay.io')];
    const manifests = await portieris({ mirrors });
    const { storeURL, requirements } = entryFor(manifests, 'mirror.example.com/acme/app:v1');
    assert.equal(storeURL, scene.base);
    const [requirement] = requirements;
    const signedIdentity = { type: 'remapIdentity', prefix: 'mirror.example.com/acme', signedPrefix: `${host}/acme` };
    assert.deepEqual(requirement?.type === 'signedBy' && requirement.signedIdentity, signedIdentity);
    assert.deepEqual(entryFor(manifests, 'other.example.com/app:v1').requirements, [{ type: 'reject' }]);
  });

  await t.test('a token for Portieris is in a Secret of its own, and in no policy', async () => {
    const readToken = await server.createToken(['read']);
    const file = (await generate('portieris', { readToken, namespace: 'team-a' })).files[0];
    assert.equal(file?.mode, 0o600);
    const store = ofKind(manifestsOf(file?.content ?? ''), 'Secret').find(
      ({ metadata }) => metadata.name === 'lookaside-store',
    );
    assert.ok(store && 'password' in store.data);
    assert.equal(text(store.data.password), readToken);
    assert.equal(store.metadata.namespace, 'team-a');
    assert.ok(!file?.content.includes(readToken));
  });

  await t.test('policies for namespaces of CRI-O are whole, each for its own scopes', async () => {
    const namespaces = ['team-a', `team-b=${host}/other`].map(parseNamespacePolicy);
    const generated = await generate('crio-namespaces', { namespaces });
    assert.match(
      fileOf(generated, '50-lookaside.conf'),
      /^\[crio\.image\]\nsignature_policy_dir = "\/etc\/crio\/policies"\n$/,
    );
    const registriesD = fileOf(await generate('registries.d'), 'lookaside.yaml');
    await assertNode(configuredNode(t, { registriesD, policy: fileOf(generated, 'team-a.json'), conf }));
    const other = configuredNode(t, { registriesD, policy: fileOf(generated, 'team-b.json'), conf });
    const { code, stderr } = await other.skopeoPull(signed);
    assert.equal(code, 1);
    assert.match(stderr, /rejected by policy/);
  });
});
