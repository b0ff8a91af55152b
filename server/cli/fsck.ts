// `lookaside fsck`: a line for each finding on standard output, the rest on standard error.
import { type Finding, formatFinding, kindOf } from '../domain/finding.ts';
import { localPrincipal } from '../domain/principal.ts';
import type { Checked } from '../services/fsck-repair.ts';
import type { AddCommand, Context } from './context.ts';
import { counted } from './count.ts';
import { createPhases } from './progress.ts';
import { printable } from './terminal.ts';

export const addFsckCommand: AddCommand = (program, context) => {
  program
    .command('fsck')
    .description('check the whole store again: file, signatures, catalogue, audit log; also while a server runs on it')
    .option('--repair', 'make indexes and the catalogue anew where they are wrong; loses nothing')
    .option('--json', 'one object a line, the last one a summary')
    .action((options: Options) => check(options, context));
};

type Options = { repair?: boolean; json?: boolean };

async function check({ repair = false, json = false }: Options, context: Context): Promise<void> {
  const { composeUpkeep } = await import('../compose/upkeep.ts');
  const phases = createPhases(context.terminal, json);
  const onFinding = (finding: Finding) => phases.out(json ? JSON.stringify(findingView(finding)) : line(finding));
  try {
    const { actor } = localPrincipal(context.terminal.user);
    const { fsck } = composeUpkeep(context.loadConfig());
    const verdict = await fsck({ repair, actor, onFinding, onProgress: phases.show });
    phases.end();
    if (verdict.faults > 0) context.exitCode = 1;
    report(verdict, context, json);
  } finally {
    phases.end();
  }
}

function line(finding: Finding): string {
  return printable(formatFinding(finding));
}

function findingView(finding: Finding) {
  const { severity, advice } = kindOf(finding);
  return { severity, ...finding, advice };
}

function report(checked: Checked, { terminal }: Context, json: boolean): void {
  const { faults, notes, signatures, head, repaired, unrepaired } = checked;
  if (json)
    return terminal.out(
      JSON.stringify({ summary: { faults, notes, signatures, auditHead: head, repaired, unrepaired } }),
    );
  for (const what of repaired) terminal.err(`repaired: ${what}`);
  if (unrepaired !== null) terminal.err(unrepaired);
  const found = `${faults === 0 ? 'no faults' : counted(faults, 'fault')}${repaired.length > 0 ? ' left' : ''}`;
  const noted = notes === 0 ? '' : `, ${counted(notes, 'note')}`;
  const audited = head === null ? 'a broken audit log' : counted(head.seq, 'audit row');
  terminal.err(`checked ${counted(signatures, 'signature')} and ${audited}: ${found}${noted}`);
}
