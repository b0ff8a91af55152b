// `lookaside import`: an existing tree straight into the database, every file verified as an upload is. Also while a
// server runs on it; running it again is harmless and goes on where the last one ended.
import { AppError, quote, toAppError } from '../domain/errors.ts';
import type { AddCommand, Context } from './context.ts';
import { createReport, type Report } from './import/report.ts';
import { type PathEntry, takeAll } from './import/taking.ts';
import { readSignatureFile } from './tree/file.ts';
import { parseRegistryPrefix } from './tree/registry.ts';
import { countSignatures, findSignatures, isTree } from './tree/walk.ts';

type Options = {
  readonly registry: string;
  readonly dryRun?: true;
  readonly dearmor?: true;
  readonly json?: true;
};

export const addImportCommand: AddCommand = (program, context) => {
  program
    .command('import')
    .description('take an existing tree of signatures into the store, each one verified, and say what is wrong with it')
    .argument('<dir>', 'directory with <repository>@sha256=<hex>/signature-N below it, as /var/lib/containers/sigstore')
    .requiredOption(
      '--registry <host[/namespace]>',
      'where the images of the tree live: the tree itself does not name the registry',
    )
    .option('--dry-run', 'verify everything and store nothing')
    .option('--dearmor', 'convert ASCII-armored signatures before they are verified')
    .option('--json', 'one JSON object a line for each file, and one at the end')
    .action((dir: string, options: Options) => importTree(dir, options, context));
};

async function importTree(dir: string, options: Options, context: Context): Promise<void> {
  const prefix = parseRegistryPrefix(options.registry);
  await requireTree(dir);
  const dryRun = options.dryRun === true;
  const report = createReport(context.terminal, { json: options.json === true, dryRun });
  const reading = { prefix, report, convertArmor: options.dearmor === true };
  const complete = await takeAll((stopped) => readTree(dir, { ...reading, stopped }), {
    report,
    context,
    dryRun,
    expected: () => countSignatures([dir]),
  });
  context.exitCode = exitCode(report, complete);
}

async function requireTree(dir: string): Promise<void> {
  if (await isTree(dir)) return;
  throw new AppError(
    'USAGE_INVALID',
    `${quote(dir)} is no tree; give the directory above those of repositories, such as /var/lib/containers/sigstore`,
  );
}

type Reading = {
  readonly prefix: string;
  readonly report: Report;
  readonly stopped: () => boolean;
  readonly convertArmor: boolean;
};

async function* readTree(dir: string, reading: Reading): AsyncGenerator<PathEntry> {
  const { prefix, report, stopped, convertArmor } = reading;
  for await (const found of findSignatures([dir])) {
    if (stopped()) return;
    const { path } = found;
    try {
      if (found.kind === 'image') report.image(found);
      else if (found.kind === 'other') report.elsewhere(found);
      else if (found.kind === 'unreadable') throw found.error;
      else yield { path, bytes: await readSignatureFile(path, convertArmor), target: `${prefix}/${found.image}` };
    } catch (thrown) {
      report.result(path, { status: 'refused', error: toAppError(thrown) });
    }
  }
}

function exitCode({ counts }: Report, complete: boolean): number {
  const { skipped: _, ...meant } = counts;
  if (Object.values(meant).every((count) => count === 0) && complete)
    throw new AppError(
      'USAGE_INVALID',
      'found no signatures; a tree has <repository>@sha256=<hex>/signature-N below it',
    );
  return counts.refused + counts.misplaced > 0 || !complete ? 1 : 0;
}
