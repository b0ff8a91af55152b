// A password typed at a real terminal: what is shown while it is, and what a person can do instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLI, must, runCli, runTool } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

/** Runs argv on a terminal of its own, types each answer when it is asked, and prints what the terminal showed. */
const TERMINAL = `
import json, os, pty, select, sys
answers, argv = json.loads(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0: os.execvp(argv[0], argv)
shown = b''
while select.select([fd], [], [], 30)[0]:
    try: chunk = os.read(fd, 4096)
    except OSError: break
    if not chunk: break
    shown += chunk
    if answers and (shown.endswith(b'password: ') or shown.endswith(b'again: ')): os.write(fd, answers.pop(0).encode())
print(json.dumps([shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])]))
`;

test('a password at a terminal', needs('python3'), async (t) => {
  const env = { LOOKASIDE_DATA_DIR: tempDir(t), TERM: 'xterm' };
  const type = async (answers: readonly string[], ...command: readonly string[]): Promise<[string, number]> => {
    const args = ['-c', TERMINAL, JSON.stringify(answers), ...CLI, ...command];
    return JSON.parse((await must(runTool('python3', args, { env }))).stdout) as [string, number];
  };
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
