// `lookaside sign-and-push` of what is in a real registry, and real pulls under a policy that refuses everything else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import { ociLayout } from '../support/images.ts';
import { must } from '../support/processes.ts';
import { SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { signingScene } from './signing-scene.ts';

test('lookaside sign-and-push', needs(...SCENE_TOOLS), async (t) => {
  const scene = await signingScene(t);
  await t.test('signs an image that was pushed without a signature', async (t) => {
    const { imageDigest } = scene.layout;
    const reference = scene.image('app:v1');
    await scene.publish(reference, { key: null });
    const node = scene.puller();
    assert.match((await node.podmanPull(reference)).stderr, /A signature was required, but no signature exists/);

    await t.test('so that a node takes it, by its tag and by its digest', async () => {
      const { code, stdout, stderr } = await scene.sign(reference);
      assert.equal(code, 0, stderr);
      assert.equal(stdout, '1 stored, 0 already there, 0 refused\n');
      assert.equal(stderr, `${reference} is ${imageDigest}; signing with ${scene.key.fingerprint}\n`);
      await must(node.podmanPull(reference));
      await must(node.podmanPull(`${scene.image('app')}@${imageDigest}`));
      await must(node.skopeoPull(reference));
    });
    await t.test('once, however often it is run', async () => {
      const { code, stdout } = await scene.sign(reference);
      assert.deepEqual([code, stdout], [0, '0 stored, 1 already there, 0 refused\n']);
    });
    await t.test('again when the signature was withdrawn', async () => {
      const page = { limit: 1, before: null };
      const { items } = await scene.server.local.signatures.list({ digest: imageDigest as Digest }, page, LOCAL);
      await scene.server.local.signatures.withdraw(items[0]?.id ?? 0, 'by mistake', LOCAL);
      const { stdout } = await scene.sign(reference);
      assert.equal(stdout, '1 stored, 0 already there, 0 refused\n');
      await must(node.podmanPull(reference));
    });
    await t.test('by its digest, whatever has become of the tag', async () => {
      const other = ociLayout(t, 'another build');
      await must(scene.signer.skopeo('copy', '--quiet', other.image, `docker://${reference}`));
      const options = ['--sign-by', scene.key.fingerprint, '--json'];
      const { code, stdout } = await scene.sign(`${scene.image('app:v2')}@${imageDigest}`, options);
      const { status, digest, path } = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual([code, status, digest, path], [0, 'stored', imageDigest, scene.image('app:v2')]);
      assert.match((await node.podmanPull(reference)).stderr, /A signature was required, but no signature exists/);
    });
    await t.test('with another key as well', async () => {
      const other = await scene.gpg.generate('other');
      await scene.server.registerKeys(other.publicKey);
      const { code, stdout } = await scene.sign(`${scene.image('app:v2')}@${imageDigest}`, [
        '--sign-by',
        other.fingerprint,
      ]);
      assert.deepEqual([code, stdout], [0, '1 stored, 0 already there, 0 refused\n']);
    });
    await t.test('under several names at once', async () => {
      const tags = ['v1.2', 'v1'].map((tag) => scene.image(`several:${tag}`));
      for (const each of tags) await scene.publish(each, { key: null });
      const names = tags.flatMap((each) => ['--sign-identity', each]);
      const { code, stdout } = await scene.sign(tags[0] ?? '', ['--sign-by', scene.key.fingerprint, ...names]);
      assert.deepEqual([code, stdout], [0, '2 stored, 0 already there, 0 refused\n']);
      for (const each of tags) await must(node.podmanPull(each));
    });
    await t.test('and leaves nothing behind', () => assert.deepEqual(scene.left(), []));
  });

  await t.test('signs an index and all of its images', async (t) => {
    const reference = scene.image('multi:v1');
    await must(scene.signer.skopeo('copy', '--quiet', '--all', scene.layout.index, `docker://${reference}`));
    const { code, stdout, stderr } = await scene.sign(reference);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '3 stored, 0 already there, 0 refused\n');
    assert.match(stderr, /an index of 2 images; signing with/);
    const node = scene.puller();
    for (const arch of ['amd64', 'arm64']) await must(node.podmanPull(reference, '--arch', arch));
    await must(node.skopeoPull(reference, '--all'));
    await must(node.podmanPull(`${scene.image('multi')}@${scene.layout.indexDigest}`));

    await t.test('but nothing of an index that lacks one', async () => {
      const partial = scene.image('partial:v1');
      await must(scene.signer.skopeo('copy', '--quiet', '--all', scene.layout.index, `docker://${partial}`));
      const url = `http://${scene.registry.host}/v2/acme/partial/manifests/${scene.layout.instances.arm64}`;
      assert.equal((await fetch(url, { method: 'DELETE' })).status, 202);
      const { code, stderr } = await scene.sign(partial);
      assert.equal(code, 1);
      assert.match(stderr, /acme\/partial@sha256:\w+ is not in its registry.*\(IMAGE_NOT_FOUND\)/);
    });
  });

  await t.test('signs a name by digest alone for pulls by digest', async () => {
    const { indexDigest } = scene.layout;
    const name = scene.image('pinned');
    await must(scene.signer.skopeo('copy', '--quiet', '--all', scene.layout.index, `docker://${name}:v1`));
    const { code, stderr } = await scene.sign(`${name}@${indexDigest}`);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /note \(3×\): .*pulls by digest, not by tag/);
    const node = scene.puller();
    await must(node.podmanPull(`${name}@${indexDigest}`, '--arch', 'arm64'));
    assert.equal((await node.podmanPull(`${name}:v1`)).code, 125);
  });
});
