// What every command gets, and the two ways they start: on the database, or against a server.
import type { Command } from 'commander';
import type { Local as Parts } from '../compose/local.ts';
import type { Config, Environment } from '../config.ts';
import { AppError, quote } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { localPrincipal, type Principal } from '../domain/principal.ts';
import { createLog } from '../ops/log.ts';
import { pagesOf } from '../services/pages.ts';
import type { Terminal } from './terminal.ts';

export type Context = {
  /** From the environment, with what options of the command say instead. */
  readonly loadConfig: (changes?: Environment) => Config;
  readonly terminal: Terminal;
  /** Set by a command that ends well but not with success: push with refusals. */
  exitCode: number;
};

export type AddCommand = (program: Command, context: Context) => void;

export type Local = Parts & { readonly principal: Principal };

/** Runs on the store's own database, which must be there, also while a server runs on it. */
export function withStore<T>(context: Context, use: (local: Local) => Promise<T>): Promise<T> {
  return onDatabase(context, true, use);
}

/** The same for commands that may be the first ones: they make the store. */
export function withNewStore<T>(context: Context, use: (local: Local) => Promise<T>): Promise<T> {
  return onDatabase(context, false, use);
}

async function onDatabase<T>(
  { loadConfig, terminal }: Context,
  mustExist: boolean,
  use: (local: Local) => Promise<T>,
): Promise<T> {
  // Only now: `push` talks to a server, and shall not carry one along.
  const { composeLocal } = await import('../compose/local.ts');
  const local = await composeLocal(loadConfig(), createLog('silent'), { mustExist });
  try {
    return await use({ ...local, principal: localPrincipal(terminal.user) });
  } finally {
    await local.close();
  }
}

/** Collects a repeatable option. */
export function repeated(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** `what` it is the number of, as somebody has to give it: `--limit`. */
export function parseNumber(text: string, what: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(text))
    throw new AppError('USAGE_INVALID', `${what} is ${quote(text)}; give a number such as 17`);
  return Number(text);
}

export const ALL = Number.MAX_SAFE_INTEGER;
/** Rows asked for at a time. */
const PAGE = LIMITS.pageRows;

/** The first `most` rows of a list that comes in pages. */
export async function collected<T, C>(
  most: number,
  page: (limit: number, after: C | null) => Promise<{ readonly items: readonly T[]; readonly next: C | null }>,
): Promise<T[]> {
  const items: T[] = [];
  const pages = pagesOf((after: C | null) => page(Math.min(PAGE, most - items.length), after));
  for await (const found of pages) {
    items.push(...found);
    if (items.length >= most) break;
  }
  return items;
}
