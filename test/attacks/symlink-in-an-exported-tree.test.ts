// Somebody may write into the tree that an export keeps, such as whoever broke into the web server, and hopes that the
// export, which runs as somebody else, follows links to where they may not write or delete themselves.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { formatImage } from '../../server/domain/slot.ts';
import { openRoot } from '../../server/services/tree/directory.ts';
import { assertSame, treeScene } from '../services/tree-scene.ts';
import { ACT, append, newSignature, randomDigest } from '../store/scene.ts';
import { tempDir } from '../support/temp-dir.ts';

const NGINX = { repository: parseRepository('docker.io/library/nginx'), digest: randomDigest() };
const APP = { repository: parseRepository('quay.io/acme/app'), digest: randomDigest() };

/** A tree of two images, and a directory elsewhere that looks like one of them. */
async function scene(t: TestContext) {
  const exported = await treeScene(t);
  const ids: number[] = [];
  for (const image of [NGINX, APP, NGINX]) ids.push((await exported.store.append(append(newSignature(image)))).id);
  await exported.run();
  const elsewhere = tempDir(t);
  const victim = join(elsewhere, formatImage(NGINX), 'signature-1');
  mkdirSync(join(victim, '..'), { recursive: true });
  writeFileSync(victim, 'precious');
  writeFileSync(join(victim, '../signature-9'), 'precious');
  const untouched = () => {
    assert.equal(readFileSync(victim, 'utf8'), 'precious');
    assert.deepEqual(readdirSync(join(victim, '..')).sort(), ['signature-1', 'signature-9']);
  };
  const replace = (below: string) => {
    rmSync(join(exported.tree, below), { recursive: true });
    symlinkSync(join(elsewhere, below), join(exported.tree, below));
  };
  return { ...exported, ids, elsewhere, victim, untouched, replace };
}

test('a symbolic link in the tree', async (t) => {
  for (const [what, below] of [
    ['a registry', 'docker.io'],
    ['a namespace', 'docker.io/library'],
    ['an image', formatImage(NGINX)],
  ] as const)
    await t.test(`in the place of ${what} is not followed, and keeps no other image out`, async (t) => {
      const attacked = await scene(t);
      attacked.replace(below);
      await attacked.store.append(append(newSignature(APP)));
      const { failed, failures, written } = await attacked.run();
      attacked.untouched();
      assert.deepEqual({ failed, written }, { failed: 1, written: 1 });
      assert.match(failures[0]?.message ?? '', /symbolic link, which an export never follows; remove it/);
      rmSync(join(attacked.tree, below));
      await attacked.run();
      await assertSame(attacked.store, attacked.tree, [NGINX, APP]);
    });
  await t.test('in the place of an image is not followed when all of it is withdrawn', async (t) => {
    const attacked = await scene(t);
    attacked.replace('docker.io');
    for (const id of attacked.ids) await attacked.store.withdraw({ ...ACT, id, reason: 'mistake' });
    await attacked.run();
    attacked.untouched();
  });
  await t.test('in the place of a signature is replaced, and its target left alone', async (t) => {
    const attacked = await scene(t);
    const file = attacked.path(NGINX, 'signature-1');
    rmSync(file);
    symlinkSync(attacked.victim, file);
    symlinkSync(attacked.victim, attacked.path(NGINX, 'signature-7'));
    await attacked.run();
    attacked.untouched();
    await assertSame(attacked.store, attacked.tree, [NGINX, APP]);
  });
  await t.test('in the place of the mark is no mark', async (t) => {
    const { tree, elsewhere, run } = await scene(t);
    rmSync(join(tree, '.lookaside-export'));
    symlinkSync(join(elsewhere, 'made'), join(tree, '.lookaside-export'));
    await assert.rejects(run(), { code: 'USAGE_INVALID' });
    assert.ok(!existsSync(join(elsewhere, 'made')));
  });
});

test('a directory that is swapped for a link while the export is in it leads nowhere else', async (t) => {
  const { tree, elsewhere, untouched } = await scene(t);
  const root = openRoot(tree);
  const library = root.enter('docker.io')?.enter('library');
  assert.ok(library);
  renameSync(join(tree, 'docker.io/library'), join(tree, 'moved'));
  symlinkSync(join(elsewhere, 'docker.io/library'), join(tree, 'docker.io/library'));
  const image = library.enter(formatImage(NGINX).split('/').at(-1) ?? '');
  await image?.put('signature-1', 'of the store');
  image?.remove('signature-9');
  untouched();
  assert.ok(existsSync(join(tree, 'moved', formatImage(NGINX).split('/').at(-1) ?? '', 'signature-1')));
  for (const directory of [image, library, root]) directory?.close();
});

test('a FIFO, a device or an endless file in the place of a signature does not hold the export up', async (t) => {
  const { execFileSync } = await import('node:child_process');
  const attacked = await scene(t);
  const file = attacked.path(NGINX, 'signature-1');
  rmSync(file);
  execFileSync('mkfifo', [file]);
  await attacked.run();
  rmSync(file);
  writeFileSync(file, Buffer.alloc(64 * 1024 * 1024));
  await attacked.run();
  rmSync(attacked.path(NGINX, 'signature-2'));
  mkdirSync(attacked.path(NGINX, 'signature-2'));
  const { failures } = await attacked.run();
  assert.match(failures[0]?.message ?? '', /is a directory where a signature belongs; remove it/);
});
