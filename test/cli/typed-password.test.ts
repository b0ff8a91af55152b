// A password typed at a real terminal: what is shown while it is, and what a person can do instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atTerminal } from '../support/at-terminal.ts';
import { runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

test('a password at a terminal', needs('python3'), async (t) => {
  const env = { LOOKASIDE_DATA_DIR: tempDir(t), TERM: 'xterm' };
  const type = atTerminal(env);
  await t.test('is asked for twice, corrected with backspace, and never shown', async () => {
    const answers = ['correct horsX\u007fe\r', 'correct horse\r'];
    const [shown, code] = await type(answers, 'user', 'add', 'alice', '--role', 'admin');
    assert.deepEqual([shown, code], ['New password: \r\nThe same again: \r\nadded alice, admin\r\n', 0]);
  });
  await t.test('changes nothing when the second time differs, or is given up with Ctrl-C or Ctrl-D', async () => {
    const before = await runCli(['audit', 'list'], { env });
    const differ = await type(['correct horse\r', 'correct hearse\r'], 'user', 'password', 'alice');
    assert.deepEqual([differ[1], differ[0].includes('horse')], [2, false]);
    assert.match(differ[0], /differ; nothing was changed/);
    assert.equal((await type(['correct\u0003'], 'user', 'password', 'alice'))[1], -2);
    const [shown, code] = await type(['\u0004'], 'user', 'password', 'alice');
    assert.equal(code, 2);
    assert.match(shown, /no password was given; nothing was changed/);
    assert.equal((await runCli(['audit', 'list'], { env })).stdout, before.stdout);
  });
});
