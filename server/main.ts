// argv → command → exit code; nothing else.
import { loadConfig } from './config.ts';
import { realTerminal } from './cli/terminal.ts';
import { run } from './cli/program.ts';

export async function main(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, { loadConfig: () => loadConfig(process.env), terminal: realTerminal() });
}
