// What stays out of the store when a tree is imported: signatures as the real gpg made them, grouped by what somebody can
// do about them. Nothing lets them in.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { randomDigest, stage } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { CORPUS_DIGEST_HEX, fixture, LOCAL } from '../support/server.ts';
import { hexOf, type ImportScene, importScene, REGISTRY } from './import-scene.ts';

const CORPUS_IMAGE = `acme/app@sha256=${CORPUS_DIGEST_HEX}`;

/** Into the directory of the image that they were signed for, under the numbers 1, 2, … */
function placeFixtures(scene: ImportScene, ...names: readonly string[]): void {
  for (const [index, name] of names.entries())
    scene.write(`${CORPUS_IMAGE}/signature-${index + 1}`, fixture(`signatures/${name}.sig`));
}

test('import of signatures by keys that do not count', async (t) => {
  const scene = await importScene(t);
  const stranger = await createFastSigner();
  const [retired = ''] = await scene.registerKeys('rsa2048', 'expired', 'revoked');
  await scene.local.keys.change(retired as never, { state: 'retired' }, LOCAL);
  placeFixtures(scene, 'rsa2048', 'expired-key', 'revoked-key');
  for (const name of ['one', 'two'])
    for (let tag = 1; tag <= 2; tag++) {
      const digest = randomDigest();
      scene.write(`${name}@${hexOf(digest)}/signature-1`, stranger.sign(`${REGISTRY}/${name}:v${tag}`, digest));
    }
  const { code, out, err } = await scene.take();

  await t.test('stores none, and ends with 1', () => {
    assert.deepEqual([code, out], [1, '0 stored, 0 already there, 7 stayed out']);
  });
  await t.test('groups those by one key that is not registered, with the command that registers it', () => {
    const [, count, keyId] =
      /^stayed out, 4 files: .*\(KEY_UNKNOWN\)\n.*`lookaside key add FILE`.*\n {4}(\d)× signed by key id ([0-9A-F]{16})/m.exec(
        err,
      ) ?? [];
    assert.deepEqual([count, keyId], ['4', stranger.fingerprint.slice(-16)]);
    assert.match(err, /KEY_UNKNOWN[\s\S]*?(?: {8}\/.*\n){3} {8}and 1 more/);
  });
  const ADVICE: readonly [code: string, advice: RegExp][] = [
    ['KEY_EXPIRED', /runtimes refuse them too.*extend the key/],
    ['KEY_RETIRED', /`lookaside key reactivate FINGERPRINT`, run this again/],
    ['KEY_REVOKED', /out for good/],
  ];
  for (const [refusal, advice] of ADVICE)
    await t.test(`says what to do about ${refusal}`, () => {
      const [, todo = ''] =
        new RegExp(`\\(${refusal}\\)\\n {4}to do: (.*)\\n {4}1× signed by key [0-9A-F]{40}`).exec(err) ?? [];
      assert.match(todo, advice);
    });
  await t.test('takes them in on a second run when that was done', async () => {
    await scene.registerKeys(stranger.publicKey);
    await scene.local.keys.change(retired as never, { state: 'active' }, LOCAL);
    assert.deepEqual([(await scene.take()).out], ['5 stored, 0 already there, 2 stayed out']);
  });
});

test('import of files that are no signatures of their image', async (t) => {
  const scene = await importScene(t);
  const digest = randomDigest();
  const sign = (name: string, of = digest) => scene.signer.sign(`${REGISTRY}/${name}:v1`, of);
  const [other, good] = [sign('app', randomDigest()), sign('app')];
  const dir = stage(scene.tree, 'app', digest, [other, sign('neighbour'), good]);
  const rest = [
    Buffer.from('<!doctype html>'),
    Buffer.alloc(0),
    Buffer.alloc(70_000, 0x90),
    Buffer.alloc(5_000_000, 0x90),
  ];
  for (const [index, bytes] of rest.entries()) writeFileSync(join(dir, `signature-${index + 4}`), bytes);
  stage(scene.tree, 'Upper', digest, [sign('upper')]);
  stage(scene.tree, 'at@home/app', digest, [sign('app')]);
  const { code, out } = await scene.take('--json');
  const lines = out.split('\n').map((line) => JSON.parse(line) as Line);

  await t.test('stores the good one alone', () => {
    assert.equal(code, 1);
    assert.deepEqual(scene.served(`${REGISTRY}/app`, digest), [good]);
  });
  const EXPECTED: readonly [file: string, code: string][] = [
    ['/signature-1', 'CLAIM_DIGEST_MISMATCH'],
    ['/signature-2', 'CLAIM_REPOSITORY_MISMATCH'],
    ['/signature-4', 'SIGNATURE_HTML'],
    ['/signature-5', 'SIGNATURE_EMPTY'],
    ['/signature-6', 'SIGNATURE_TOO_LARGE'],
    ['/signature-7', 'SIGNATURE_TOO_LARGE'],
  ];
  for (const [file, refusal] of EXPECTED)
    await t.test(`refuses ${file}: ${refusal}`, () => {
      assert.equal(lines.find(({ path }) => path === dir + file)?.problem?.code, refusal);
    });
  await t.test('refuses names that cannot be served', () => {
    const codes = lines.filter(({ path = '' }) => /Upper|home/.test(path)).map(({ problem }) => problem?.code);
    assert.deepEqual(codes.sort(), ['REPOSITORY_INVALID', 'TARGET_INVALID']);
  });
  await t.test('gives programs the counts and groups at the end', () => {
    const { complete, counts, findings } = lines.at(-1) ?? {};
    assert.equal(complete, true);
    assert.deepEqual([counts?.stored, counts?.refused], [1, 8]);
    assert.deepEqual(findings?.find((finding) => finding.code === 'SIGNATURE_TOO_LARGE')?.count, 2);
  });
});

