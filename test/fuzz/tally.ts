// What came of a campaign, in numbers and in findings.
import type { Judged } from './campaign.ts';
import { whyStricter } from './differences.ts';
import { FAMILIES, type Family } from './mutants.ts';

type Counts = {
  mutants: number;
  accepted: number;
  asked: number;
  both: number;
  neither: number;
  stricter: number;
  laxer: number;
};

export type Tally = {
  add(judged: Judged): void;
  /** Accepted here and refused by skopeo: bugs, all of them. */
  readonly laxer: readonly Judged[];
  /** Refused here and accepted by skopeo, for a reason that is not documented. */
  readonly unexplained: readonly Judged[];
  /** Faults of the server, which are neither. */
  readonly faults: readonly Judged[];
  /** The tables, in Markdown. */
  report(): string;
};

const NONE = (): Counts => ({ mutants: 0, accepted: 0, asked: 0, both: 0, neither: 0, stricter: 0, laxer: 0 });
const FAULT = /^(?:INTERNAL|STORE_|INTAKE_|SIGNATURE_TOO_COSTLY)/;

export function createTally(): Tally {
  const families = new Map<Family, Counts>(FAMILIES.map((family) => [family, NONE()]));
  const codes = new Map<string, Counts>();
  const reasons = new Map<string, number>();
  const [laxer, unexplained, faults]: [Judged[], Judged[], Judged[]] = [[], [], []];

  function count(counts: Counts, { verdict, skopeo }: Judged): void {
    const accepted = verdict.status !== 'refused';
    counts.mutants++;
    if (accepted) counts.accepted++;
    if (skopeo === null) return;
    counts.asked++;
    counts[accepted ? (skopeo.accepted ? 'both' : 'laxer') : skopeo.accepted ? 'stricter' : 'neither']++;
  }

  return {
    laxer,
    unexplained,
    faults,
    add(judged) {
      const { verdict, skopeo, family } = judged;
      const code = verdict.problem?.code ?? 'accepted';
      const byCode = codes.get(code) ?? NONE();
      codes.set(code, byCode);
      for (const counts of [families.get(family), byCode]) if (counts) count(counts, judged);
      if (FAULT.test(code)) faults.push(judged);
      if (skopeo === null || skopeo.accepted === (verdict.status !== 'refused')) return;
      if (!skopeo.accepted) return void laxer.push(judged);
      const why = whyStricter(judged);
      if (why === null) unexplained.push(judged);
      else reasons.set(why, (reasons.get(why) ?? 0) + 1);
    },
    report() {
      const byCode = new Map([...codes].sort(([a], [b]) => (a < b ? -1 : 1)));
      const byReason = [...reasons].sort(([, a], [, b]) => b - a).map(([why, count]) => `| ${why} | ${count} |`);
      const stricter = ['| why skopeo alone accepts | of those asked |', '| --- | ---: |', ...byReason].join('\n');
      return [table('family', families), table('answer', byCode), stricter].join('\n\n');
    },
  };
}

const COLUMNS: Readonly<Record<keyof Counts, string>> = {
  mutants: 'mutants',
  accepted: 'accepted',
  asked: 'skopeo asked',
  both: 'both accept',
  neither: 'both refuse',
  stricter: 'skopeo alone accepts',
  laxer: 'skopeo alone refuses',
};

function table(name: string, rows: ReadonlyMap<string, Counts>): string {
  const columns = Object.keys(COLUMNS) as (keyof Counts)[];
  const sum = columns.map((column) => [...rows.values()].reduce((total, counts) => total + counts[column], 0));
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    line([name, ...Object.values(COLUMNS)]),
    line(['---', ...columns.map(() => '---:')]),
    ...[...rows].map(([row, counts]) => line([row, ...columns.map((column) => counts[column])])),
    line(['all', ...sum]),
  ].join('\n');
}
