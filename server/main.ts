// argv → command → exit code; nothing else.

import { run } from './cli/program.ts';
import { realTerminal } from './cli/terminal.ts';
import { loadConfig } from './config.ts';

export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, { loadConfig: () => loadConfig(process.env), terminal: realTerminal() });
}

if (import.meta.main) await main(process.argv);
