// `lookaside user …`: people who may sign in, on the local database.
import type { Command } from 'commander';
import { AppError, quote } from '../domain/errors.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { parseUserName, ROLES, type Role, requirePassword } from '../domain/user.ts';
import { userView } from '../services/user-views.ts';
import { type AddCommand, type Context, withNewStore, withStore } from './context.ts';
import { type PasswordOptions, readPassword } from './password-input.ts';
import { table } from './terminal.ts';

export const addUserCommands: AddCommand = (program, context) => {
  const user = program.command('user').description('add, list and remove the people who sign in at the admin pages');
  addAdd(user, context);
  addList(user, context);
  user
    .command('remove')
    .description('remove somebody, and end their sessions at once')
    .argument('<name>')
    .action((name: string) =>
      withStore(context, async ({ users, principal }) => {
        await users.remove(name, principal);
        context.terminal.out(`removed ${name}`);
      }),
    );
  addPassword(user, context);
};

function addAdd(user: Command, context: Context): void {
  passwordOptions(
    user
      .command('add')
      .description('add somebody')
      .argument('<name>')
      .requiredOption('--role <role>', `${ROLES.join(' or ')}: a viewer sees everything and changes nothing`),
  ).action(async (name: string, { role, ...options }: PasswordOptions & { role: string }) => {
    const request = { name: parseUserName(name), role: parseRole(role) }; // before anybody types a password
    await withPassword(options, context, (password) =>
      withNewStore(context, async ({ users, principal }) => {
        await users.create({ ...request, password }, principal);
        context.terminal.err(`added ${name}, ${role}`);
      }),
    );
  });
}

function addPassword(user: Command, context: Context): void {
  passwordOptions(
    user
      .command('password')
      .description('set a password, and end the sessions of that user at once')
      .argument('<name>'),
  ).action(async (untrustedName: string, options: PasswordOptions) => {
    const name = parseUserName(untrustedName);
    await withStore(context, async ({ users, principal }) => {
      const known = (await users.list(principal)).some((each) => each.name === name);
      if (!known) throw new AppError('USER_NOT_FOUND', `there is no user ${quote(name)}; see \`lookaside user list\``);
    });
    await withPassword(options, context, (password) =>
      withStore(context, async ({ users, principal }) => {
        await users.change(name, { password }, principal);
        context.terminal.err(`changed the password of ${name}; sessions that were open have ended`);
      }),
    );
  });
}

function passwordOptions(command: Command): Command {
  return command
    .option(
      '--password-file <file>',
      'file with the password on one line, - for standard input; asked for if not given',
    )
    .option('--generate', 'make a password; it alone is printed on standard output, once');
}

/** The database is not open while somebody thinks about a password. */
async function withPassword(
  options: PasswordOptions,
  context: Context,
  use: (password: string) => Promise<void>,
): Promise<void> {
  const { password, generated } = await readPassword(options, context);
  requirePassword(password);
  await use(password);
  if (generated) context.terminal.out(password);
}

function parseRole(text: string): Role {
  if ((ROLES as readonly string[]).includes(text)) return text as Role;
  throw new AppError('USAGE_INVALID', `--role is ${quote(text)}; allowed: ${ROLES.join(', ')}`);
}

function addList(user: Command, context: Context): void {
  user
    .command('list')
    .description('list the people who may sign in')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: true }) => {
      const items = await withStore(context, ({ users, principal }) => users.list(principal));
      if (json) return context.terminal.out(JSON.stringify(items.map(userView), null, 2));
      if (items.length === 0)
        return context.terminal.err('there is no user yet; `lookaside user add NAME --role admin` adds one');
      const rows = items.map(({ name, role, createdAt, passwordChangedAt, lastSignInAt }) => [
        name,
        role,
        day(createdAt),
        day(passwordChangedAt),
        lastSignInAt === null ? 'never' : `${formatInstant(lastSignInAt).slice(0, 19)}`,
      ]);
      context.terminal.out(table(['NAME', 'ROLE', 'ADDED', 'PASSWORD OF', 'LAST SIGN-IN (UTC)'], rows));
    });
}

function day(instant: Instant): string {
  return formatInstant(instant).slice(0, 10);
}
