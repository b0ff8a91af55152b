// Files that a command is given by name, or standard input where the name is `-`.
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { getSystemErrorMap } from 'node:util';
import { AppError, quote } from '../domain/errors.ts';
import { TOKEN_SHAPE } from '../domain/principal.ts';

/** `what` it is, for whoever has mistyped the name: “key file”. */
export async function readGiven(file: string, what: string): Promise<Uint8Array> {
  try {
    // Not /dev/stdin, which cannot be opened when standard input is a socket.
    return file === '-' ? await buffer(process.stdin) : await readFile(file);
  } catch (cause) {
    throw new AppError('USAGE_INVALID', `cannot read the ${what} ${quote(file)}: ${whyUnreadable(cause)}`, { cause });
  }
}

export async function readGivenText(file: string, what: string): Promise<string> {
  return Buffer.from(await readGiven(file, what)).toString('utf8');
}

/** One token and nothing else. What it holds instead is never quoted: it may be the secret and something beside it. */
export async function readTokenFile(file: string): Promise<string> {
  if (TOKEN_SHAPE.test(file))
    throw new AppError(
      'USAGE_INVALID',
      'what was given as the token file is a token; put it into a file, for command lines are seen by others',
    );
  const token = (await readGivenText(file, 'token file')).trim();
  if (TOKEN_SHAPE.test(token)) return token;
  throw new AppError('USAGE_INVALID', `the token file ${quote(file)} does not hold one token and nothing else`);
}

/** “no such file or directory”, without the name once more and the name of a system call. */
export function whyUnreadable(cause: unknown): string {
  const { errno = 0, code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EISDIR') return 'it is a directory';
  return getSystemErrorMap().get(errno)?.[1] ?? message;
}
