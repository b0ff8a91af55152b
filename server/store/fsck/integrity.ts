// What SQLite itself says of the file: pages, indexes, constraints, foreign keys. Table by table, since each question is a
// read transaction that no checkpoint passes.
import type { Finding } from '../../domain/finding.ts';
import type { Db } from '../database.ts';

/** Messages for one table; what follows is more of the same. */
const MOST = 1_000;

/** What `quick_check` and `integrity_check` say of an index that differs from its table. */
const INDEX_WORDS: readonly RegExp[] = [
  /^row \d+ missing from index (\S+)$/,
  /^wrong # of entries in index (\S+)$/,
  /^row \d+ values differ from index (\S+)$/,
  /^rowid not at end-of-record for row \d+ of index (\S+)$/,
];
const ROW_WORDS = /constraint failed in (\S+)$|value in (\S+?)\.\S+$|^non-unique entry in index (\S+)$|^NUMERIC|^TEXT/;

/** Told before each of them, since one alone may take a minute. */
export type Step = (name: string, done: number, total: number) => void;

export function* integrityFindings(db: Db, step: Step): Generator<Finding> {
  const tables = db
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all();
  step('all pages', 0, tables.length + 1);
  const seen = new Set<string>();
  yield* classified(db, messages(db, `quick_check(${MOST})`), seen);
  for (const [index, table] of tables.entries()) {
    step(table, index + 1, tables.length + 1);
    yield* classified(db, messages(db, `integrity_check('${table.replaceAll("'", "''")}')`), seen);
  }
}

function messages(db: Db, pragma: string): string[] {
  const rows = db.pragma(pragma) as Record<string, string>[];
  // Several lines about pages come as one message.
  const lines = rows.flatMap((row) => String(Object.values(row)[0]).split('\n'));
  return lines.filter((line) => line !== 'ok' && !/^\*\*\* in database/.test(line));
}

/** One finding for each index or table, with its first message: a lost page would otherwise fill the screen. */
function* classified(db: Db, lines: readonly string[], seen: Set<string>): Generator<Finding> {
  const groups = new Map<string, { finding: Finding; count: number }>();
  for (const line of lines) {
    if (seen.has(line)) continue;
    seen.add(line);
    const finding = classify(db, line);
    const name = `${finding.code} ${finding.subject}`;
    groups.set(name, { finding: groups.get(name)?.finding ?? finding, count: (groups.get(name)?.count ?? 0) + 1 });
  }
  for (const { finding, count } of groups.values())
    yield count === 1 ? finding : { ...finding, problem: `${finding.problem}, and ${count - 1} more of the kind` };
}

function classify(db: Db, line: string): Finding {
  for (const words of INDEX_WORDS) {
    const [, index] = words.exec(line) ?? [];
    if (index !== undefined) return { code: 'index.wrong', subject: index, problem: line };
  }
  const row = ROW_WORDS.exec(line);
  if (row) return { code: 'row.invalid', subject: row[1] ?? row[2] ?? row[3] ?? 'a row', problem: line };
  const [, root] = /^Tree (\d+)/.exec(line) ?? [];
  return { code: 'file.damaged', subject: root === undefined ? 'the file' : treeOf(db, Number(root)), problem: line };
}

function treeOf(db: Db, root: number): string {
  const name = db.prepare<[number], string>('SELECT name FROM sqlite_schema WHERE rootpage = ?').pluck().get(root);
  return name ?? 'the file';
}

type Orphan = { table: string; rowid: number | null; parent: string };

/** One finding for each pair of tables. */
export function* foreignKeyFindings(db: Db): Generator<Finding> {
  const pairs = new Map<string, { first: Orphan; count: number }>();
  for (const row of db.prepare<[], Orphan>('PRAGMA foreign_key_check').iterate()) {
    const name = `${row.table} ${row.parent}`;
    pairs.set(name, { first: pairs.get(name)?.first ?? row, count: (pairs.get(name)?.count ?? 0) + 1 });
  }
  for (const { first, count } of pairs.values()) {
    const where = first.rowid === null ? '' : ` (the first is row ${first.rowid})`;
    const problem = `${count} of its rows name something that is not in ${first.parent}${where}`;
    yield { code: 'row.orphaned', subject: first.table, problem };
  }
}
