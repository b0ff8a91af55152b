// The way a signature is meant to go: signed by skopeo or podman into a staging directory, uploaded by our command
// line, and demanded by both under signedBy when they pull.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { needs } from '../support/tools.ts';

test('serves what skopeo and podman sign and demand', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const bySkopeo = scene.image('by-skopeo:v1');
  const byPodman = scene.image('by-podman:v1');
  const byEd25519 = scene.image('by-ed25519:v1');
  const modern = await scene.gpg.generate('modern', 'ed25519');
  await scene.server.registerKeys(modern.publicKey);

  await scene.publish(bySkopeo);
  await scene.publish(byEd25519, { key: modern });
  await must(scene.signer.podmanPull(bySkopeo));
  const signBy = ['--sign-by', scene.key.fingerprint];
  await must(scene.signer.podman('push', '--quiet', ...signBy, bySkopeo, byPodman));

  await t.test('uploads the staging tree that both wrote', async () => {
    const { code, stdout, stderr } = await scene.upload();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^3 stored, 0 already there, 0 refused$/m);
    assert.match(stderr, /note \(1×\): .*Ed25519/);
  });

  const node = scene.puller();
  for (const [signed, reference] of [
    ['skopeo', bySkopeo],
    ['podman', byPodman],
  ] as const) {
    await t.test(`lets skopeo pull what ${signed} signed, with the very bytes that were signed`, async () => {
      const { dir } = await must(node.skopeoPull(reference));
      assert.deepEqual(readFileSync(join(dir, 'signature-1')), stagedSignature(scene.staging, `by-${signed}`));
    });
    await t.test(`lets podman pull what ${signed} signed`, async () => {
      await must(node.podmanPull(reference));
    });
  }

  await t.test('lets both pull an image signed with Ed25519', async () => {
    const strict = scene.puller({ key: modern.publicKey });
    await must(strict.skopeoPull(byEd25519));
    await must(strict.podmanPull(byEd25519));
  });

  await t.test('lets both pull by digest what was signed by tag', async () => {
    const byDigest = `${scene.image('by-skopeo')}@${scene.layout.imageDigest}`;
    await must(node.skopeoPull(byDigest));
    await must(node.podmanPull(byDigest));
  });

  await t.test('lets both pull what podman image sign signed after the push', async () => {
    const reference = scene.image('signed-later:v1');
    await scene.publish(reference, { key: null });
    const sign = ['image', 'sign', ...signBy, '--directory', scene.staging];
    await must(scene.signer.podman(...sign, `docker://${reference}`));
    await must(scene.upload());
    await must(node.skopeoPull(reference));
    await must(node.podmanPull(reference));
  });
});

/** The one signature of the repository that is called so. */
function stagedSignature(staging: string, name: string): Buffer {
  const found = readdirSync(join(staging, 'acme')).filter((entry) => entry.startsWith(`${name}@`));
  assert.equal(found.length, 1);
  return readFileSync(join(staging, 'acme', found[0] ?? '', 'signature-1'));
}
