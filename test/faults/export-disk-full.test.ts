// The disk that a tree or a bundle is written to is full: what is there is whole, and it goes on when there is room.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandLine } from '../cli/scene.ts';
import { filesOf } from '../services/tree-scene.ts';
import { append, newKey, newSignature, openTestStore } from '../store/scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needsMount, smallDisk } from './small-disk.ts';

const SIGNATURES = 300;

for (const kind of ['tmpfs', 'ext4'] as const)
  test(`a full disk (${kind}) under what is written for others`, needsMount(), async (t) => {
    const disk = smallDisk(t, kind, 8);
    mkdirSync(disk.dataDir);
    const dataDir = tempDir(t);
    const { store } = await openTestStore(t, 'thread', join(dataDir, 'lookaside.db'));
    await store.putKey(newKey());
    const all = Array.from({ length: SIGNATURES }, (_, index) =>
      newSignature({ repository: `quay.io/acme/app-${index}` }),
    );
    await Promise.all(all.map((signature) => store.append(append(signature))));
    const wanted = new Set(all.map(({ sha256 }) => Buffer.from(sha256).toString('hex')));
    const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: dataDir });
    const tree = join(disk.dataDir, 'tree');

    await t.test('ends an export, which leaves nothing half', async () => {
      mkdirSync(tree);
      disk.fill();
      const { code, err } = await lookaside('export', tree);
      assert.equal(code, 1);
      assert.match(err, /no space is left to write .*; free some and run it again \(OUTPUT_FULL\)$/);
      for (const [path, sha256] of Object.entries(filesOf(tree))) assert.ok(wanted.has(sha256), path);
    });
    await t.test('keeps a bundle from being made, and nothing is left of it', async () => {
      const { code, err } = await lookaside('bundle', 'create', join(disk.dataDir, 'store.tar'));
      assert.equal(code, 1);
      assert.match(err, /no bundle was made: there is no room for it in .* \(OUTPUT_FULL\)$/);
      assert.deepEqual(readdirSync(disk.dataDir), ['tree']);
    });
    await t.test('is forgotten when there is room', async () => {
      disk.free();
      assert.equal((await lookaside('export', tree)).code, 0);
      assert.deepEqual(new Set(Object.values(filesOf(tree))), wanted);
      assert.equal((await lookaside('bundle', 'create', join(disk.dataDir, 'store.tar'))).code, 0);
    });
  });
