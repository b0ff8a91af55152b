// Where a new password comes from: typed twice, a file, or made here. Never from an option: command lines are visible to
// other users of a machine.
import { AppError, quote } from '../domain/errors.ts';
import { realWorld } from '../ops/world.ts';
import { generatePassword } from '../services/passwords.ts';
import type { Context } from './context.ts';
import { readGiven } from './given-file.ts';

export type PasswordOptions = { readonly passwordFile?: string; readonly generate?: true };

export type GivenPassword = {
  readonly password: string;
  /** To be printed alone on standard output, once all went well. */
  readonly generated: boolean;
};

export async function readPassword(
  { passwordFile, generate }: PasswordOptions,
  { terminal }: Context,
): Promise<GivenPassword> {
  if (passwordFile !== undefined && generate)
    throw new AppError('USAGE_INVALID', 'give --password-file or --generate, not both');
  if (generate) return { password: generatePassword(realWorld.randomBytes), generated: true };
  if (passwordFile !== undefined) return { password: await readPasswordFile(passwordFile), generated: false };
  if (terminal.askSecret === null)
    throw new AppError('USAGE_INVALID', 'nobody is here to type a password: give --password-file FILE or --generate');
  const password = await terminal.askSecret('New password: ');
  if (password !== (await terminal.askSecret('The same again: ')))
    throw new AppError('USAGE_INVALID', 'the two passwords differ; nothing was changed');
  return { password, generated: false };
}

/** One line. A password may begin or end with a space, so nothing but the line's end is taken off. */
async function readPasswordFile(file: string): Promise<string> {
  const bytes = await readGiven(file, 'password file');
  const password = textOf(bytes)?.replace(/\r?\n$/, '') ?? null;
  if (password === null || /[\r\n]/.test(password))
    throw new AppError(
      'USAGE_INVALID',
      `the password file ${quote(file)} does not hold one line of text and nothing else`,
    );
  return password;
}

/** Null where it is not UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
