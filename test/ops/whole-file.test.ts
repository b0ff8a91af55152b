import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type WholeFile, writeWhole } from '../../server/ops/whole-file.ts';
import { realWorld } from '../../server/ops/world.ts';
import { tempDir } from '../support/temp-dir.ts';

function place(t: TestContext, options: Partial<WholeFile> = {}) {
  const folder = tempDir(t);
  const file: WholeFile = { target: join(folder, 'file'), kind: 'backup', mode: 0o600, force: false, ...options };
  return { folder, file };
}

const filled = (file: WholeFile, text = 'new') =>
  writeWhole(file, realWorld, async ({ fd }) => writeSync(fd, Buffer.from(text)));

test('a file that is written whole', async (t) => {
  await t.test('has its name once it is filled, with its mode, and nothing is beside it', async (t) => {
    const { folder, file } = place(t);
    const meanwhile = await writeWhole(file, realWorld, async ({ path, fd }) => {
      writeSync(fd, 'new');
      writeFileSync(`${path}-journal`, 'of SQLite');
      return readdirSync(folder);
    });
    assert.equal(meanwhile.length, 2);
    for (const name of meanwhile) assert.match(name, /^\.lookaside-backup-[0-9a-f]{16}\.partial(-journal)?$/);
    assert.deepEqual(readdirSync(folder), ['file']);
    assert.equal(readFileSync(file.target, 'utf8'), 'new');
    assert.equal(statSync(file.target).mode & 0o777, 0o600);
  });
  await t.test('leaves the one before it where filling fails', async (t) => {
    const { folder, file } = place(t, { force: true });
    await filled(file, 'old');
    const failing = writeWhole(file, realWorld, async ({ fd }) => {
      writeSync(fd, 'half');
      throw new Error('the disk failed');
    });
    await assert.rejects(failing, /the disk failed/);
    assert.equal(readFileSync(file.target, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['file']);
  });
  await t.test('does not replace what somebody has put there meanwhile', async (t) => {
    const { folder, file } = place(t);
    const late = writeWhole(file, realWorld, async () => writeFileSync(file.target, 'faster'));
    await assert.rejects(late, { code: 'USAGE_INVALID', message: /is there already/ });
    assert.equal(readFileSync(file.target, 'utf8'), 'faster');
    assert.deepEqual(readdirSync(folder), ['file']);
  });
  await t.test('clears away what was left of its own kind alone, and long ago', async (t) => {
    const { folder, file } = place(t, { kind: 'bundle' });
    const [old, young] = ['0', '1'].map((digit) => digit.repeat(16));
    const left = [`bundle-${old}.partial`, `bundle-${old}.partial-journal`];
    const others = [`bundle-${young}.partial`, `backup-${old}.partial`, `bundle-${old}.partial.mine`];
    for (const name of [...left, ...others]) writeFileSync(join(folder, `.lookaside-${name}`), '');
    for (const name of [...left, ...others.slice(1)]) utimesSync(join(folder, `.lookaside-${name}`), 0, 0);
    await filled(file);
    assert.deepEqual(readdirSync(folder).sort(), [...others.map((name) => `.lookaside-${name}`), 'file'].sort());
  });
});
