// `lookaside bundle create` as it is typed, and its file in the hands of tar, sha256sum and a full pipe.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseRepository } from '../../server/domain/repository-name.ts';
import { formatImage } from '../../server/domain/slot.ts';
import { randomDigest } from '../store/scene.ts';
import { runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hexOf, importScene, REGISTRY } from './import-scene.ts';

test('lookaside bundle create', async (t) => {
  const { write, signer, take, lookaside, dataDir, served } = await importScene(t);
  // Up to the longest names there are: each form of a tar header.
  const images = ['a', `acme/${'b'.repeat(60)}`, `${'c/'.repeat(100)}c`, 'd'.repeat(180)].map((path) => ({
    repository: parseRepository(`${REGISTRY}/${path}`),
    digest: randomDigest(),
  }));
  for (const { repository, digest } of images)
    write(
      `${repository.slice(REGISTRY.length + 1)}@${hexOf(digest)}/signature-1`,
      signer.sign(`${repository}:v1`, digest),
    );
  await take();
  const dir = tempDir(t);
  const file = join(dir, 'store.tar');

  await t.test('writes the file, and its hash alone to standard output', async () => {
    const { code, out, err } = await lookaside('bundle', 'create', file);
    assert.equal(code, 0);
    assert.equal(out, hash('sha256', readFileSync(file)));
    assert.match(
      err,
      /^\d+ signatures of \d+ images and 1 key are in ".*store\.tar" \(\d+ bytes\), as of row \d+ of the audit log/,
    );
  });
  await t.test('writes what every tar unpacks, and sha256sum finds whole', () => {
    execFileSync('tar', ['-xf', file, '-C', dir]);
    execFileSync('sha256sum', ['--quiet', '--strict', '-c', 'SHA256SUMS'], { cwd: dir });
    for (const image of images) {
      const [bytes] = served(image.repository, image.digest);
      assert.ok(bytes);
      assert.ok(readFileSync(join(dir, 'signatures', formatImage(image), 'signature-1')).equals(bytes));
    }
  });
  await t.test('writes the same to standard output, and there nothing else', async () => {
    const { code, stdoutBytes, stderr } = await runCli(['bundle', 'create', '-'], {
      env: { LOOKASIDE_DATA_DIR: dataDir },
    });
    assert.equal(code, 0);
    assert.ok(stdoutBytes.equals(readFileSync(file)));
    assert.ok(stderr.trimEnd().endsWith(hash('sha256', stdoutBytes)));
  });
  await t.test('replaces no file unasked, and nothing that is not one', async () => {
    const refused = await lookaside('bundle', 'create', file);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /is there already; choose another name, or replace it with --force/);
    assert.equal((await lookaside('bundle', 'create', file, '--force')).code, 0);
    for (const path of [dir, '/dev/null', join(dir, 'missing', 'x')])
      assert.equal((await lookaside('bundle', 'create', path, '--force')).code, 2);
  });
  await t.test('clears away what a killed one has left long ago', async () => {
    const [old, fresh] = ['0', '1'].map((digit) => join(dir, `.lookaside-bundle-${digit.repeat(16)}.partial`)) as [
      string,
      string,
    ];
    for (const path of [old, fresh]) writeFileSync(path, '');
    utimesSync(old, 0, 0);
    await lookaside('bundle', 'create', file, '--force');
    assert.deepEqual([existsSync(old), existsSync(fresh)], [false, true]);
  });
  await t.test('knows of no store in an empty directory', async () => {
    const empty = join(dir, 'empty');
    mkdirSync(empty);
    const { code, stderr } = await runCli(['bundle', 'create', join(dir, 'x')], { env: { LOOKASIDE_DATA_DIR: empty } });
    assert.equal(code, 2);
    assert.match(stderr, /there is no store/);
    assert.ok(!existsSync(join(dir, 'x')));
  });
});
