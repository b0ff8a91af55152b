// An index of which one platform is not signed: what is told of each platform is what skopeo does on a machine of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../../server/domain/digest.ts';
import { PLATFORMS } from '../support/images.ts';
import { must, runCli } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

test('agrees with skopeo on the platforms of an index', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const reference = scene.image('multi:v1');
  await scene.publish(reference, { all: true });
  await must(scene.upload());
  const repository = scene.image('multi');
  const { signatures } = scene.server.local;
  const digest = scene.layout.instances.arm64 as Digest;
  const stored = await signatures.list({ digest }, { limit: 10, before: null }, LOCAL);
  for (const { id } of stored.items) await signatures.withdraw(id, 'one platform is to be unsigned', LOCAL);

  const { code, stdout, stderr } = await runCli(['verdict', reference, '--fetch', '--plain-http', '--json'], {
    env: { LOOKASIDE_DATA_DIR: scene.server.dataDir },
  });
  assert.equal(code, 1, stderr);
  const { platforms, digest: index } = JSON.parse(stdout) as {
    digest: string;
    platforms: { name: string; readers: { reader: string; outcome: string }[] }[];
  };
  assert.equal(index, scene.layout.indexDigest);
  const node = scene.puller();
  for (const architecture of PLATFORMS)
    await t.test(`on ${architecture}, by tag and by the digest of the index`, async () => {
      const told = platforms.find(({ name }) => name === `linux/${architecture}`)?.readers;
      const outcome = told?.find(({ reader }) => reader === 'gpgme-older')?.outcome;
      assert.equal(outcome, architecture === 'amd64' ? 'accepted' : 'refused');
      for (const pulled of [reference, `${repository}@${index}`]) {
        const pull = await node.skopeoPull(pulled, `--override-arch=${architecture}`);
        assert.equal(pull.code === 0, outcome === 'accepted', pull.stderr);
      }
    });
});
