// The result as people read it and as programs do.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Row } from './rows.ts';

export type Result = {
  readonly machine: string;
  readonly versions: string;
  readonly at: string;
  readonly rows: readonly Row[];
  readonly skipped: readonly string[];
};

type Column = { readonly title: string; readonly width: number; cell(row: Row): string | number | undefined };

const fixed = (value: number | undefined, digits: number) => value?.toFixed(digits);
/** Three digits that say something, whatever the size. */
const measured = (value: number | undefined) => fixed(value, value !== undefined && value < 100 ? 1 : 0);

const COLUMNS: readonly Column[] = [
  { title: 'what', width: -34, cell: ({ what }) => what },
  { title: 'stored', width: 8, cell: ({ stored }) => stored },
  { title: 'keys', width: -7, cell: ({ keys }) => keys },
  { title: 'who', width: -22, cell: ({ who }) => who },
  { title: 'CPU µs', width: 8, cell: ({ cpuMicros }) => measured(cpuMicros) },
  { title: 'ratio', width: 6, cell: ({ ratio }) => fixed(ratio, 2) },
  { title: 'goal', width: 7, cell: goalOf },
  { title: 'per s', width: 8, cell: ({ perSecond }) => measured(perSecond) },
  { title: 'p50 ms', width: 8, cell: ({ p50Ms }) => fixed(p50Ms, 2) },
  { title: 'p99 ms', width: 8, cell: ({ p99Ms }) => fixed(p99Ms, 2) },
  { title: 'MiB', width: 6, cell: ({ memoryMiB }) => fixed(memoryMiB, 0) },
  { title: 'peak', width: 6, cell: ({ peakMiB }) => fixed(peakMiB, 0) },
  { title: 'note', width: -1, cell: ({ note }) => note },
];

function goalOf({ goal, ratio }: Row): string | undefined {
  if (goal === undefined) return undefined;
  return `${goal}${ratio !== undefined && ratio <= goal ? ' ok' : ' --'}`;
}

export const HEAD = line(({ title }) => title);
export const formatRow = (row: Row): string => line(({ cell }) => cell(row));

function line(cellOf: (column: Column) => string | number | undefined): string {
  const cells = COLUMNS.map((column) => {
    const text = String(cellOf(column) ?? '');
    return column.width < 0 ? text.padEnd(-column.width) : text.padStart(column.width);
  });
  return cells.join('  ').trimEnd();
}

export function formatTable({ machine, versions, at, rows, skipped }: Result): string {
  const lines = [`${machine}, ${versions}, ${at.slice(0, 10)}`, '', HEAD, ...rows.map(formatRow)];
  if (skipped.length > 0) lines.push('', ...skipped);
  return `${lines.join('\n')}\n`;
}

/** Nothing by which the machine could be found: what matters is what it can do. */
export function describeMachine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} virtual cores (${process.arch === 'x64' ? 'x86-64' : process.arch}), ${gib} GiB, shared`;
}

const MARKED = /(<!-- latest table -->\n)[\s\S]*(<!-- end of the latest table -->)/;

export function writeResult(file: string, result: Result): void {
  if (file.endsWith('.json')) return writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  const table = formatTable(result);
  const page = file.endsWith('.md') && existsSync(file) ? readFileSync(file, 'utf8') : '';
  const fenced = `\`\`\`text\n${table}\`\`\`\n`;
  writeFileSync(file, MARKED.test(page) ? page.replace(MARKED, (_, from, to) => `${from}${fenced}${to}`) : table);
}
