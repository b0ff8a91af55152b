// Private mode: the token travels as userinfo of the base, the only credentials these clients send. A refusal must
// fail the pull whatever the policy says; an image must never look unsigned because somebody may not look.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { needs } from '../support/tools.ts';

test('serves signatures to holders of a token only', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  const reference = scene.image('private:v1');
  await scene.publish(reference);
  await must(scene.upload());
  const withUser = (userinfo: string, policy = {}) =>
    scene.puller(policy, { lookaside: scene.base.replace('://', `://${userinfo}@`) });
  const policy = { key: scene.key.publicKey };

  await t.test('lets a token in as the password of any user', async () => {
    const token = await scene.server.createToken(['read'], [scene.registry.host]);
    for (const user of ['node', 'some%40one']) {
      await must(withUser(`${user}:${token}`, policy).skopeoPull(reference));
      await must(withUser(`${user}:${token}`, policy).podmanPull(reference));
    }
  });

  await t.test('answers 404 after the last signature, not a challenge', async () => {
    const token = await scene.server.createToken(['read']);
    const unsigned = scene.image('unsigned:v1');
    await scene.publish(unsigned, { key: null });
    await must(withUser(`node:${token}`).skopeoPull(unsigned));
  });

  const outsiders: readonly [who: string, token: () => Promise<string>, status: number][] = [
    ['a token that is none', async () => 'lks_guess', 401],
    ['an expired token', async () => scene.server.createToken(['read'], [], 1), 401],
    ['a token for uploads', async () => scene.server.createToken(['upload']), 403],
    ['a token of another registry', async () => scene.server.createToken(['read'], ['quay.io']), 403],
  ];
  for (const [who, createToken, status] of outsiders)
    await t.test(`fails the pull of ${who}, also under a policy that accepts anything`, async () => {
      const node = withUser(`node:${await createToken()}`);
      const why = new RegExp(`reading signature from .*: .*status:? ${status}`);
      const bySkopeo = await node.skopeoPull(reference);
      assert.equal(bySkopeo.code, 1);
      assert.match(bySkopeo.stderr, why);
      const byPodman = await node.podmanPull(reference);
      assert.equal(byPodman.code, 125);
      assert.match(byPodman.stderr, why);
      assert.doesNotMatch(bySkopeo.stderr + byPodman.stderr, /lks_/, 'a client prints the base it could not read');
    });

  await t.test('fails the pull of a machine without a token', async () => {
    const { code, stderr } = await scene.puller({}).skopeoPull(reference);
    assert.equal(code, 1);
    assert.match(stderr, /401/);
  });
});
