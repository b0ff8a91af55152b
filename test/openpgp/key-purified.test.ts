// Keys from a keyserver carry what others hung on them. None of it is needed to verify, some of it is large, and a
// picture is nothing a signature store should hand out.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mergeKey, readKeyFile } from '../../server/openpgp/key-material.ts';
import { readPackets, TAG } from '../../server/openpgp/packets.ts';
import { type GpgHome, gpgHome } from '../support/gpg.ts';
import { needs } from '../support/tools.ts';
import { gpg, gpgDialogue } from './gpg.ts';

/** The smallest file that gpg believes to be a photo. */
const PHOTO = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

function tags(bytes: Uint8Array): number[] {
  return readPackets(bytes, 1000).map(({ tag }) => tag);
}

async function purified(bytes: Uint8Array) {
  const [key] = (await readKeyFile(bytes)).keys;
  assert.ok(key);
  return key;
}

async function certified(home: GpgHome) {
  const [alice, bob] = [await home.generate('alice', 'ed25519'), await home.generate('bob', 'ed25519')];
  await gpg(home, [
    '--export-options',
    'export-minimal',
    '--local-user',
    bob.fingerprint,
    '--quick-sign-key',
    alice.fingerprint,
  ]);
  return { alice, bob, certified: await gpg(home, ['--export', alice.fingerprint]) };
}

test('readKeyFile leaves out certifications by others', needs('gpg'), async (t) => {
  const { alice, certified: posted } = await certified(gpgHome(t));
  assert.deepEqual(tags(posted), [TAG.publicKey, TAG.userId, TAG.signature, TAG.signature]);
  const { material, facts } = await purified(posted);
  assert.deepEqual(Buffer.from(material), Buffer.from((await purified(alice.publicKey)).material));
  assert.deepEqual(tags(material), [TAG.publicKey, TAG.userId, TAG.signature]);
  assert.equal(facts.fingerprint, alice.fingerprint);
});

test('readKeyFile leaves out what others withdrew of their certifications', needs('gpg'), async (t) => {
  const home = gpgHome(t);
  const { alice } = await certified(home);
  // Of the two certifications in this home, the second is bob's.
  await gpgDialogue(home, ['--edit-key', alice.fingerprint], ['revsig', 'n', 'y', 'y', '0', '', 'y', 'save']);
  const posted = await gpg(home, ['--export', alice.fingerprint]);
  assert.equal(tags(posted).length, 5);
  assert.deepEqual(tags((await purified(posted)).material), [TAG.publicKey, TAG.userId, TAG.signature]);
});

test('readKeyFile leaves out photos', needs('gpg'), async (t) => {
  const home = gpgHome(t);
  const { fingerprint, publicKey } = await home.generate('alice', 'ed25519');
  const photo = join(home.dir, 'photo.jpg');
  writeFileSync(photo, PHOTO);
  await gpgDialogue(home, ['--edit-key', fingerprint], ['addphoto', photo, 'y', 'save']);
  const posted = await gpg(home, ['--export', fingerprint]);
  assert.ok(tags(posted).includes(TAG.userAttribute));
  const { material } = await purified(posted);
  assert.deepEqual(tags(material), [TAG.publicKey, TAG.userId, TAG.signature]);
  const merged = await mergeKey((await purified(publicKey)).material, posted);
  assert.ok(!tags(merged.material).includes(TAG.userAttribute));
});

test('mergeKey leaves out certifications by others in the posted copy', needs('gpg'), async (t) => {
  const { alice, certified: posted } = await certified(gpgHome(t));
  const { material } = await mergeKey((await purified(alice.publicKey)).material, posted);
  assert.deepEqual(tags(material), [TAG.publicKey, TAG.userId, TAG.signature]);
});
