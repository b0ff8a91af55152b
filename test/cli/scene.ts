// One command line, run in this process on a real database, with a terminal that remembers.
import type { TestContext } from 'node:test';
import { run } from '../../server/cli/program.ts';
import type { Environment } from '../../server/config.ts';
import { loadConfig } from '../../server/config.ts';
import { tempDir } from '../support/temp-dir.ts';

export type Ran = { readonly code: number; readonly out: string; readonly err: string };
export type Lookaside = (...args: readonly string[]) => Promise<Ran>;

/** `answers` are what a person types where a secret is asked for; without them nobody is there. */
export function commandLine(
  t: Pick<TestContext, 'after'>,
  settings: Environment = {},
  answers: readonly string[] | null = null,
): Lookaside {
  const environment = { LOOKASIDE_DATA_DIR: tempDir(t), ...settings };
  return async (...args) => {
    const out: string[] = [];
    const err: string[] = [];
    const typed = [...(answers ?? [])];
    const terminal = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      interactive: false,
      user: 'tester',
      askSecret: answers === null ? null : async () => typed.shift() ?? '',
      ask: answers === null ? null : async () => typed.shift() ?? '',
    };
    const code = await run(['node', 'lookaside', ...args], { loadConfig: () => loadConfig(environment), terminal });
    return { code, out: out.join('\n'), err: err.join('\n') };
  };
}
