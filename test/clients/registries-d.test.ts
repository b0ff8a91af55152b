// The ways an admin may have written the base, old and new, and what hangs on it being there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNode } from '../support/policy-node.ts';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { needs } from '../support/tools.ts';

test('is found through every form of registries.d', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const reference = scene.image('app:v1');
  await scene.publish(reference);
  await must(scene.upload());
  const policy = { key: scene.key.publicKey };
  const nowhere = 'http://127.0.0.1:1/nothing';

  const sections = {
    'a base without a trailing slash': { lookaside: scene.base },
    'a base with a trailing slash': { lookaside: `${scene.base}/` },
    'a base with several slashes': { lookaside: `${scene.server.url}//${scene.registry.host}//` },
    'a base with a query': { lookaside: `${scene.base}?from=registries.d` },
    'the old key sigstore': { sigstore: scene.base },
    'the old key with a trailing slash': { sigstore: `${scene.base}/` },
    'lookaside where both keys are given': { lookaside: scene.base, sigstore: nowhere },
  };
  for (const [form, section] of Object.entries(sections))
    await t.test(`serves ${form}`, async () => {
      const node = scene.puller(policy, section);
      await must(node.skopeoPull(reference));
      await must(node.podmanPull(reference));
    });

  await t.test('serves a namespace of its own, and nothing of it to its neighbours', async () => {
    const { host } = scene.registry;
    const node = createNode(t, {
      registries: { [`${host}/acme`]: { lookaside: scene.base }, [host]: { lookaside: nowhere } },
      policy,
    });
    await must(node.skopeoPull(reference));
  });

  await t.test(
    'is asked also where the policy accepts anything, and fails the pull when it cannot answer',
    async () => {
      const node = scene.puller({}, { lookaside: nowhere });
      const { code, stderr } = await node.skopeoPull(reference);
      assert.equal(code, 1);
      assert.match(stderr, /connection refused/);
    },
  );
});
