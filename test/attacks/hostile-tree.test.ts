// A tree from somebody else, unpacked and imported: its links, pipes, names and sizes reach nothing outside of it, move no
// cursor and take neither the memory nor the time of the operator.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hexOf, importScene, REGISTRY } from '../cli/import-scene.ts';
import { randomDigest, stage } from '../support/gpg-claims.ts';
import { tempDir } from '../support/temp-dir.ts';

test('a hostile tree', async (t) => {
  const scene = await importScene(t);
  const digest = randomDigest();
  const good = scene.signer.sign(`${REGISTRY}/app:v1`, digest);
  const outside = tempDir(t);
  const neighbour = randomDigest();
  const elsewhere = stage(outside, 'app', neighbour, [scene.signer.sign(`${REGISTRY}/app:v1`, neighbour)]);
  const dir = stage(scene.tree, 'app', digest, [good]);

  await t.test('reaches nothing through links, even what would verify', async () => {
    symlinkSync(elsewhere, join(scene.tree, `app@${hexOf(neighbour)}`));
    symlinkSync(join(elsewhere, 'signature-1'), join(dir, 'signature-2'));
    symlinkSync(scene.tree, join(scene.tree, 'loop'));
    const { code, out } = await scene.take();
    assert.deepEqual([code, out], [1, '1 stored, 0 already there, 3 stayed out']);
    assert.deepEqual(scene.served(`${REGISTRY}/app`, neighbour), []);
  });
  await t.test('does not make the import wait for a pipe, or read what is too large', async () => {
    execFileSync('mkfifo', [join(dir, 'signature-3')]);
    writeFileSync(join(dir, 'signature-4'), '');
    truncateSync(join(dir, 'signature-4'), 2 ** 40);
    const { out, err } = await scene.take('--dearmor');
    assert.equal(out, '0 stored, 1 already there, 5 stayed out');
    assert.match(err, /1099511627776 bytes; no client reads more/);
  });
  await t.test('moves no cursor by its names', async () => {
    scene.write('\u001b[2J\u202egood.txt', '');
    scene.write(`\u001b[31mred@${hexOf(digest)}/signature-1`, good);
    const { err } = await scene.take();
    assert.ok(err.includes('\\u{1b}[2J') && err.includes('[31mred'));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    assert.doesNotMatch(err, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
  await t.test('climbs nowhere by its names', async () => {
    const { out } = await scene.lookaside('import', scene.tree, '--registry', `${REGISTRY}/..`);
    assert.equal(out, '');
    scene.write(`...@${hexOf(digest)}/signature-1`, good);
    assert.match((await scene.take()).err, /\(REPOSITORY_INVALID\)/);
  });
  await t.test('of many levels is walked', async () => {
    const deep = Array.from({ length: 1_000 }, () => 'd').join('/');
    mkdirSync(join(scene.tree, deep), { recursive: true });
    for (let file = 0; file < 50; file++) scene.write(`${deep}/signature-${file}`, '');
    const before = performance.now();
    const { err } = await scene.take();
    assert.match(err, /5\d× not below a <repository>@sha256=<hex> directory/);
    assert.ok(performance.now() - before < 20_000);
  });
});
