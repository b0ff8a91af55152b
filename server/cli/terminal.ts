// What a command may write to, and how: results on stdout, everything else on stderr.
import { userInfo } from 'node:os';
import { type Ask, createAsk } from './ask.ts';
import { type AskSecret, createAskSecret } from './ask-secret.ts';

export type Terminal = {
  out(line: string): void;
  err(line: string): void;
  /** Whether a person is watching stderr. */
  readonly interactive: boolean;
  readonly user: string;
  readonly askSecret: AskSecret;
  readonly ask: Ask;
};

export function realTerminal(): Terminal {
  // Whoever reads us may stop early, as `head` does.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    interactive: process.stderr.isTTY === true,
    user: userName(),
    askSecret: createAskSecret(),
    ask: createAsk(),
  };
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Columns padded to their widest cell, as people read lists. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const format = (line: readonly string[]) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return lines.map((line) => format(line).trimEnd()).join('\n');
}

/** Text that a stranger wrote (user ids, names, references), without what would move a terminal's cursor. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
