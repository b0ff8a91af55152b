// A tree as years of signing leave it behind: what verifies is taken in its order, and for the rest somebody learns what to
// do about it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { randomDigest, stage } from '../support/gpg-claims.ts';
import { LOCAL } from '../support/server.ts';
import { hexOf, importScene, REGISTRY } from './import-scene.ts';

const APP = `${REGISTRY}/acme/app`;

test('import of a good tree', async (t) => {
  const scene = await importScene(t);
  const digest = randomDigest();
  const signed = Array.from({ length: 12 }, (_, index) => scene.signer.sign(`${APP}:v${index}`, digest));
  stage(scene.tree, 'acme/app', digest, signed);

  await t.test('says what it would store, and stores nothing, with --dry-run', async () => {
    const { code, out, err } = await scene.take('--dry-run');
    assert.deepEqual([code, out], [0, '12 would be stored, 0 already there, 0 stayed out'], err);
    assert.deepEqual(scene.served(APP, digest), []);
  });
  await t.test('stores every signature, in the order of their numbers', async () => {
    const { code, out } = await scene.take();
    assert.deepEqual([code, out], [0, '12 stored, 0 already there, 0 stayed out']);
    assert.deepEqual(scene.served(APP, digest), signed);
  });
  await t.test('is noted in the audit log, by the local user', async () => {
    const { items } = await scene.local.audit.list({ action: 'signature.stored' }, { limit: 100, before: null }, LOCAL);
    assert.equal(items.length, 12);
    assert.deepEqual(items[0]?.actor, { kind: 'local', name: 'tester' });
  });
  await t.test('finds everything there when it is done again', async () => {
    assert.deepEqual(
      [(await scene.take()).code, (await scene.take()).out],
      [0, '0 stored, 12 already there, 0 stayed out'],
    );
    assert.equal((await scene.take('--dry-run')).out, '0 would be stored, 12 already there, 0 stayed out');
  });
  await t.test('takes what came since, at its end', async () => {
    const late = scene.signer.sign(`${APP}:late`, digest);
    scene.write(`acme/app@${hexOf(digest)}/signature-13`, late);
    assert.equal((await scene.take()).out, '1 stored, 12 already there, 0 stayed out');
    assert.deepEqual(scene.served(APP, digest), [...signed, late]);
  });
});

test('import of numbers that runtimes do not get to', async (t) => {
  const scene = await importScene(t);

  await t.test('closes gaps, and says which signatures become visible', async () => {
    const digest = randomDigest();
    const [one, three, four] = ['v1', 'v3', 'v4'].map((tag) => scene.signer.sign(`${APP}:${tag}`, digest));
    for (const [number, bytes] of [
      [1, one],
      [3, three],
      [4, four],
    ] as const)
      scene.write(`acme/app@${hexOf(digest)}/signature-${number}`, bytes as Buffer);
    const { code, err } = await scene.take();
    assert.equal(code, 0);
    assert.match(
      err,
      /^a gap in 1 image: .*\n {4}to do: nothing.*visible.*\n {4}1× signature-2 is missing and hides 2 behind it$/m,
    );
    assert.deepEqual(scene.served(APP, digest), [one, three, four]);
  });
  await t.test('stores 127 of an image and says which stayed out', async () => {
    const digest = randomDigest();
    const signed = Array.from({ length: 129 }, (_, index) => scene.signer.sign(`${REGISTRY}/full:v${index}`, digest));
    stage(scene.tree, 'full', digest, signed);
    const rehearsed = await scene.take('--dry-run');
    assert.match(rehearsed.out, /^127 would be stored, 3 already there, 2 stayed out$/);
    const { code, out, err } = await scene.take();
    assert.deepEqual([code, out], [1, '127 stored, 3 already there, 2 stayed out']);
    assert.match(err, /^too many signatures in 1 image: /m);
    assert.match(err, /^stayed out, 2 files: .*\(IMAGE_FULL\)\n[\s\S]*\/signature-128\n.*\/signature-129$/m);
    assert.deepEqual(scene.served(`${REGISTRY}/full`, digest), signed.slice(0, 127));
  });
  await t.test('stores a signature once that is there again, in whatever encoding', async () => {
    const digest = randomDigest();
    const one = scene.signer.sign(`${REGISTRY}/twice:v1`, digest);
    const uncompressed = inflateRawSync(one.subarray(2));
    const dir = stage(scene.tree, 'twice', digest, [one, one, uncompressed]);
    assert.match((await scene.take('--dry-run')).out, /^1 would be stored, 130 already there, 2 twice/);
    assert.match((await scene.take()).out, /^1 stored, 130 already there, 2 twice/);
    assert.deepEqual(scene.served(`${REGISTRY}/twice`, digest), [one]);
    const { out, err } = await scene.take();
    assert.match(out, /^0 stored, 131 already there, 2 twice/);
    const same = `2× the same as /${REGISTRY}/twice@${hexOf(digest)}/signature-1`;
    assert.ok(err.includes(`${same}\n        ${dir}/signature-2\n        ${dir}/signature-3`), err);
  });
});

