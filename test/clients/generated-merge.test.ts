// A policy that is there, added to: what it accepted and refused it goes on to, and our entries count beside it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Wishes } from '../../server/domain/client-config.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { configuredNode, fileOf, generatorOf, insecure } from '../support/configured-node.ts';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

test('a merged policy', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const { host } = scene.registry;
  const generate = generatorOf(scene.server);
  const signed = scene.image('signed:v1');
  const unsigned = scene.image('unsigned:v1');
  const open = `${host}/open/unsigned:v1`;
  await scene.publish(signed);
  for (const reference of [unsigned, open]) await scene.publish(reference, { key: null });
  await scene.server.local.keys.change(scene.key.fingerprint as never, { scopes: [host as Scope] }, LOCAL);

  const anything = [{ type: 'insecureAcceptAnything' }];
  const before = { default: anything, transports: { dir: { '': anything }, docker: { [`${host}/open`]: anything } } };
  async function merge(existing: string, wishes: Wishes = {}) {
    const generated = await generate('policy', { existing, ...wishes });
    const registriesD = fileOf(await generate('registries.d'), 'lookaside.yaml');
    const policy = fileOf(generated, 'policy.json');
    const node = configuredNode(t, { registriesD, policy, conf: insecure(host) });
    return { policy, node, notes: generated.notes.join('\n') };
  }

  const first = await merge(JSON.stringify(before));
  await must(scene.upload());
  await t.test('demands keys where ours count, and nothing where it demanded nothing', async () => {
    for (const reference of [signed, open]) await must(first.node.podmanPull(reference));
    assert.match((await first.node.podmanPull(unsigned)).stderr, /signature was required/);
    assert.match(first.notes, new RegExp(`${host}/open: the existing entry accepts anything, and stays`));
  });

  await t.test('is renewed when a key is replaced, once replacing is asked for', async () => {
    const successor = await scene.gpg.generate('successor');
    await scene.server.registerKeys(successor.publicKey);
    const renewed = scene.image('renewed:v1');
    await scene.publish(renewed, { key: successor });
    await must(scene.upload());
    await scene.server.local.keys.change(successor.fingerprint as never, { scopes: [host as Scope] }, LOCAL);

    const kept = await merge(first.policy);
    assert.match(kept.notes, new RegExp(`${host}: the existing entry \\(signedBy\\) differs; it was left as it is`));
    assert.equal((await kept.node.podmanPull(renewed)).code, 125);
    const replaced = await merge(first.policy, { replace: true });
    for (const reference of [signed, renewed, open]) await must(replaced.node.podmanPull(reference));
    assert.equal((await replaced.node.podmanPull(unsigned)).code, 125);
  });
});
