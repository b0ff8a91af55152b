// Somebody hands in a bundle that was never made by `bundle create`, or has changed one on its way, with every hash right.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkBundle } from '../../server/services/bundle/loading.ts';
import { openBundle } from '../../server/services/bundle/reading.ts';
import { type Forged, forge, headerWith } from '../services/bundle-forging.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type BundleFiles, bundleScene, IMAGE, storeKnowing } from './bundle-scene.ts';

const SHAPE = /something other than the plain files/;
const NAME = /is no name of a file in a bundle/;
const ORDER = /is there twice, out of order or behind a gap/;
const LIST = /is not what its list of hashes has at this place/;
const FACTS = /is not as `lookaside bundle create` writes it/;
const SIZE = /something other than the plain files|it ends before|its end is not|between two files/;

/** The second signature, in another way. */
type Change = (second: Forged) => Forged;
const called =
  (path: string): Change =>
  (second) => ({ ...second, path });
const headed =
  (changes: Readonly<Record<number, string>>): Change =>
  (second) => ({
    ...second,
    header: headerWith(second.path, second.bytes.length, changes),
  });

const FILES: Readonly<Record<string, readonly [Change, RegExp]>> = {
  'a name that climbs': [called(IMAGE.replace('registry', '../../registry')), NAME],
  'a name that climbs behind a point': [called(IMAGE.replace('/acme', '/./acme')), NAME],
  'an absolute name': [called(`/${IMAGE}/signature-2`), NAME],
  'a name without a registry': [called(`${IMAGE.replace('registry.example.com/', '')}/signature-2`), NAME],
  'a name in capitals': [called(`${IMAGE.replace('acme', 'ACME')}/signature-2`), NAME],
  'a number with a nought': [called(`${IMAGE}/signature-02`), NAME],
  'no number': [called(`${IMAGE}/signature-`), NAME],
  'a number that is too long': [called(`${IMAGE}/signature-1000`), NAME],
  'a key that climbs': [called('keys/../../root/.ssh/authorized_keys'), NAME],
  'a file of its own': [called('etc/cron.d/x'), NAME],
  'a link': [headed({ 156: '1', 157: 'bundle.json' }), SHAPE],
  'a symbolic link': [headed({ 156: '2', 157: '/etc/passwd' }), SHAPE],
  'a device': [headed({ 156: '3' }), SHAPE],
  'a directory': [headed({ 156: '5' }), SHAPE],
  'a FIFO': [headed({ 156: '6' }), SHAPE],
  'a global header': [headed({ 156: 'g' }), SHAPE],
  'a long name of GNU tar': [headed({ 156: 'L' }), SHAPE],
  'a sparse file of GNU tar': [headed({ 156: 'S' }), SHAPE],
  'a mode with setuid': [headed({ 100: '0004755' }), SHAPE],
  'another owner': [headed({ 108: '0000001' }), SHAPE],
  'another time': [headed({ 136: '00000000000' }), SHAPE],
  'another format': [headed({ 257: 'ustar  \0' }), SHAPE],
  'a negative size': [headed({ 124: '-0000000001' }), SIZE],
  'a size in base 256': [headed({ 124: '\x80\0\0\0' }), SIZE],
  'a size of 8 GiB': [(file) => ({ ...file, header: headerWith(file.path, 0o77777777777, {}) }), SIZE],
  'a signature of 5 MiB': [(file) => ({ ...file, bytes: Buffer.alloc(5 * 2 ** 20) }), /has 5242880 bytes/],
  'a gap in the numbers': [called(`${IMAGE}/signature-3`), ORDER],
};

const facts = (file: Forged, change: (text: string) => string): Forged => ({
  ...file,
  bytes: Buffer.from(change(file.bytes.toString())),
});

