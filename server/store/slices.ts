// Lists a page at a time, newest first, each page a bounded amount of work. An index finds rows in their order; what no
// index can answer is asked of those rows, at most LIMITS.scannedRows of them. A page may therefore be short, even
// empty, and still have a next one: a rare match costs more pages, never a slower one.
import { LIMITS } from '../domain/limits.ts';
import type { Db } from './database.ts';
import type { Page, Slice } from './port.ts';

export type Question = {
  /** Ids below @before in falling order, @scan of them: answered by an index alone. */
  readonly driver: string;
  /** Columns and joins around `scanned`, which has the ids as `cursor`. */
  readonly select: string;
  /** Asked of the rows found. */
  readonly conditions: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
};

/** Rows looked at where there are conditions. */
export const SCAN = LIMITS.scannedRows;

export function createSlices(db: Db) {
  return <Row extends object>(
    { driver, select, conditions, values }: Question,
    { limit, before }: Page,
    scan: number = SCAN,
  ): Slice<Row> => {
    // One row more than the page has tells whether there is another.
    const most = conditions.length > 0 ? scan : Math.min(limit + 1, scan);
    const bounds = { ...values, before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1, scan: most };
    // A CTE that is read once would be merged into the query, and with it the bound.
    const scanned = `WITH scanned (cursor) AS MATERIALIZED (${driver})`;
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const found = db
      .prepare<unknown[], Row & { cursor: number }>(
        `${scanned} ${select} ${where} ORDER BY scanned.cursor DESC LIMIT @limit`,
      )
      .all(bounds);
    const items = found.slice(0, limit);
    if (found.length > limit) return { items, next: items.at(-1)?.cursor ?? null };
    if (conditions.length === 0 && most > limit) return { items, next: null };
    const end = db
      .prepare<unknown[], { count: number; last: number }>(
        `${scanned} SELECT count(*) AS count, min(cursor) AS last FROM scanned`,
      )
      .get(bounds);
    return { items, next: end && end.count === most ? end.last : null };
  };
}

/** The rows of a page up to the one that makes their work more than a page may be; never none. */
export function upTo<Row extends { cursor: number }>(
  { items, next }: Slice<Row>,
  { work, most }: { work: (row: Row) => number; most: number },
): Slice<Row> {
  let done = 0;
  const end = items.findIndex((row) => {
    done += work(row);
    return done > most;
  });
  const kept = end === -1 ? items : items.slice(0, Math.max(end, 1));
  return { items: kept, next: kept.length < items.length ? (kept.at(-1)?.cursor ?? null) : next };
}

/** The first `limit` wanted rows of a list whose cursor is not a number, under the same bound. */
export function firstOf<Row>(
  rows: Iterable<Row>,
  { wanted, cursorOf, limit }: { wanted: (row: Row) => boolean; cursorOf: (row: Row) => string; limit: number },
): Slice<Row, string> {
  const items: Row[] = [];
  let looked = 0;
  let last: Row | undefined;
  for (const row of rows) {
    if (last !== undefined && (items.length === limit || looked === SCAN)) return { items, next: cursorOf(last) };
    if (wanted(row)) items.push(row);
    looked++;
    last = row;
  }
  return { items, next: null };
}
