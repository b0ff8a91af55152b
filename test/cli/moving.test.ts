// Out of one store and into another: what comes out of the second is what came out of the first, byte by byte.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesOf } from '../services/tree-scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { corpusStore, emptyStore, emptyStoreWithKeys, importTree, succeed } from './moving-scene.ts';

test('a store of real signatures', async (t) => {
  const store = await corpusStore(t);
  const dir = tempDir(t);
  const tree = join(dir, 'first');
  await succeed(store.lookaside('export', tree));
  const exported = filesOf(tree);
  assert.ok(Object.keys(exported).length > 50);
  assert.ok(new Set(Object.keys(exported).map((path) => path.split('/')[0])).size >= 4, 'of several registries');

  await t.test('is the same after export, import and export', async (t) => {
    const other = await emptyStoreWithKeys(t);
    await importTree(other, tree);
    const second = join(tempDir(t), 'second');
    await succeed(other.lookaside('export', second));
    assert.deepEqual(filesOf(second), exported);
  });

  const bundle = join(dir, 'store.tar');
  const sha256 = await succeed(store.lookaside('bundle', 'create', bundle));

  await t.test('is the same after bundle create, bundle load and export', async (t) => {
    const other = await emptyStoreWithKeys(t);
    const { out } = { out: await succeed(other.lookaside('bundle', 'load', bundle, '--expect', sha256)) };
    assert.match(out, /^\d+ stored, 0 already there, 0 stayed out$/);
    const second = join(tempDir(t), 'second');
    await succeed(other.lookaside('export', second));
    assert.deepEqual(filesOf(second), exported);
  });
  await t.test('is the same where nothing was known before, with the keys that are accepted', async (t) => {
    const other = await emptyStore(t);
    const fingerprints = (
      JSON.parse(await succeed(store.lookaside('key', 'list', '--json'))) as { fingerprint: string }[]
    ).flatMap(({ fingerprint }) => ['--accept-key', fingerprint]);
    await succeed(other.lookaside('bundle', 'load', bundle, ...fingerprints));
    const second = join(tempDir(t), 'second');
    await succeed(other.lookaside('export', second));
    assert.deepEqual(filesOf(second), exported);
  });
  await t.test('makes the same bundle again, byte by byte', async () => {
    const again = join(dir, 'again.tar');
    assert.equal(await succeed(store.lookaside('bundle', 'create', again)), sha256);
    assert.ok(readFileSync(again).equals(readFileSync(bundle)));
  });
});
