// What `lookaside sign-and-push` signs of an image, by what its registry has.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { findManifests } from '../../server/cli/signing/image.ts';
import { parseReference } from '../../server/domain/reference.ts';

const NAME = 'registry.example.com/acme/app';

/** A registry with these manifests, and what it was asked for. */
function registry() {
  const stored = new Map<string, Uint8Array>();
  const asked: string[] = [];
  return {
    asked,
    /** Returns its digest. */
    add(manifest: object, tag?: string): string {
      const bytes = Buffer.from(JSON.stringify(manifest));
      const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
      for (const name of [`@${digest}`, ...(tag === undefined ? [] : [`:${tag}`])]) stored.set(NAME + name, bytes);
      return digest;
    },
    replace: (name: string, bytes: string) => void stored.set(NAME + name, Buffer.from(bytes)),
    async fetch(reference: string): Promise<Uint8Array> {
      asked.push(reference);
      return stored.get(reference) ?? assert.fail(`asked for ${reference}`);
    },
  };
}

const image = (name: string) => ({ schemaVersion: 2, config: { name }, layers: [] });
const entry = (digest: string, os: string, architecture: string) => ({ digest, platform: { os, architecture } });

test('what is signed', async (t) => {
  await t.test('of an image is its manifest, looked up once', async () => {
    const { add, fetch, asked } = registry();
    const digest = add(image('app'), 'v1');
    const found = await findManifests(parseReference(`${NAME}:v1`), fetch);
    assert.deepEqual([found.map(({ part, digest }) => [part, digest]), asked], [[[null, digest]], [`${NAME}:v1`]]);
  });
  await t.test('of a tag and a digest is what the digest says', async () => {
    const { add, fetch, asked } = registry();
    const digest = add(image('app'));
    await findManifests(parseReference(`${NAME}:v1@${digest}`), fetch);
    assert.deepEqual(asked, [`${NAME}@${digest}`]);
  });
  await t.test('of an index is all of it, attestations too, and each image once', async () => {
    const { add, fetch } = registry();
    const [arm, note] = [add(image('arm')), add(image('attestation'))];
    const manifests = [entry(arm, 'linux', 'arm'), entry(arm, 'linux', 'arm64'), entry(note, 'unknown', 'unknown')];
    const index = add({ schemaVersion: 2, manifests }, 'v1');
    const found = await findManifests(parseReference(`${NAME}:v1`), fetch);
    assert.deepEqual(
      found.map(({ part, digest }) => [part, digest]),
      [
        ['index', index],
        ['linux/arm64', arm],
        ['unknown/unknown', note],
      ],
    );
  });
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '<html>', /not JSON/],
    ['no manifest', '{}', /neither the manifest of an image nor an index/],
    ['an index by another hash', `{"manifests":[{"digest":"sha512:${'0'.repeat(128)}"}]}`, /no SHA-256 digest/],
  ];
  for (const [what, bytes, words] of wrong)
    await t.test(`is nothing of ${what}`, async () => {
      const { replace, fetch } = registry();
      replace(':v1', bytes);
      await assert.rejects(findManifests(parseReference(`${NAME}:v1`), fetch), words);
    });
  await t.test('is nothing that is not what its digest says', async () => {
    const { add, replace, fetch } = registry();
    const digest = add(image('app'));
    replace(`@${digest}`, JSON.stringify(image('another')));
    await assert.rejects(findManifests(parseReference(`${NAME}@${digest}`), fetch), /hashes to sha256:/);
    add({ schemaVersion: 2, manifests: [entry(digest, 'linux', 'arm')] }, 'v1');
    await assert.rejects(findManifests(parseReference(`${NAME}:v1`), fetch), { code: 'MANIFEST_INVALID' });
  });
});
