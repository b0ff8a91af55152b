// Moving in: the tree that skopeo wrote and clients read from, with a gap in it and a signature made by hand, becomes a
// store while the server runs, and what the gap had hidden is pulled.
import assert from 'node:assert/strict';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { must, runCli } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { needs } from '../support/tools.ts';

test('takes over a tree of signatures', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  const { registry, staging, signer, layout, key } = scene;
  const [first, second] = [scene.image('app:v1'), scene.image('app:v2')];
  await scene.publish(second, { key: null });
  await scene.publish(first);
  const dir = join(staging, `acme/app@${layout.imageDigest.replace(':', '=')}`);

  // A second signature, under another tag, made and filed by hand; and the first one lost to a cleanup.
  const manifest = join(staging, 'manifest.json');
  const inspect = ['inspect', '--raw', '--tls-verify=false', `docker://${first}`];
  writeFileSync(manifest, (await must(signer.skopeo(...inspect))).stdoutBytes);
  const byHand = join(dir, 'signature-4');
  await must(signer.skopeo('standalone-sign', manifest, second, key.fingerprint, '-o', byHand));
  renameSync(join(dir, 'signature-1'), join(dir, 'signature-2'));
  const take = (...options: string[]) =>
    runCli(['import', staging, '--registry', registry.host, ...options], {
      env: { LOOKASIDE_DATA_DIR: scene.server.dataDir },
    });

  await t.test('that hides signatures behind a gap', async () => {
    const today = scene.puller(undefined, { lookaside: `file://${staging}` });
    const { code, stderr } = await today.skopeoPull(first);
    assert.equal(code, 1);
    assert.match(stderr, /A signature was required, but no signature exists/);
  });
  const node = scene.puller();
  await t.test('and stores nothing as long as it is a rehearsal', async () => {
    const { code, stdout, stderr } = await take('--dry-run');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^2 would be stored, 0 already there, 0 stayed out, 1 other file skipped$/m);
    assert.match(stderr, /signature-1 is missing and hides 2 behind it$/m);
    assert.equal((await node.skopeoPull(first)).code, 1);
  });
  await t.test('so that a running server serves both at once, byte by byte', async () => {
    const { code, stdout, stderr } = await take();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^2 stored/);
    for (const [number, file] of [
      [1, 'signature-2'],
      [2, 'signature-4'],
    ] as const) {
      const response = await fetch(
        `${scene.base}/acme/app@${layout.imageDigest.replace(':', '=')}/signature-${number}`,
      );
      assert.equal(response.status, 200);
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), readFileSync(join(dir, file)));
    }
  });
  for (const reference of [first, second])
    await t.test(`and ${reference.slice(-2)} is pulled by skopeo and podman`, async () => {
      await must(node.skopeoPull(reference));
      await must(node.podmanPull(reference));
    });
});
