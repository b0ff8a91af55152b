// What an import tells programs while it runs, and people at its end: a tree may be large, and what somebody can act on
// are the reasons and not their files. Keeps counts and a few examples, not results.
import { formatSlot } from '../../domain/slot.ts';
import type { BulkOutcome } from '../../services/bulk-outcome.ts';
import { counted } from '../count.ts';
import { createProgress } from '../progress.ts';
import { printable, type Terminal } from '../terminal.ts';
import { ELSEWHERE, type Found } from '../tree/walk.ts';
import { wordsOn } from './advice.ts';
import { createFindings, type Finding } from './findings.ts';
import { lintNumbers } from './lint.ts';

export type Counts = Record<BulkOutcome['status'] | 'misplaced' | 'skipped', number>;

export type Report = {
  readonly counts: Readonly<Counts>;
  expect(total: number): void;
  image(found: Extract<Found, { kind: 'image' }>): void;
  elsewhere(found: Extract<Found, { kind: 'other' }>): void;
  result(path: string, outcome: BulkOutcome): void;
  say(line: string): void;
  /** `complete`: the whole tree was looked at. */
  end(complete: boolean): void;
};

export type ReportOptions = { readonly json: boolean; readonly dryRun: boolean };

export function createReport(terminal: Terminal, { json, dryRun }: ReportOptions): Report {
  const counts: Counts = { stored: 0, acceptable: 0, exists: 0, duplicate: 0, refused: 0, misplaced: 0, skipped: 0 };
  const findings = createFindings();
  const notes = new Map<string, { readonly text: string; count: number }>();
  const { err: say, expect, step, end } = createProgress(terminal, json);

  function machine(value: Record<string, unknown>): void {
    if (json) terminal.out(JSON.stringify(value));
  }

  return {
    counts,
    expect,
    say,

    image({ path, numbers }) {
      for (const { code, detail } of lintNumbers(numbers)) {
        findings.add(code, detail, path);
        machine({ path, finding: code, detail });
      }
    },

    elsewhere({ path, reason, meant }) {
      const status = meant ? 'misplaced' : 'skipped';
      const detail = ELSEWHERE[reason];
      counts[status]++;
      findings.add(status, detail, path);
      machine({ path, status, reason, detail });
    },

    result(path, outcome) {
      counts[outcome.status]++;
      step();
      if (outcome.status === 'refused') {
        const { code, message: detail } = outcome.error;
        findings.add(code, detail, path);
        return machine({ path, status: 'refused', problem: { code, detail } });
      }
      const { status, slot, signer, notes: said } = outcome;
      if (status === 'duplicate') findings.add(status, `the same as ${formatSlot(slot)}`, path);
      for (const { code, text } of said) {
        const note = notes.get(code) ?? { text, count: 0 };
        note.count++;
        notes.set(code, note);
      }
      machine({ path, status, ...slot, signer, notes: said });
    },

    end(complete) {
      end();
      const list = findings.list();
      if (json) return machine({ complete, dryRun, counts, findings: list });
      for (const { text, count } of notes.values()) terminal.err(`note (${count}×): ${printable(text)}`);
      for (const finding of list) for (const line of linesOf(finding)) terminal.err(line);
      if (list.length > 0 || Object.values(counts).some((count) => count > 0)) terminal.out(summaryOf(counts, dryRun));
      if (!complete) terminal.err('this was not all of it; run it again to go on');
    },
  };
}

function linesOf({ code, count, groups }: Finding): string[] {
  const { heading, advice } = wordsOn(code, count);
  const rest = count - groups.reduce((sum, group) => sum + group.count, 0);
  return [
    heading,
    ...(advice === null ? [] : [`    to do: ${advice}`]),
    ...groups.flatMap(({ detail, count, examples }) => [
      `    ${count}× ${printable(detail)}`,
      ...examples.map((path) => `        ${printable(path)}`),
      ...(count > examples.length ? [`        and ${count - examples.length} more`] : []),
    ]),
    ...(rest > 0 ? [`    and ${rest} more, each with details of its own; --json names every file`] : []),
  ];
}

function summaryOf(counts: Counts, dryRun: boolean): string {
  const { stored, acceptable, exists, duplicate, refused, misplaced, skipped } = counts;
  const others = [
    ...(duplicate > 0 ? [`${duplicate} twice`] : []),
    `${refused + misplaced} stayed out`,
    ...(skipped > 0 ? [`${counted(skipped, 'other file')} skipped`] : []),
  ].join(', ');
  return `${dryRun ? `${acceptable} would be stored` : `${stored} stored`}, ${exists} already there, ${others}`;
}
