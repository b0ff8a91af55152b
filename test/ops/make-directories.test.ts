// Directories with those above them, also where a file system has no room for any: there, mkdir with `recursive` never returns.
import assert from 'node:assert/strict';
import { existsSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeDirectories } from '../../server/ops/make-directories.ts';
import { tempDir } from '../support/temp-dir.ts';

test('directories are made level by level', async (t) => {
  const folder = tempDir(t);

  await t.test('each with the mode, and those that are there stay as they are', () => {
    const path = join(folder, 'a', 'b', 'c');
    makeDirectories(path, 0o700);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o700);
    makeDirectories(path, 0o755);
    assert.equal(statSync(path).mode & 0o777, 0o700);
  });
  await t.test('not where a file is in the way, or a link that leads nowhere', () => {
    writeFileSync(join(folder, 'file'), '');
    symlinkSync('nowhere', join(folder, 'link'));
    assert.throws(() => makeDirectories(join(folder, 'file'), 0o755), { code: 'EEXIST' });
    assert.throws(() => makeDirectories(join(folder, 'file', 'below'), 0o755), { code: 'EEXIST' });
    assert.throws(() => makeDirectories(join(folder, 'link', 'below'), 0o755), { code: 'EEXIST' });
  });
  await t.test(
    'and not for ever where the file system takes none',
    { skip: existsSync('/proc/self') ? false : 'no /proc' },
    () => {
      assert.throws(() => makeDirectories('/proc/no/such/place', 0o755), { code: 'ENOENT' });
    },
  );
});
