// The live store as files: exact, and touched only where it differs.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRepository } from '../../server/domain/repository-name.ts';
import type { Image } from '../../server/domain/slot.ts';
import { createTreeExport } from '../../server/services/tree-export.ts';
import { ACT, append, fingerprint, newKey, newSignature, openTestStore, randomDigest } from '../store/scene.ts';
import { assertSame, filesOf, type TreeScene, touchesOf, treeScene, watched } from './tree-scene.ts';

const REPOSITORIES = ['docker.io/library/nginx', 'quay.io/acme/app', 'quay.io/acme/app/deep', '127.0.0.1:5000/app'];

async function store(scene: TreeScene, image: Image, count: number, signer = fingerprint()): Promise<number[]> {
  const ids: number[] = [];
  for (let index = 0; index < count; index++)
    ids.push((await scene.store.append(append(newSignature({ ...image, signer })))).id);
  return ids;
}

function newImages(): Image[] {
  return REPOSITORIES.map((name) => ({ repository: parseRepository(name), digest: randomDigest() }));
}

const first = (images: readonly Image[]) => images[0] as Image;

test('an export', async (t) => {
  const scene = await treeScene(t);
  const images = newImages();
  const ids: number[] = [];
  for (const image of images) ids.push(...(await store(scene, image, 3)));
  const same = () => assertSame(scene.store, scene.tree, images);

  await t.test('writes every live signature below its registry', async () => {
    const { written, removed, unchanged } = await scene.run();
    assert.deepEqual({ written, removed, unchanged }, { written: 12, removed: 0, unchanged: 0 });
    await same();
  });
  await t.test('lets a web server read it, whatever the umask', async () => {
    const other = await treeScene(t);
    await store(other, first(images), 1);
    const umask = process.umask(0o077);
    await other.run().finally(() => process.umask(umask));
    assert.equal(statSync(other.path(first(images), 'signature-1')).mode & 0o777, 0o644);
    assert.equal(statSync(other.path(first(images))).mode & 0o777, 0o755);
    assert.equal(statSync(join(other.tree, 'docker.io')).mode & 0o777, 0o755);
  });
  await t.test('touches nothing the second time', async () => {
    const before = touchesOf(scene.tree);
    const { written, removed, unchanged } = await scene.run();
    assert.deepEqual({ written, removed, unchanged }, { written: 0, removed: 0, unchanged: 12 });
    assert.deepEqual(touchesOf(scene.tree), before);
  });
  await t.test('writes only what is new', async () => {
    const before = touchesOf(scene.tree);
    await store(scene, first(images), 1);
    const { changed } = await scene.run();
    assert.deepEqual(changed, [`written ${scene.path(first(images), 'signature-4').slice(scene.tree.length + 1)}`]);
    const { [changed[0]?.slice('written '.length) ?? '']: _, ...after } = touchesOf(scene.tree);
    assert.deepEqual(after, before);
    await same();
  });
  await t.test('closes the gap that a withdrawal leaves', async () => {
    await scene.store.withdraw({ ...ACT, id: ids[1] as number, reason: 'mistake' });
    const { written, removed } = await scene.run();
    assert.deepEqual({ written, removed }, { written: 2, removed: 1 });
    await same();
  });
  await t.test('removes the directories of an image without live signatures, as far as they are empty', async () => {
    const image = images[2] as Image;
    for (const id of ids.slice(6, 9)) await scene.store.withdraw({ ...ACT, id, reason: 'mistake' });
    await scene.run();
    await same();
    assert.ok(!existsSync(join(scene.tree, 'quay.io/acme/app')) && existsSync(join(scene.tree, 'quay.io/acme')));
    assert.ok(!existsSync(scene.path(image)));
  });
  await t.test('removes what a revoked key signed', async () => {
    await scene.store.putKey(newKey(fingerprint('B')));
    await store(scene, first(images), 2, fingerprint('B'));
    await scene.run();
    await same();
    await scene.store.setKeyState({ ...ACT, fingerprint: fingerprint(), to: 'revoked', reason: 'lost' });
    await scene.run();
    await same();
    assert.equal(Object.keys(filesOf(scene.tree)).length, 2);
    assert.deepEqual(readdirSync(scene.tree).sort(), ['.lookaside-export', 'docker.io']);
  });
});

