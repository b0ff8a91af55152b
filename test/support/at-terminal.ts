// Commands at a real terminal: what they ask is answered as a person would type it.
import type { Environment } from '../../server/config.ts';
import { CLI, must, runTool } from './processes.ts';

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
    if answers and shown.endswith((b'password: ', b'again: ', b'(yes/no) ')): os.write(fd, answers.pop(0).encode())
print(json.dumps([shown.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])]))
`;

/** What was shown, and the exit code; below zero where a signal ended it. */
export type AtTerminal = (answers: readonly string[], ...command: readonly string[]) => Promise<[string, number]>;

export function atTerminal(env: Environment): AtTerminal {
  return async (answers, ...command) => {
    const args = ['-c', TERMINAL, JSON.stringify(answers), ...CLI, ...command];
    return JSON.parse((await must(runTool('python3', args, { env }))).stdout) as [string, number];
  };
}
