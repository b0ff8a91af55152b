// `lookaside export` as it is typed: what it says, and how it ends.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { filesOf } from '../services/tree-scene.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { CLI, startService } from '../support/processes.ts';
import { LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { hexOf, importScene } from './import-scene.ts';

const [NODE = '', LAUNCH = ''] = CLI;

test('lookaside export', async (t) => {
  const { write, signer, take, lookaside, local, dataDir } = await importScene(t);
  const digest = randomDigest();
  const image = `registry.example.com/acme/app@${hexOf(digest)}`;
  const sign = (tag: string) => signer.sign(`registry.example.com/acme/app:${tag}`, digest);
  const add = async (...tags: readonly string[]) => {
    for (const tag of tags) write(`acme/app@${hexOf(digest)}/signature-${tag.slice(1)}`, sign(tag));
    await take(); // what was withdrawn stays in the tree, and out of the store
  };
  await add('v1', 'v2', 'v3');
  const tree = join(tempDir(t), 'tree');

  await t.test('says what it did', async () => {
    assert.deepEqual(await lookaside('export', tree), { code: 0, out: '3 written, 0 removed, 0 unchanged', err: '' });
    assert.deepEqual(await lookaside('export', tree), { code: 0, out: '0 written, 0 removed, 3 unchanged', err: '' });
  });
  await t.test('says it to programs', async () => {
    await local.signatures.withdraw(2, 'mistake', LOCAL);
    const { code, out } = await lookaside('export', tree, '--json');
    assert.equal(code, 0);
    assert.deepEqual(
      out.split('\n').map((line) => JSON.parse(line) as unknown),
      [
        { path: `${image}/signature-2`, status: 'written' },
        { path: `${image}/signature-3`, status: 'removed' },
        { status: 'done', written: 1, removed: 1, unchanged: 1, failed: 0, others: 0 },
      ],
    );
  });
  await t.test('ends with 1 when something is in the way, and names it once', async () => {
    const other = join(tempDir(t), 'tree');
    await lookaside('export', other);
    const attacked = join(tempDir(t), 'tree');
    mkdirSync(attacked);
    writeFileSync(join(attacked, '.lookaside-export'), '');
    symlinkSync(other, join(attacked, 'registry.example.com'));
    const { code, out, err } = await lookaside('export', attacked);
    assert.equal(code, 1);
    assert.equal(out, '0 written, 0 removed, 0 unchanged, 1 image not exported');
    assert.match(
      err,
      /^not exported: ".*\/registry\.example\.com" is not a directory, or a symbolic link, which an export never follows; remove it \(TREE_CONFLICT\)$/,
    );
  });
  await t.test('ends with 2 for a directory of somebody else, and for no store', async () => {
    const foreign = tempDir(t);
    writeFileSync(join(foreign, 'x'), '');
    const refused = await lookaside('export', foreign);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /holds files that no export wrote/);
    assert.equal((await lookaside('export', join(foreign, 'x'))).code, 2);
  });
  await t.test('stops following when the database is replaced under it, as by a restore', async () => {
    const watch = startService(t, NODE, [LAUNCH, 'export', tree, '--watch'], { LOOKASIDE_DATA_DIR: dataDir });
    await watch.line(/2 unchanged/);
    const database = join(dataDir, 'lookaside.db');
    copyFileSync(database, `${database}.restored`);
    renameSync(database, `${database}.moved`);
    renameSync(`${database}.restored`, database);
    await watch.line(/the database was moved or replaced, as `restore` does; start the export again \(STORE_FAULT\)/);
    assert.equal((await watch.end('SIGCONT')).code, 1);
    renameSync(`${database}.moved`, database);
  });
  await t.test('follows the store without a server, and ends well when it is told to', async () => {
    const watch = startService(t, NODE, [LAUNCH, 'export', tree, '--watch'], { LOOKASIDE_DATA_DIR: dataDir });
    await watch.line(/0 written, 0 removed, 2 unchanged/);
    await add('v4');
    await watch.line(/1 written, 0 removed/);
    assert.equal(Object.keys(filesOf(tree)).length, 3);
    await local.keys.change(parseFingerprint(signer.fingerprint), { state: 'revoked', reason: 'lost' }, LOCAL);
    await watch.line(/0 written, 3 removed/);
    assert.equal(Object.keys(filesOf(tree)).length, 0);
    assert.deepEqual(await watch.end('SIGTERM'), { code: 0, signal: null });
  });
});
