// `lookaside key …`: registered keys, on the local database.
import type { Command } from 'commander';
import { AppError, quote } from '../domain/errors.ts';
import type { Key } from '../domain/key.ts';
import { parseScope } from '../domain/scope.ts';
import { keyView } from '../services/views.ts';
import { type AddCommand, ALL, type Context, collected, repeated, withNewStore, withStore } from './context.ts';
import { readGiven } from './given-file.ts';
import { addKeyEnds } from './key-ends.ts';
import { addKeyStates } from './key-states.ts';
import { endText, stateText } from './key-text.ts';
import { printable, table } from './terminal.ts';

export const addKeyCommands: AddCommand = (program, context) => {
  const key = program
    .command('key')
    .description('register, list, replace, retire and revoke the keys whose signatures are accepted');
  addAdd(key, context);
  addList(key, context);
  addKeyStates(key, context);
  addKeyEnds(key, context);
};

function addAdd(key: Command, context: Context): void {
  key
    .command('add')
    .description('register public keys, or update registered ones with a newer copy or a revocation certificate')
    .argument('<file...>', 'armored or binary key files; - reads standard input')
    .option(
      '--scope <scope>',
      'what the keys may sign for: host[:port][/namespace[/repository]], *.example.com; repeatable (default: everything)',
      repeated,
    )
    .option('--name <name>', 'name shown to people (default: the first user id)')
    .action(async (files: string[], options: { scope?: readonly string[]; name?: string }) => {
      if (options.name !== undefined && files.length > 1)
        throw new AppError('USAGE_INVALID', '--name is for one key; give one file, or leave it out');
      const request = { name: options.name, scopes: options.scope?.map(parseScope) };
      await withNewStore(context, async ({ keys, principal }) => {
        for (const file of files)
          for (const { status, key } of await named(file, files, async () =>
            keys.register(await readGiven(file, 'key file'), request, principal),
          ))
            context.terminal.out(
              `${status} ${key.fingerprint} ${printable(key.name)} (${stateText(key)}, for ${scopesText(key)})`,
            );
      });
    });
}

/** Of several files a refusal names the one it is about; those before it are registered by then. */
async function named<T>(file: string, files: readonly string[], register: () => Promise<T>): Promise<T> {
  try {
    return await register();
  } catch (error) {
    if (files.length === 1 || !(error instanceof AppError) || error.code === 'USAGE_INVALID') throw error;
    throw new AppError(error.code, `${quote(file)}: ${error.message}`, { cause: error });
  }
}

function addList(key: Command, context: Context): void {
  key
    .command('list')
    .description('list registered keys')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const items = await withStore(context, ({ keys, principal }) =>
        collected(ALL, (limit, after: string | null) => keys.list({}, { limit, after }, principal)),
      );
      items.reverse(); // oldest first
      if (json) return context.terminal.out(JSON.stringify(items.map(keyView), null, 2));
      if (items.length === 0)
        return context.terminal.err('no key is registered yet; `lookaside key add FILE` registers one');
      const rows = items.map((item) => [
        item.fingerprint,
        stateText(item),
        endText(item),
        scopesText(item),
        printable(item.name),
      ]);
      context.terminal.out(table(['FINGERPRINT', 'STATE', 'EXPIRES', 'SCOPES', 'NAME'], rows));
    });
}

function scopesText(key: Key): string {
  return key.scopes.map((scope) => scope || 'everything').join(', ');
}
