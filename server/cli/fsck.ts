// `lookaside fsck`: a line for each finding on standard output, the rest on standard error.
import { type Finding, formatFinding, kindOf } from '../domain/finding.ts';
import type { Verdict } from '../services/fsck.ts';
import type { AddCommand, Context } from './context.ts';
import { createPhases } from './phases.ts';
import { printable } from './terminal.ts';

export const addFsckCommand: AddCommand = (program, context) => {
  program
    .command('fsck')
    .description('check the whole store again: file, signatures, catalogue, audit log; also while a server runs on it')
    .option('--json', 'one object a line, the last one a summary')
    .action((options: Options) => check(options, context));
};

type Options = { json?: boolean };

async function check({ json = false }: Options, context: Context): Promise<void> {
  const { composeUpkeep } = await import('../compose/upkeep.ts');
  const phases = createPhases(context.terminal, json);
  const onFinding = (finding: Finding) => phases.out(json ? JSON.stringify(findingView(finding)) : line(finding));
  try {
    const verdict = await composeUpkeep(context.loadConfig()).check({ onFinding, onProgress: phases.show });
    phases.end();
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

function report({ faults, notes, signatures, head }: Verdict, context: Context, json: boolean): void {
  if (faults > 0) context.exitCode = 1;
  if (json) return context.terminal.out(JSON.stringify({ summary: { faults, notes, signatures, auditHead: head } }));
  const found = `${faults === 0 ? 'no' : faults} ${faults === 1 ? 'fault' : 'faults'}`;
  const noted = notes === 0 ? '' : `, ${notes} ${notes === 1 ? 'note' : 'notes'}`;
  const audited = head === null ? 'a broken audit log' : `${head.seq} audit rows`;
  context.terminal.err(`checked ${signatures} signatures and ${audited}: ${found}${noted}`);
}
