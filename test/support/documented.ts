// Commands as the documentation prints them: what people paste is what is tested.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OPERATIONS = fileURLToPath(new URL('../../docs/operations.md', import.meta.url));

/** The first block of shell commands below a heading of docs/operations.md, without the indentation of a list. */
export function documentedCommands(heading: string): string {
  const section = readFileSync(OPERATIONS, 'utf8').split(`#### ${heading}\n`)[1]?.split('\n#### ')[0] ?? '';
  const [, indent = '', script] = /^( *)```sh\n([\s\S]*?)^ *```$/m.exec(section) ?? [];
  if (script === undefined) throw new Error(`docs/operations.md has no commands below ${heading}`);
  return script
    .split('\n')
    .map((line) => line.slice(indent.length))
    .join('\n');
}