test('import of armored signatures', async (t) => {
  const scene = await importScene(t);
  await scene.registerKeys('rsa2048');
  placeFixtures(scene, 'armored');

  await t.test('is refused, and names the option', async () => {
    const { code, err } = await scene.take();
    assert.equal(code, 1);
    assert.match(err, /\(SIGNATURE_ARMORED\)\n {4}to do: add --dearmor/);
  });
  await t.test('stores the binary message with --dearmor', async () => {
    assert.equal((await scene.take('--dearmor')).out, '1 stored, 0 already there, 0 stayed out');
    const [bytes] = scene.served(`${REGISTRY}/acme/app`, `sha256:${CORPUS_DIGEST_HEX}`);
    assert.match(bytes?.subarray(0, 1).toString('hex') ?? '', /^(90|a[0-3]|c4|c8)$/);
  });
  await t.test('is there when it is done again, and damaged armor is a refusal of its own', async () => {
    scene.write(`${CORPUS_IMAGE}/signature-2`, '-----BEGIN PGP MESSAGE-----\n\n!\n-----END PGP MESSAGE-----\n');
    const { out, err } = await scene.take('--dearmor');
    assert.equal(out, '0 stored, 1 already there, 1 stayed out');
    assert.match(err, /\(SIGNATURE_/);
  });
});

test('import of a tree that cannot be read as a whole', async (t) => {
  const scene = await importScene(t);
  const digest = randomDigest();
  stage(scene.tree, 'app', digest, [scene.signer.sign(`${REGISTRY}/app:v1`, digest)]);
  // Not UTF-8, so that Node.js cannot name it: unreadable for root as well.
  mkdirSync(Buffer.concat([Buffer.from(`${scene.tree}/`), Buffer.from([0xff, 0xfe])]));
  await t.test('takes the rest, says what it could not read, and ends with 1', async () => {
    const { code, out, err } = await scene.take();
    assert.deepEqual([code, out], [1, '1 stored, 0 already there, 1 stayed out']);
    assert.match(err, /^stayed out, 1 file: cannot be read\n.*\n {4}1× cannot be read: ENOENT\n/m);
  });
});

test('import called with what it cannot use', async (t) => {
  const scene = await importScene(t);
  const digest = randomDigest();
  await t.test('ends with 2 where there is nothing to import', async () => {
    const { code, err } = await scene.take();
    assert.equal(code, 2);
    assert.match(err, /found no signatures/);
  });
  const dir = stage(scene.tree, 'app', digest, [scene.signer.sign(`${REGISTRY}/app:v1`, digest)]);
  const CALLS: readonly [what: string, args: readonly string[], says: RegExp][] = [
    ['no registry', [scene.tree], /--registry/],
    ['no registry host', [scene.tree, '--registry', 'acme'], /starts with no registry host/],
    ['a directory that is not there', [join(scene.tree, 'nothing'), '--registry', REGISTRY], /cannot read/],
    ['a file', [join(dir, 'signature-1'), '--registry', REGISTRY], /is no tree/],
    ['the directory of one image', [dir, '--registry', REGISTRY], /is no tree/],
    ['an option that would let everything in', [scene.tree, '--registry', REGISTRY, '--force'], /unknown option/],
  ];
  for (const [what, args, says] of CALLS)
    await t.test(`ends with 2 for ${what}`, async () => {
      const { code, err } = await scene.lookaside('import', ...args);
      assert.equal(code, 2);
      assert.match(err, says);
    });
});

type Line = {
  readonly path?: string;
  readonly problem?: { readonly code: string };
  readonly complete?: boolean;
  readonly counts?: Readonly<Record<string, number>>;
  readonly findings?: readonly { readonly code: string; readonly count: number }[];
};
