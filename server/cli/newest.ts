// Lists of which the newest rows are shown, as many as somebody asked for.
import { collected, parseNumber } from './context.ts';
import type { Terminal } from './terminal.ts';

type Page<T> = (
  limit: number,
  before: number | null,
) => Promise<{ readonly items: readonly T[]; readonly next: number | null }>;

export type Newest<T> = { readonly items: readonly T[]; readonly hasMore: boolean };

/** One more is read than is shown, to know whether there are more. */
export async function newestOf<T>(limit: string, page: Page<T>): Promise<Newest<T>> {
  const most = parseNumber(limit, '--limit');
  const items = await collected(most + 1, page);
  return { items: items.slice(0, most), hasMore: items.length > most };
}

export function sayMore({ hasMore }: Newest<unknown>, what: string, terminal: Terminal): void {
  if (hasMore) terminal.err(`older ${what} are left out; --limit NUMBER shows more`);
}
