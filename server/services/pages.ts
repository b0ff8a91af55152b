// A list that comes in pages, from its first to its last. A page is a bounded look at the rows: it can be short, even empty,
// before the end.
import type { Slice } from '../store/port.ts';

/** The next page is asked for when it is: whoever has enough stops. */
export async function* pagesOf<T, C>(
  read: (after: C | null) => Promise<Slice<T, C>>,
): AsyncGenerator<readonly T[], void> {
  let after: C | null = null;
  do {
    const { items, next }: Slice<T, C> = await read(after);
    yield items;
    after = next;
  } while (after !== null);
}
