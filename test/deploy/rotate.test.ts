// rotate.sh: a backup by the real program, and only the oldest of its own go.
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { must, run, runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ROOT } from './manifests.ts';

const OLD = ['lookaside-20250101T000000Z.db', 'lookaside-20250102T000000Z.db', 'lookaside-20250103T000000Z.db'];
/** As in production, `node` is the one that runs the program. */
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
/** Like a backup, but not of this script's making. */
const STRANGERS = ['lookaside-before-upgrade.db', 'lookaside-20250101T000000Z.db.old', 'notes.txt'];

async function scene(t: TestContext) {
  const env = { PATH, LOOKASIDE_DATA_DIR: tempDir(t) };
  await must(runCli(['key', 'add', join(ROOT, 'test/fixtures/keys/rsa2048.asc')], { env }));
  const folder = tempDir(t);
  for (const name of [...OLD, ...STRANGERS]) writeFileSync(join(folder, name), name);
  const rotate = (...args: string[]) => run(join(ROOT, 'deploy/backup/rotate.sh'), args, { env });
  return { folder, rotate, files: () => readdirSync(folder).sort() };
}

test('rotate.sh', async (t) => {
  await t.test('makes a backup and keeps the newest', async (t) => {
    const { folder, rotate, files } = await scene(t);
    await must(rotate(folder, '2'));
    const made = files().find((name) => /^lookaside-20(?!2501)\d{6}T\d{6}Z\.db$/.test(name));
    assert.ok(made, files().join(' '));
    assert.deepEqual(files(), [...STRANGERS, OLD[2], made].sort());
    const env = { LOOKASIDE_DATA_DIR: tempDir(t) };
    await must(runCli(['restore', join(folder, made)], { env }));
    assert.match((await must(runCli(['key', 'list'], { env }))).stdout, /rsa2048/);
  });
  await t.test('removes nothing when the backup fails', async (t) => {
    const { folder, rotate, files } = await scene(t);
    const before = files();
    const nowhere = await rotate(join(folder, 'notes.txt'), '1');
    assert.match(nowhere.stderr, /^lookaside: .*notes\.txt.* \([A-Z_]+\)$/m);
    const empty = { PATH, LOOKASIDE_DATA_DIR: tempDir(t) };
    const nothing = await run(join(ROOT, 'deploy/backup/rotate.sh'), [folder, '1'], { env: empty });
    assert.match(nothing.stderr, /^lookaside: there is no store in /);
    assert.ok(nowhere.code && nothing.code, 'a timer must see that it failed');
    assert.deepEqual(files(), before);
  });
  await t.test('refuses to keep none', async (t) => {
    const { folder, rotate, files } = await scene(t);
    const before = files();
    for (const keep of ['0', '-1', '1x']) {
      const { code, stderr } = await rotate(folder, keep);
      assert.deepEqual([code, stderr], [2, `rotate.sh: HOW-MANY is "${keep}"; allowed: a number from 1\n`]);
    }
    assert.deepEqual(files(), before);
  });
});