test('import of files in the wrong place', async (t) => {
  const scene = await importScene(t);
  const digest = randomDigest();
  const good = scene.signer.sign(`${APP}:v1`, digest);
  const dir = stage(scene.tree, 'acme/app', digest, [good]);
  const secret = scene.write('elsewhere', good);
  symlinkSync(secret, join(dir, 'signature-2'));
  symlinkSync(join(scene.tree, 'acme'), join(scene.tree, 'linked'));
  execFileSync('mkfifo', [join(dir, 'signature-3')]);
  mkdirSync(join(dir, 'signature-4'));
  const image = (name: string, of = randomDigest()) => ({
    of,
    signed: scene.signer.sign(`${REGISTRY}/${name}:v1`, of),
  });
  const colon = image('colon');
  scene.write(`colon@${colon.of}/signature-1`, colon.signed);
  const nameless = image('nameless');
  scene.write(`${hexOf(nameless.of)}/signature-1`, nameless.signed);
  scene.write(`acme/app@sha512=${'a'.repeat(128)}/signature-1`, good);
  scene.write('acme/signature-1', good);
  scene.write(`acme/app@${hexOf(digest)}/signature-05`, good);
  scene.write(`acme/app@${hexOf(digest)}/.signature-2.Xc3f`, good);
  scene.write('index.html', '<html>');
  const { code, out, err } = await scene.take('--json');
  const lines = linesOf(out);

  await t.test('stores what is in its place, and ends with 1', () => {
    assert.equal(code, 1);
    assert.equal(err, '');
    assert.deepEqual(scene.served(APP, digest), [good]);
    assert.deepEqual(last(lines).counts, {
      stored: 1,
      acceptable: 0,
      exists: 0,
      duplicate: 0,
      refused: 0,
      misplaced: 8,
      skipped: 3,
    });
  });
  const REASONS: readonly [reason: string, status: string, file: string][] = [
    ['link', 'misplaced', `${dir}/signature-2`],
    ['link', 'misplaced', 'linked'],
    ['special', 'misplaced', `${dir}/signature-3`],
    ['colon', 'misplaced', `colon@${colon.of}/signature-1`],
    ['nameless', 'misplaced', `${hexOf(nameless.of)}/signature-1`],
    ['digest', 'misplaced', `acme/app@sha512=${'a'.repeat(128)}/signature-1`],
    ['outside', 'misplaced', 'acme/signature-1'],
    ['name', 'misplaced', `${dir}/signature-05`],
    ['name', 'skipped', `${dir}/.signature-2.Xc3f`],
    ['outside', 'skipped', 'index.html'],
    ['outside', 'skipped', 'elsewhere'],
  ];
  for (const [reason, status, file] of REASONS)
    await t.test(`names ${file.slice(-30)}: ${reason}, ${status}`, () => {
      const line = lines.find(({ path }) => String(path).endsWith(file));
      assert.deepEqual([line?.reason, line?.status], [reason, status]);
    });
  await t.test('is no failure where only strays are left', async () => {
    for (const [, status, file] of REASONS)
      if (status === 'misplaced') rmSync(file.startsWith('/') ? file : join(scene.tree, file), { recursive: true });
    assert.equal((await scene.take()).code, 0);
  });
});

const linesOf = (out: string) => out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
const last = (lines: readonly Record<string, unknown>[]) => lines.at(-1) ?? {};
