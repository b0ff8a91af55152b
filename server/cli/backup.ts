// `lookaside backup` and `restore`: the whole store in one file, and back.
import { type Finding, formatFinding } from '../domain/finding.ts';
import { formatInstant } from '../domain/instant.ts';
import { localPrincipal } from '../domain/principal.ts';
import type { Backup } from '../services/backup.ts';
import type { Losses, Restored } from '../services/restore.ts';
import type { AddCommand, Context } from './context.ts';
import { counted } from './count.ts';
import { createPhases } from './progress.ts';
import { printable } from './terminal.ts';

export const addBackupCommands: AddCommand = (program, context) => {
  program
    .command('backup')
    .description('copy the whole store into one file, also while a server runs on it')
    .argument('<file>')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'as JSON')
    .action((file: string, options: BackupOptions) => backUp(file, options, context));
  program
    .command('restore')
    .description('replace the store by a backup, which is checked first; the server must not run')
    .argument('<file>')
    .option('--force', 'also where there is a store already; it is kept beside')
    .option('--json', 'as JSON')
    .action((file: string, options: BackupOptions) => restore(file, options, context));
};

type BackupOptions = { force?: boolean; json?: boolean };

async function backUp(file: string, { force = false, json = false }: BackupOptions, context: Context): Promise<void> {
  const { composeUpkeep } = await import('../compose/upkeep.ts');
  const phases = createPhases(context.terminal, json);
  try {
    const onProgress = (done: number, total: number) => phases.show('copying', 'pages', done, total);
    const backup = await composeUpkeep(context.loadConfig()).backUp({ file, force, onProgress });
    phases.end();
    report(backup, context, json);
  } finally {
    phases.end();
  }
}

function report(backup: Backup, { terminal }: Context, json: boolean): void {
  const { file, takenAt, bytes, signatures, keys, head, unrecorded } = backup;
  if (unrecorded !== null)
    terminal.err(`the backup is good, but the store could not note when it was made: ${printable(unrecorded)}`);
  if (json)
    return terminal.out(
      JSON.stringify({ file, takenAt: formatInstant(takenAt), bytes, signatures, keys, auditHead: head }),
    );
  terminal.err(`backed up ${contents({ signatures, keys })} to ${printable(file)} (${megabytes(bytes)})`);
  terminal.err(`it holds everything acknowledged before ${formatInstant(takenAt)}; note its audit head elsewhere:`);
  terminal.out(`${head.seq}:${head.hash}`);
}

async function restore(file: string, { force = false, json = false }: BackupOptions, context: Context): Promise<void> {
  const { composeUpkeep } = await import('../compose/upkeep.ts');
  const { terminal } = context;
  const phases = createPhases(terminal, json);
  const { actor } = localPrincipal(terminal.user);
  const onFinding = (finding: Finding) => phases.err(printable(formatFinding(finding)));
  try {
    const upkeep = composeUpkeep(context.loadConfig());
    const restored = await upkeep.restore({ file, force, actor, onFinding, onProgress: phases.show });
    phases.end();
    if (json) terminal.out(JSON.stringify(restoredView(restored)));
    else for (const text of described(restored)) terminal.err(printable(text));
    if (!json) terminal.out(`${restored.head.seq}:${restored.head.hash}`);
  } finally {
    phases.end();
  }
}

function restoredView({ signatures, keys, takenAt, kept, losses, head }: Restored) {
  const lost = typeof losses === 'string' ? { lost: losses } : losses;
  return {
    signatures,
    keys,
    takenAt: takenAt === null ? null : formatInstant(takenAt),
    kept,
    ...lost,
    auditHead: head,
  };
}

/** What is to be done next is what a restore is about: the store is now as it was then. */
function* described({ signatures, keys, takenAt, kept, losses }: Restored): Generator<string> {
  const then = takenAt === null ? 'a time it does not say' : formatInstant(takenAt);
  yield `restored ${contents({ signatures, keys })}, as of ${then}`;
  if (kept !== null) yield `the replaced store is kept as ${kept}`;
  if (losses === 'unreadable') yield 'what happened since then cannot be told: the replaced store cannot be read';
  else if (losses === 'of another store')
    yield 'the replaced store was another one: its history does not contain the backup';
  else if (losses !== null) yield* describedLosses(losses);
  if (losses === null || typeof losses === 'string' || losses.counts.length > 0)
    yield 'upload again what was signed since then (repeats are harmless), and look at `lookaside key list`, `token list` and `user list`';
  yield 'start the server; the head of the audit log is now:';
}

function* describedLosses({ counts, undone }: Losses): Generator<string> {
  const all = counts.map(({ action, count }) => `${count} ${action}`).join(', ');
  yield all === '' ? 'nothing was lost: nothing had changed since then' : `lost since then: ${all}`;
  if (undone.length > 0) yield 'do these again, they are undone:';
  for (const { at, action, subject } of undone) yield `  ${formatInstant(at)} ${action} ${subject}`;
}

function contents({ signatures, keys }: Pick<Backup, 'signatures' | 'keys'>): string {
  return `${counted(signatures, 'signature')} and ${counted(keys, 'key')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
