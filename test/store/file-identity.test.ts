import assert from 'node:assert/strict';
import { linkSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileIdentity, isSameFile } from '../../server/store/file-identity.ts';
import { tempDir } from '../support/temp-dir.ts';

test('a file is the same', async (t) => {
  const dir = tempDir(t);
  const [file, other, link, symlink, missing] = ['file', 'other', 'link', 'symlink', 'missing'].map((name) =>
    join(dir, name),
  ) as [string, string, string, string, string];
  for (const path of [file, other]) writeFileSync(path, 'the same content');
  linkSync(file, link);
  symlinkSync(file, symlink);
  const same = (one: string, another: string) => isSameFile(fileIdentity(one), fileIdentity(another));

  await t.test('by whichever name it is reached', () => {
    for (const path of [file, link, symlink]) assert.ok(same(file, path), path);
    assert.ok(!same(file, other));
  });
  await t.test('never where there is none', () => {
    assert.ok(!same(file, missing) && !same(missing, file) && !same(missing, missing));
  });
  await t.test('no more when another one has its name', () => {
    const before = fileIdentity(file);
    renameSync(other, file);
    assert.ok(!isSameFile(before, fileIdentity(file)));
  });
});
