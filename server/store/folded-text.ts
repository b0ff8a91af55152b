// Part of a text, whatever the case of its letters, inside a query. SQLite folds A to Z alone, and fast; what else is typed is
// folded as JavaScript does.
import type { Db } from './database.ts';

const FOLD = 'folded';

export function addFoldFunction(db: Db): void {
  db.function(FOLD, { deterministic: true }, (text: unknown) => String(text).toLowerCase());
}

/** Whether an expression contains the text bound as `q`; true where that is null. Needs `foldedText` among the values. */
export const contains = (expression: string, q = '@q') =>
  `instr(CASE WHEN @ascii THEN lower(${expression}) ELSE ${FOLD}(${expression}) END, ${q}) > 0`;

/** What to bind: the text, the same inside a JSON string, and how to fold. */
export function foldedText(q: string | undefined): { q: string | null; json: string | null; ascii: 0 | 1 } {
  if (q === undefined) return { q: null, json: null, ascii: 1 };
  const folded = q.toLowerCase();
  const ascii = /^[\x20-\x7e]*$/.test(folded) ? 1 : 0;
  return { q: folded, json: JSON.stringify(folded).slice(1, -1), ascii };
}
