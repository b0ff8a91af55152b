// argv → command → exit code; nothing else.

import { run } from './cli/program.ts';
import { realTerminal } from './cli/terminal.ts';
import { type Environment, loadConfig } from './config.ts';

export async function main(argv: readonly string[]): Promise<void> {
  const fromEnvironment = (changes: Environment = {}) => loadConfig({ ...process.env, ...changes });
  process.exitCode = await run(argv, { loadConfig: fromEnvironment, terminal: realTerminal() });
}

if (import.meta.main) await main(process.argv);
