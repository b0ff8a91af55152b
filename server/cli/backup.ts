// `lookaside backup` and `restore`: the whole store in one file, and back.
import { formatInstant } from '../domain/instant.ts';
import type { Backup } from '../services/backup.ts';
import type { AddCommand, Context } from './context.ts';
import { createPhases } from './phases.ts';
import { printable } from './terminal.ts';

export const addBackupCommands: AddCommand = (program, context) => {
  program
    .command('backup')
    .description('copy the whole store into one file, also while a server runs on it')
    .argument('<file>')
    .option('--force', 'replace the file if it is there')
    .option('--json', 'as JSON')
    .action((file: string, options: BackupOptions) => backUp(file, options, context));
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
  terminal.err(`backed up ${counted(signatures, keys)} to ${printable(file)} (${megabytes(bytes)})`);
  terminal.err(`it holds everything acknowledged before ${formatInstant(takenAt)}; note its audit head elsewhere:`);
  terminal.out(`${head.seq}:${head.hash}`);
}

export function counted(signatures: number, keys: number): string {
  return `${signatures} ${signatures === 1 ? 'signature' : 'signatures'} and ${keys} ${keys === 1 ? 'key' : 'keys'}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
