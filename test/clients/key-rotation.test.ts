// A key is replaced as docs/operations.md says, with the loop that is printed there: the successor signs again what the
// old key signed, in two sittings, while nodes pull.
import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { documentedCommands } from '../support/documented.ts';
import type { PublicKey } from '../support/gpg.ts';
import { ociLayout } from '../support/images.ts';
import type { Node } from '../support/policy-node.ts';
import { CLI, type Exit, must, run, runCli } from '../support/processes.ts';
import { createScene, type Scene } from '../support/registry-scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const IMAGES = 10;

type Rotation = {
  readonly successor: PublicKey;
  /** References of images that the old key signed. */
  readonly images: readonly string[];
  /** The first command of the documentation: what is left to sign, as the lines of a file. */
  plan(): Promise<string[]>;
  /** The second, over these lines. */
  signAgain(lines: readonly string[]): Promise<Exit>;
  key(...args: readonly string[]): Promise<Exit>;
};

/** A signed image each, of its own content, with a second tag on the first. */
async function publishAll(t: TestContext, scene: Scene): Promise<string[]> {
  const references = Array.from({ length: IMAGES }, (_, index) => scene.image(`app-${index}:v1`));
  const publish = (layout: string, reference: string) =>
    must(scene.signer.skopeo('copy', '--quiet', '--sign-by', scene.key.fingerprint, layout, `docker://${reference}`));
  for (const reference of references) await publish(ociLayout(t, reference).image, reference);
  await must(scene.upload());
  await publish(ociLayout(t, references[0]).image, scene.image('app-0:latest')); // over the first in the staging directory
  await must(scene.upload());
  return [...references, scene.image('app-0:latest')];
}

async function createRotation(t: TestContext, scene: Scene): Promise<Rotation> {
  const images = await publishAll(t, scene);
  const successor = await scene.gpg.generate('successor');
  await scene.server.registerKeys(successor.publicKey);
  const dir = tempDir(t);
  const quoted = CLI.map((word) => `'${word}'`).join(' ');
  writeFileSync(join(dir, 'lookaside'), `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(join(dir, 'lookaside'), 0o755);
  const env = {
    ...scene.signer.environment,
    PATH: `${dir}:${process.env.PATH}`,
    LOOKASIDE_SERVER: scene.server.url,
    LOOKASIDE_TOKEN: await scene.server.createToken(['read', 'upload']),
    OLD: scene.key.fingerprint,
    NEW: successor.fingerprint,
  };
  const commands = documentedCommands('A key that shall be replaced');
  const loop = commands.slice(commands.indexOf('while '));
  const sh = (script: string) => run('sh', ['-c', `cd "${dir}"\n${script}`], { env });
  return {
    successor,
    images,
    async plan() {
      await must(sh(commands.replace(loop, '')));
      return readFileSync(join(dir, 'to-sign'), 'utf8').split('\n').filter(Boolean);
    },
    signAgain(lines) {
      writeFileSync(join(dir, 'to-sign'), lines.map((line) => `${line}\n`).join(''));
      return sh(loop);
    },
    key: (...args) => runCli(['key', ...args], { env: { LOOKASIDE_DATA_DIR: scene.server.dataDir } }),
  };
}

async function accepts(node: Node, images: readonly string[]): Promise<void> {
  for (const reference of images) await must(node.skopeoPull(reference));
}

test('a key is replaced', needs('gpg', 'skopeo', 'docker-registry', 'curl'), async (t) => {
  const scene = await createScene(t);
  const old = scene.key;
  const rotation = await createRotation(t, scene);
  const { successor, images, key, plan, signAgain } = rotation;
  const both = scene.puller({ key: Buffer.concat([old.publicKey, successor.publicKey]) });
  const onlyNew = scene.puller({ key: successor.publicKey });
  let first: string[] = [];

  await t.test('beginning with a list of everything the old key signed, tag by tag', async () => {
    first = await plan();
    assert.equal(first.length, IMAGES + 1);
    assert.deepEqual(first.map((line) => line.split(' ')[1]).sort(), [...images].sort());
    const { stdout } = await must(key('rotation', old.fingerprint, '--to', successor.fingerprint));
    assert.deepEqual(stdout.trimEnd().split('\n'), first);
  });

  await t.test('half of it first: nodes with both keys accept all, with the new one that half', async () => {
    const { code, stderr } = await signAgain(first.slice(0, 5));
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /not signed/);
    assert.deepEqual((await plan()).sort(), first.slice(5).sort());
    await accepts(both, images);
    const [done = '', open = ''] = [first[0], first[5]].map((line) => line?.split(' ')[1]);
    await accepts(onlyNew, [done]);
    assert.match((await onlyNew.skopeoPull(open)).stderr, /Invalid GPG signature/);
  });

  await t.test('and not retired before the rest is signed, whatever fails on the way', async () => {
    const refused = await key('retire', old.fingerprint);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /\(KEY_IN_USE\)/);
    const gone = `${scene.registry.host}/acme/gone@sha256:${'0'.repeat(64)}`;
    const { stderr } = await signAgain([`${gone} ${scene.registry.host}/acme/gone:v1`, ...(await plan())]);
    assert.match(stderr, new RegExp(`not signed: ${gone}`));
    assert.deepEqual(await plan(), []);
    await accepts(onlyNew, images);
    await must(key('retire', old.fingerprint));
    await accepts(both, images);
  });

  await t.test('and at last revoked, with nothing of it served and nothing lost', async () => {
    const slot = `${scene.server.url}/${(first[0] ?? '').split(' ')[0]?.replace('sha256:', 'sha256=')}`;
    const status = async (number: number) => (await fetch(`${slot}/signature-${number}`)).status;
    const before = [await status(1), await status(2)];
    assert.deepEqual(before, [200, 200]);
    const { stderr } = await must(key('revoke', old.fingerprint, '--reason', 'replaced'));
    assert.equal(stderr, `revoking ends ${IMAGES + 1} live signatures of ${IMAGES} images, at once and for good\n`);
    await accepts(both, images);
    await accepts(onlyNew, images);
    assert.match(
      (await scene.puller().skopeoPull(images[0] ?? '')).stderr,
      /Invalid GPG signature|no signature exists/,
    );
    assert.equal(await status(1), 200);
  });
});

test(
  'a key that is revoked before its successor has signed takes along what it says',
  needs('gpg', 'skopeo', 'docker-registry'),
  async (t) => {
    const scene = await createScene(t);
    const reference = scene.image('only:v1');
    await scene.publish(reference);
    await must(scene.upload());
    const { imageDigest } = scene.layout;
    const path = `${scene.server.url}/${scene.registry.host}/acme/only@${imageDigest.replace(':', '=')}/signature-1`;
    assert.equal((await fetch(path)).status, 200);
    const env = { LOOKASIDE_DATA_DIR: scene.server.dataDir };
    const { stderr } = await must(runCli(['key', 'revoke', scene.key.fingerprint, '--reason', 'stolen'], { env }));
    assert.match(
      stderr,
      /^revoking ends 1 live signature of 1 image, at once and for good\n1 image has no other signature/,
    );
    assert.ok(stderr.includes(`/acme/only@${imageDigest}\n`), stderr);
    assert.equal((await fetch(path)).status, 404);
    assert.match((await scene.puller().skopeoPull(reference)).stderr, /no signature exists/);
  },
);