test('an export repairs', async (t) => {
  const scene = await treeScene(t);
  const images = newImages();
  for (const image of images) await store(scene, image, 3);
  await scene.run();
  const file = (name: string) => scene.path(first(images), name);
  const damages: Record<string, () => void> = {
    'a file of the same size and age with other bytes': () => {
      const { size, atime, mtime } = statSync(file('signature-2'));
      writeFileSync(file('signature-2'), 'x'.repeat(size));
      utimesSync(file('signature-2'), atime, mtime);
    },
    'a file that is cut off': () => truncateSync(file('signature-1'), 10),
    'an empty file': () => truncateSync(file('signature-3'), 0),
    'a file that is too long': () => writeFileSync(file('signature-3'), 'x', { flag: 'a' }),
    'a missing file': () => rmSync(file('signature-1')),
    'a missing image': () => rmSync(file(''), { recursive: true }),
    'a missing registry': () => rmSync(join(scene.tree, 'docker.io'), { recursive: true }),
    'a signature too many': () => writeFileSync(file('signature-4'), 'x'),
    'one behind a gap': () => writeFileSync(file('signature-9'), 'x'),
    'one that no runtime would read': () => writeFileSync(file('signature-99999999999999999999'), 'x'),
    'signatures in the wrong order': () => {
      renameSync(file('signature-1'), file('x'));
      renameSync(file('signature-3'), file('signature-1'));
      renameSync(file('x'), file('signature-3'));
    },
    'an image that the store does not have': () => {
      const path = join(scene.tree, `quay.io/other/app@sha256=${'0'.repeat(64)}`);
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'signature-1'), 'x');
    },
    'what a killed run has left': () => writeFileSync(file('.lookaside-new-0123456789ab'), 'x'),
    'a file that it may not read': () => chmodSync(file('signature-1'), 0),
    'a link in the place of a signature': () => {
      rmSync(file('signature-1'));
      symlinkSync('/etc/passwd', file('signature-1'));
    },
  };
  for (const [what, damage] of Object.entries(damages))
    await t.test(what, async () => {
      damage();
      await scene.run();
      await assertSame(scene.store, scene.tree, images);
    });
});

test('an export leaves alone', async (t) => {
  const scene = await treeScene(t);
  const images = newImages();
  const ids = await store(scene, first(images), 1);
  await scene.run();

  await t.test('files that are none of its own, and the directories that hold them', async () => {
    const others = [
      'index.html',
      'docker.io/README',
      `${scene.path(first(images), 'notes.txt').slice(scene.tree.length + 1)}`,
    ];
    for (const name of others) writeFileSync(join(scene.tree, name), 'mine');
    assert.equal((await scene.run()).others, 1);
    for (const id of ids) await scene.store.withdraw({ ...ACT, id, reason: 'mistake' });
    await scene.run();
    assert.deepEqual(Object.keys(filesOf(scene.tree)).sort(), others.sort());
  });
  await t.test('a directory that has files and no mark of an export', async () => {
    const other = await treeScene(t);
    mkdirSync(other.tree);
    writeFileSync(join(other.tree, 'index.html'), 'mine');
    await assert.rejects(other.run(), {
      code: 'USAGE_INVALID',
      message: /holds files that no export wrote, such as "index.html"/,
    });
    assert.deepEqual(readdirSync(other.tree), ['index.html']);
  });
  await t.test('a tree that another export is writing into', async () => {
    const open = scene.open();
    assert.throws(() => scene.open(), { code: 'TREE_CONFLICT', message: /another export/ });
    open.close();
    scene.open().close();
  });
});

test('a tree is not emptied by a store that never had anything', async (t) => {
  const scene = await treeScene(t);
  const image = first(newImages());
  const [id = 0] = await store(scene, image, 1);
  await scene.run();
  const { store: other } = await openTestStore(t);
  const wrong = createTreeExport(other, scene.tree);
  await assert.rejects(watched(wrong.run), { code: 'CONFIG_INVALID', message: /check LOOKASIDE_DATA_DIR/ });
  wrong.close();
  await assertSame(scene.store, scene.tree, [image]);
  await scene.store.withdraw({ ...ACT, id, reason: 'mistake' });
  assert.equal((await scene.run()).removed, 1);
});

test('an image that the file system cannot hold is told of and keeps no other out', async (t) => {
  const scene = await treeScene(t);
  const image = { repository: parseRepository(`quay.io/${'x'.repeat(200)}`), digest: randomDigest() };
  await store(scene, image, 1);
  await store(scene, first(newImages()), 1);
  const { written, failed, failures } = await scene.run();
  assert.deepEqual({ written, failed }, { written: 1, failed: 1 });
  assert.match(failures[0]?.message ?? '', /longer than a name may be/);
});

test('a following export', async (t) => {
  const scene = await treeScene(t);
  const images = newImages();
  const ids = await store(scene, first(images), 2);
  const open = scene.open();
  t.after(() => open.close());
  await watched(open.run);
  const same = () => assertSame(scene.store, scene.tree, images);

  await t.test('does nothing while nothing happens', async () => {
    assert.equal((await watched(open.update)).changed.length, 0);
  });
  await t.test('writes what was stored, and nothing else', async () => {
    const before = touchesOf(scene.tree);
    await store(scene, images[1] as Image, 1);
    assert.equal((await watched(open.update)).changed.length, 1);
    await same();
    for (const [name, touch] of Object.entries(before)) assert.equal(touchesOf(scene.tree)[name], touch);
  });
  await t.test('removes what was withdrawn', async () => {
    await scene.store.withdraw({ ...ACT, id: ids[0] as number, reason: 'mistake' });
    assert.equal((await watched(open.update)).changed.length, 2);
    await same();
  });
  await t.test('removes what was signed by a key that is revoked', async () => {
    await scene.store.setKeyState({ ...ACT, fingerprint: fingerprint(), to: 'revoked', reason: 'lost' });
    assert.equal((await watched(open.update)).changed.length, 2);
    await same();
  });
});
