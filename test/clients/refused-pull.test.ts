// What signedBy must keep out. Each image is in the registry and pullable; only what the store serves for it, or
// serves no longer, makes the difference, so each refusal is preceded by a pull that works where there was one.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Fingerprint } from '../../server/domain/fingerprint.ts';
import type { Node } from '../support/policy-node.ts';
import { must } from '../support/processes.ts';
import { createScene, SCENE_TOOLS, type Scene } from '../support/registry-scene.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';

const UNSIGNED = /A signature was required, but no signature exists/;

async function refused(node: Node, reference: string, why: RegExp): Promise<void> {
  const bySkopeo = await node.skopeoPull(reference);
  assert.match(bySkopeo.stderr, why);
  assert.equal(bySkopeo.code, 1);
  const byPodman = await node.podmanPull(reference);
  assert.match(byPodman.stderr, why);
  assert.equal(byPodman.code, 125);
}

async function accepted(node: Node, reference: string): Promise<void> {
  await must(node.skopeoPull(reference));
  await must(node.podmanPull(reference));
}

/** Alone in the staging directory, whatever was there before. */
async function published(scene: Scene, name: string): Promise<string> {
  const reference = scene.image(name);
  rmSync(join(scene.staging, 'acme'), { recursive: true, force: true });
  await scene.publish(reference);
  await must(scene.upload());
  return reference;
}

test('leaves it to runtimes to refuse', needs(...SCENE_TOOLS), async (t) => {
  const scene = await createScene(t);
  await refusesWithoutSignature(t, scene);
  await refusesUnknownKeys(t, scene);
  await refusesOtherIdentities(t, scene);
  await refusesWithdrawn(t, scene);
  await refusesRevoked(t, scene); // last: the key serves nothing from then on
});

async function refusesWithoutSignature(t: TestContext, scene: Scene): Promise<void> {
  await t.test('refuses an image nobody signed', async () => {
    const reference = scene.image('unsigned:v1');
    await scene.publish(reference, { key: null });
    await refused(scene.puller(), reference, UNSIGNED);
    await accepted(scene.puller({}), reference);
  });
}

async function refusesUnknownKeys(t: TestContext, scene: Scene): Promise<void> {
  await t.test('refuses an image signed with a key the policy does not name', async () => {
    const reference = await published(scene, 'other-key:v1');
    const other = await scene.gpg.generate('other');
    await refused(scene.puller({ key: other.publicKey }), reference, /Invalid GPG signature/);
    await accepted(scene.puller(), reference);
  });

  await t.test('never serves the signature of a key that is not registered', async () => {
    const reference = scene.image('stranger:v1');
    const stranger = await scene.gpg.generate('stranger');
    await scene.publish(reference, { key: stranger });
    const { code, stderr } = await scene.upload();
    assert.equal(code, 1);
    assert.match(stderr, /stranger@sha256=\w+\/signature-1: .*\(KEY_UNKNOWN\)/);
    await refused(scene.puller({ key: stranger.publicKey }), reference, UNSIGNED);
  });
}

async function refusesOtherIdentities(t: TestContext, scene: Scene): Promise<void> {
  await t.test('refuses a tag that was not signed, of an image that was', async () => {
    const signed = await published(scene, 'identity:v1');
    const other = scene.image('identity:v2');
    await scene.publish(other, { key: null }); // the same manifest under another tag
    await refused(scene.puller(), other, /Signature for identity .*identity:v1.* is not accepted/);
    await accepted(scene.puller(), signed);
    const lenient = { key: scene.key.publicKey, identity: { type: 'matchRepository' } as const };
    await accepted(scene.puller(lenient), other);
  });

  await t.test('keeps a signature from where its claim does not belong', async () => {
    const reference = scene.image('promoted:v1');
    await scene.publish(reference, { identity: 'registry.example.com/acme/promoted:v1' });
    const { code, stderr } = await scene.upload();
    assert.equal(code, 1);
    assert.match(stderr, /promoted@sha256=\w+\/signature-1: .*\(CLAIM_REPOSITORY_MISMATCH\)/);
    await refused(scene.puller(), reference, UNSIGNED);
  });
}

async function refusesWithdrawn(t: TestContext, scene: Scene): Promise<void> {
  await t.test('refuses an image whose signature was withdrawn', async () => {
    const reference = await published(scene, 'withdrawn:v1');
    await accepted(scene.puller(), reference);
    const {
      items: [stored],
    } = await scene.server.local.signatures.list({}, { limit: 1, before: null }, LOCAL);
    assert.match(stored?.repository ?? '', /withdrawn$/);
    await scene.server.local.signatures.withdraw(stored?.id ?? 0, 'built from the wrong branch', LOCAL);
    await refused(scene.puller(), reference, UNSIGNED);
  });

  await t.test('refuses to take the withdrawn signature again', async () => {
    const { code, stderr } = await scene.upload();
    assert.equal(code, 1);
    assert.match(stderr, /withdrawn@sha256=\w+\/signature-1: .*built from the wrong branch.*\(SIGNATURE_WITHDRAWN\)/);
  });
}

async function refusesRevoked(t: TestContext, scene: Scene): Promise<void> {
  const reference = await published(scene, 'revoked:v1');
  const fingerprint = scene.key.fingerprint as Fingerprint;

  await t.test('accepts what a retired key signed before', async () => {
    await scene.server.local.keys.change(fingerprint, { state: 'retired', force: true }, LOCAL);
    await accepted(scene.puller(), reference);
  });

  await t.test('refuses everything the key signed once it is revoked', async () => {
    await scene.server.local.keys.change(fingerprint, { state: 'revoked', reason: 'laptop stolen' }, LOCAL);
    await refused(scene.puller(), reference, UNSIGNED);
    await refused(scene.puller(), scene.image('identity:v1'), UNSIGNED);
  });
}
