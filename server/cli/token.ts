// `lookaside token …`: secrets of machines, on the local database.
import type { Command } from 'commander';
import { AppError, quote } from '../domain/errors.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { expiredAt } from '../domain/key.ts';
import { PERMISSIONS, type Permission, type Token } from '../domain/principal.ts';
import { parseScope } from '../domain/scope.ts';
import { tokenView } from '../services/views.ts';
import { type AddCommand, ALL, type Context, collected, repeated, withNewStore, withStore } from './context.ts';
import { parseLifetime } from './duration.ts';
import { addOidcOptions, exchangeOf, type OidcOptions } from './push/connection.ts';
import { exchange } from './push/exchange.ts';
import { printable, table } from './terminal.ts';

export const addTokenCommands: AddCommand = (program, context) => {
  const token = program.command('token').description('create, list and revoke the tokens of pipelines and scripts');
  addCreate(token, context);
  addExchange(token, context);
  addList(token, context);
  token
    .command('revoke')
    .description('end a token at once')
    .argument('<id>')
    .action((id: string) =>
      withStore(context, async ({ tokens, principal }) => {
        await tokens.revoke(id, principal);
        context.terminal.out(`revoked ${id}`);
      }),
    );
};

type CreateOptions = { name: string; allow: string; scope?: readonly string[]; expires: string };

function addCreate(token: Command, context: Context): void {
  token
    .command('create')
    .description('create a token; the secret alone is printed on standard output, once')
    .requiredOption('--name <name>', 'what it is for, shown to people')
    .requiredOption('--allow <permissions>', `comma-separated: ${PERMISSIONS.join(', ')}`)
    .option(
      '--scope <scope>',
      'repositories it counts for: host[:port][/namespace[/repository]]; repeatable (default: everything)',
      repeated,
    )
    .option('--expires <lifetime>', 'such as 12h, 90d, 1y, never', '90d')
    .action(async ({ name, allow, scope = [], expires }: CreateOptions) => {
      const request = {
        name,
        permissions: parsePermissions(allow),
        scopes: scope.map(parseScope),
        lifetimeMs: parseLifetime(expires),
      };
      await withNewStore(context, async ({ tokens, principal }) => {
        const { token, secret } = await tokens.create(request, principal);
        const until = token.expiresAt === null ? 'never expires' : `expires ${formatInstant(token.expiresAt)}`;
        context.terminal.err(
          `token ${token.id} may ${token.permissions.join(', ')} and ${until}; its secret is shown this once:`,
        );
        context.terminal.out(secret);
      });
    });
}

function addExchange(token: Command, context: Context): void {
  addOidcOptions(
    token
      .command('exchange')
      .description('in CI: get a token of 15 minutes for what the CI system says about the job; it alone is printed')
      .option('--server <url>', 'the store (default: LOOKASIDE_SERVER)'),
  ).action(async (options: OidcOptions) => {
    const { terminal } = context;
    const onRetry = (why: string) => terminal.err(`trying again: ${why}`);
    const { token, publisher } = await exchange(exchangeOf(options, context, onRetry));
    terminal.err(`a token of 15 minutes, as ${printable(publisher.name)}:`);
    terminal.out(token);
  });
}

function parsePermissions(text: string): Permission[] {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !(PERMISSIONS as readonly string[]).includes(word));
  if (wrong !== undefined)
    throw new AppError('USAGE_INVALID', `--allow has ${quote(wrong)}; allowed: ${PERMISSIONS.join(', ')}`);
  return words as Permission[];
}

function addList(token: Command, context: Context): void {
  token
    .command('list')
    .description('list tokens')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const items = await withStore(context, ({ tokens, principal }) =>
        collected(ALL, (limit, after: string | null) => tokens.list({}, { limit, after }, principal)),
      );
      items.reverse(); // oldest first
      if (json) return context.terminal.out(JSON.stringify(items.map(tokenView), null, 2));
      if (items.length === 0) return context.terminal.err('there is no token yet; `lookaside token create` makes one');
      const rows = items.map((item) => [
        item.id,
        stateOf(item),
        item.permissions.join(','),
        item.scopes.map((scope) => scope || 'everything').join(', '),
        day(item.expiresAt, 'never'),
        day(item.lastUsedAt, 'never'),
        printable(item.name),
      ]);
      context.terminal.out(table(['ID', 'STATE', 'ALLOWS', 'SCOPES', 'EXPIRES', 'LAST USE', 'NAME'], rows));
    });
}

function stateOf(token: Token): string {
  if (token.revokedAt !== null) return 'revoked';
  return expiredAt(token.expiresAt, Date.now() as Instant) ? 'expired' : 'active';
}

function day(instant: Instant | null, none: string): string {
  return instant === null ? none : formatInstant(instant).slice(0, 10);
}
