// What is generated is fed to the real clients: whom they let through is what the scopes of the keys say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Wishes } from '../../server/domain/client-config.ts';
import type { SignedIdentity } from '../../server/domain/policy/identity.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { configuredNode, fileOf, generatorOf, insecure } from '../support/configured-node.ts';
import type { PublicKey } from '../support/gpg.ts';
import type { Node } from '../support/policy-node.ts';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS, type Scene } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

/** Refused because of the policy, and of nothing else. */
async function assertRefused(node: Node, reference: string): Promise<void> {
  const why = /Source image rejected|signature was required|rejected by policy|is not accepted/i;
  const bySkopeo = await node.skopeoPull(reference);
  assert.equal(bySkopeo.code, 1, `skopeo took ${reference}`);
  assert.match(bySkopeo.stderr, why);
  const byPodman = await node.podmanPull(reference);
  assert.equal(byPodman.code, 125, `podman took ${reference}`);
  assert.match(byPodman.stderr, why);
}

async function assertAccepted(node: Node, reference: string): Promise<void> {
  await must(node.skopeoPull(reference));
  await must(node.podmanPull(reference));
}

async function nodeFor(
  t: Parameters<typeof configuredNode>[0],
  { server, registry }: Scene,
  wishes: Wishes = {},
): Promise<Node> {
  const generate = generatorOf(server);
  return configuredNode(t, {
    registriesD: fileOf(await generate('registries.d'), 'lookaside.yaml'),
    policy: fileOf(await generate('policy', wishes), 'policy.json'),
    conf: insecure(registry.host),
  });
}

test('a generated policy', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const { registry, server, gpg, key: wide } = scene;
  const { host } = registry;
  const narrow = await gpg.generate('narrow');
  const modern = await gpg.generate('modern', 'ed25519');
  await server.registerKeys(narrow.publicKey, modern.publicKey);
  const signed = async (name: string, key: PublicKey | null) => {
    const reference = `${host}/${name}:v1`;
    await scene.publish(reference, { key });
    return reference;
  };
  const byWide = await signed('acme/by-wide', wide);
  const byNarrow = await signed('acme/by-narrow', narrow);
  const byModern = await signed('acme/by-modern', modern);
  const outside = await signed('other/by-wide', wide);
  const trespasser = await signed('other/by-narrow', narrow);
  const unsigned = await signed('acme/unsigned', null);
  await must(scene.upload());
  const grant = (key: PublicKey, ...scopes: string[]) =>
    server.local.keys.change(key.fingerprint as never, { scopes: scopes as Scope[] }, LOCAL);
  await grant(wide, host);
  await grant(narrow, `${host}/acme`);
  await grant(modern, `${host}/acme`);

  await t.test('accepts keys of a scope and of what holds it, and no key of a narrower one', async () => {
    const node = await nodeFor(t, scene);
    for (const reference of [byWide, byNarrow, byModern, outside]) await assertAccepted(node, reference);
    for (const reference of [trespasser, unsigned]) await assertRefused(node, reference);
  });

  await t.test('is read with keys in files, one for each scope and one for each key', async () => {
    for (const keys of ['path', 'paths'] as const) {
      const node = await nodeFor(t, scene, { keys });
      const { stderr } = await node.skopeoPull(byWide);
      assert.match(
        stderr,
        /\/etc\/pki\/containers\/.*\.asc/,
        'the files are not there, but their names are understood',
      );
    }
  });

  await t.test('demands the identity that was asked for', async () => {
    const retagged = `${host}/acme/by-wide:latest`;
    await scene.publish(retagged, { key: null });
    await assertRefused(await nodeFor(t, scene), retagged);
    const identity: SignedIdentity = { type: 'matchRepository' };
    await assertAccepted(await nodeFor(t, scene, { identity }), retagged);
    const other: SignedIdentity = { type: 'exactRepository', dockerRepository: `${host}/acme/by-narrow` };
    await assertRefused(await nodeFor(t, scene, { identity: other }), byWide);
  });

  await t.test(
    'accepts everything elsewhere where that is the default, and still demands keys in their scopes',
    async () => {
      await grant(wide, `${host}/acme`);
      const node = await nodeFor(t, scene, { default: 'insecureAcceptAnything' });
      await assertAccepted(node, trespasser);
      await assertRefused(node, unsigned);
      await grant(wide, host);
    },
  );

  await t.test('accepts both keys of a rotation, and the retired one for what is there', async () => {
    await server.local.keys.change(narrow.fingerprint as never, { state: 'retired', force: true }, LOCAL);
    const node = await nodeFor(t, scene);
    for (const reference of [byNarrow, byModern]) await assertAccepted(node, reference);
  });

  await t.test('never opens a scope whose keys were all revoked', async () => {
    for (const key of [narrow, modern, wide])
      await server.local.keys.change(key.fingerprint as never, { state: 'revoked', reason: 'test' }, LOCAL);
    const node = await nodeFor(t, scene, { default: 'insecureAcceptAnything' });
    for (const reference of [byWide, byNarrow, unsigned, trespasser]) await assertRefused(node, reference);
  });
});
