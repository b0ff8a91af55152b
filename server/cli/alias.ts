// `lookaside alias …`: paths that stand for repositories, on the local database.
import type { Command } from 'commander';
import { AppError, quote } from '../domain/errors.ts';
import { formatInstant } from '../domain/instant.ts';
import { type Aliases, aliasView, type WatchedAlias } from '../services/aliases.ts';
import { type AddCommand, type Context, withNewStore, withStore } from './context.ts';
import { table } from './terminal.ts';

export const addAliasCommands: AddCommand = (program, context) => {
  const alias = program.command('alias').description('let paths stand for repositories: mirrors and bases of long ago');
  addAdd(alias, context);
  addList(alias, context);
  alias
    .command('remove')
    .description('let a path mean again what it says, from the next request on')
    .argument('<path>', 'as `alias list` has it')
    .action((path: string) =>
      withStore(context, async ({ aliases, principal }) => {
        const { id, target } = find(await aliases.list(principal), path);
        await aliases.remove(id, principal);
        context.terminal.out(`${path} does not stand for ${target} any more`);
      }),
    );
};

function addAdd(alias: Command, context: Context): void {
  alias
    .command('add')
    .description('let a path stand for a registry or for repositories of one, from the next request on')
    .argument('<path>', 'what addresses begin with, such as /sigstore or /mirror.example.com/hub')
    .argument('<target>', 'such as docker.io or quay.io/acme')
    .option('--replace', 'in place of what the path stands for now')
    .action((path: string, target: string, { replace = false }: { replace?: boolean }) =>
      withNewStore(context, async ({ aliases, principal }) => {
        const added = await aliases.add({ path, target, replace }, principal);
        context.terminal.out(`${added.path} stands for ${added.target}`);
        warn(context, [added]);
      }),
    );
}

function addList(alias: Command, context: Context): void {
  alias
    .command('list')
    .description('list what paths stand for')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const items = await withStore(context, ({ aliases, principal }) => aliases.list(principal));
      if (json) return context.terminal.out(JSON.stringify(items.map(aliasView), null, 2));
      if (items.length === 0) return context.terminal.err('there is no alias; `lookaside alias add` makes one');
      const rows = items.map(({ path, target, createdAt }) => [path, target, formatInstant(createdAt).slice(0, 10)]);
      context.terminal.out(table(['PATH', 'STANDS FOR', 'SINCE'], rows));
      warn(context, items);
    });
}

function warn({ terminal }: Context, aliases: readonly WatchedAlias[]): void {
  for (const { path, warnings } of aliases)
    for (const warning of warnings) terminal.err(`warning: ${path}: ${warning}`);
}

function find(all: Awaited<ReturnType<Aliases['list']>>, path: string): WatchedAlias {
  const found = all.find((each) => each.path === path);
  if (found) return found;
  throw new AppError('ALIAS_NOT_FOUND', `${quote(path)} is no alias; see \`lookaside alias list\``);
}
