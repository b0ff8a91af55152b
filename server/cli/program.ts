// The command line as a whole: the list of commands, and how errors end a process.
import { Command, CommanderError } from 'commander';
import { describeCause, type ErrorCode, toAppError } from '../domain/errors.ts';
import { version } from '../ops/version.ts';
import { addAliasCommands } from './alias.ts';
import { addAuditCommands } from './audit.ts';
import { addBackupCommands } from './backup.ts';
import { addBundleCommands } from './bundle.ts';
import { addConfigCommands } from './config.ts';
import type { AddCommand, Context } from './context.ts';
import { addExportCommand } from './export.ts';
import { addFsckCommand } from './fsck.ts';
import { addHealthCommand } from './health.ts';
import { addImportCommand } from './import.ts';
import { addKeyCommands } from './key.ts';
import { addPublisherCommands } from './publisher.ts';
import { addPushCommand } from './push.ts';
import { addServeCommand } from './serve.ts';
import { addSignAndPushCommand } from './sign-and-push.ts';
import { addSignatureCommands } from './signatures.ts';
import { printable, type Terminal } from './terminal.ts';
import { addTokenCommands } from './token.ts';
import { addUserCommands } from './user.ts';
import { addVerdictCommand } from './verdict.ts';

const COMMANDS: readonly AddCommand[] = [
  addServeCommand,
  addHealthCommand,
  addKeyCommands,
  addConfigCommands,
  addTokenCommands,
  addPublisherCommands,
  addUserCommands,
  addPushCommand,
  addSignAndPushCommand,
  addImportCommand,
  addExportCommand,
  addBundleCommands,
  addSignatureCommands,
  addVerdictCommand,
  addAliasCommands,
  addAuditCommands,
  addBackupCommands,
  addFsckCommand,
];

/** Exit codes beside 0 and 1 (docs/cli.md). */
const EXIT: Partial<Record<ErrorCode, number>> = {
  USAGE_INVALID: 2,
  CONFIG_INVALID: 2,
  REQUEST_INVALID: 2,
  FINGERPRINT_INVALID: 2,
  SCOPE_INVALID: 2,
  REPOSITORY_INVALID: 2,
  DIGEST_INVALID: 2,
  TARGET_INVALID: 2,
  PUBLISHER_INVALID: 2,
  ALIAS_INVALID: 2,
  POLICY_INVALID: 2,
  MANIFEST_INVALID: 2,
  USER_NAME_INVALID: 2,
  PASSWORD_WEAK: 2,
  SERVER_UNREACHABLE: 3,
};

export type World = Pick<Context, 'loadConfig' | 'terminal'>;

/** Runs one command line and returns its exit code; never throws. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const context: Context = { ...world, exitCode: 0 };
  const program = createProgram(context);
  try {
    await program.parseAsync([...argv]);
    return context.exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return fail(thrown, context.terminal);
  }
}

function createProgram(context: Context): Command {
  const { terminal } = context;
  const program = new Command('lookaside')
    .description('HTTP signature store for container images: verified before it is served')
    .version(version(), '--version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
    })
    .showHelpAfterError('(add --help for what this command takes)');
  for (const add of COMMANDS) add(program, context);
  return program;
}

/** One line that says what to do next; the stack only for whoever asked for it. */
function fail(thrown: unknown, terminal: Terminal): number {
  const error = toAppError(thrown);
  const { cause } = error;
  const stranger =
    error.code === 'INTERNAL' && cause instanceof Error
      ? `: ${cause.message}; LOOKASIDE_LOG_LEVEL=debug shows more`
      : '';
  terminal.err(`lookaside: ${printable(error.message + stranger)} (${error.code})`);
  if (process.env.LOOKASIDE_LOG_LEVEL === 'debug')
    terminal.err(String(error.stack) + (cause ? `\nCaused by: ${describeCause(cause)}` : ''));
  return EXIT[error.code] ?? 1;
}