const BUNDLES: Readonly<Record<string, readonly [(files: BundleFiles) => Buffer, RegExp]>> = {
  'a file twice': [({ facts, key, first, second }) => forge([facts, key, first, second, second]), ORDER],
  'a key twice': [({ facts, key, first, second }) => forge([facts, key, key, first, second]), ORDER],
  'signatures the other way round': [({ facts, key, first, second }) => forge([facts, key, second, first]), ORDER],
  'no facts': [({ key, first, second }) => forge([key, first, second]), ORDER],
  'a file that is not listed': [
    ({ facts, key, first, second }) => forge([facts, key, first, second], [facts, key, first]),
    LIST,
  ],
  'a file that is only listed': [
    ({ facts, key, first, second }) => forge([facts, key, first], [facts, key, first, second]),
    /signature-2" is missing/,
  ],
  'one missing in the middle': [
    ({ facts, key, first, second }) => forge([facts, key, second], [facts, key, first, second]),
    LIST,
  ],
  'bytes of another file': [
    ({ facts, key, first, second }) =>
      forge([facts, key, first, { ...second, bytes: first.bytes }], [facts, key, first, second]),
    /does not have the hash of its list/,
  ],
  'fewer signatures than it says': [
    ({ facts, key, first }) => forge([facts, key, first]),
    /another number of signatures/,
  ],
  'fewer keys than it says': [({ facts, first, second }) => forge([facts, first, second]), /other keys than it says/],
  'a member twice': [
    (all) =>
      forge([facts(all.facts, (text) => text.replace('"state"', '"state": "retired",\n      "state"')), all.key]),
    FACTS,
  ],
  'a member too many': [(all) => forge([facts(all.facts, (text) => text.replace('{', '{\n  "more": 1,'))]), FACTS],
  'a newer version': [
    (all) => forge([facts(all.facts, (text) => text.replace('"version": 1', '"version": 2'))]),
    /it has version 2, and this program reads version 1/,
  ],
  nothing: [() => Buffer.alloc(0), /does not begin|its end is not/],
  'only an end': [() => Buffer.alloc(1024), /does not begin with SHA256SUMS/],
  'something behind its end': [(all) => Buffer.concat([forge(Object.values(filesOf(all))), Buffer.alloc(512)]), SIZE],
  'a second one behind it': [
    (all) => Buffer.concat([forge(Object.values(filesOf(all))), forge(Object.values(filesOf(all)))]),
    /something other than the plain files|its end is not/,
  ],
};

const filesOf = ({ facts, key, first, second }: BundleFiles): BundleFiles => ({ facts, key, first, second });

test('a bundle of which anything was changed is refused as a whole:', async (t) => {
  const scene = await bundleScene(t);
  const store = await storeKnowing(t, scene.signer.publicKey);
  const before = await store.auditRows();
  const refuses = (what: string, forged: Buffer, why: RegExp) =>
    t.test(what, async () => {
      const { code, err } = await scene.load(store, scene.file(forged));
      assert.match(err, why);
      assert.match(err, /\(BUNDLE_INVALID\)$/);
      assert.equal(code, 1);
      assert.equal(await store.auditRows(), before, 'nothing was stored');
    });

  const { facts, key, first, second } = scene;
  assert.ok(forge([facts, key, first, second]).equals(readFileSync(scene.bundle)), 'what is forged here is right');
  for (const [what, [change, why]] of Object.entries(FILES))
    await refuses(what, forge([facts, key, first, change(second)]), why);
  for (const [what, [make, why]] of Object.entries(BUNDLES)) await refuses(what, make(scene), why);

  await t.test('an archive that was unpacked and packed anew', async () => {
    const [unpacked, again] = [tempDir(t), join(scene.dir, 'again.tar')];
    execFileSync('tar', ['-xf', scene.bundle, '-C', unpacked]);
    execFileSync('tar', ['-cf', again, '-C', unpacked, 'SHA256SUMS', 'bundle.json', 'keys', 'signatures']);
    assert.match((await scene.load(store, again)).err, /\(BUNDLE_INVALID\)$/);
  });
  await t.test('what is no file at all', async () => {
    for (const path of ['/dev/zero', scene.dir, join(scene.dir, 'missing')])
      assert.equal((await scene.load(store, path)).code, 2);
  });
});

test('a bundle that was damaged on its way is refused', async (t) => {
  const { bundle, file } = await bundleScene(t);
  const whole = readFileSync(bundle);
  const refuses = (bytes: Buffer) => {
    const opened = openBundle(file(bytes));
    try {
      assert.throws(() => checkBundle(opened), { code: 'BUNDLE_INVALID' });
    } finally {
      opened.close();
    }
  };
  await t.test('whichever bit of it has changed', () => {
    const flip = fc.property(fc.nat(whole.length - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      refuses(changed);
    });
    fc.assert(flip, { numRuns: 1_000 });
  });
  await t.test('wherever it was cut off', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => refuses(whole.subarray(0, length))),
      { numRuns: 200 },
    );
  });
});
