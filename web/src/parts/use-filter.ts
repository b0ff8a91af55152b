// What a list is narrowed to, kept in the address. Another filter begins at the first page again.
import { useSearchParams } from 'react-router';

/** Undefined when it is not set: as the query of an operation wants it. */
export function useFilter(name: string): readonly [string | undefined, (value: string | undefined) => void] {
  const [search, setSearch] = useSearchParams();
  const set = (value: string | undefined) =>
    setSearch(
      () => {
        // Of the address itself: another filter may have changed it since the page was drawn.
        const after = new URLSearchParams(window.location.search);
        after.delete('cursor');
        if (value === undefined || value === '') after.delete(name);
        else after.set(name, value);
        return after;
      },
      { replace: true },
    );
  return [search.get(name) || undefined, set];
}
