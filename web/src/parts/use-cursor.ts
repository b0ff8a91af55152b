// Where in a list one is, kept in the address: pages can be linked to, and back and forward work.
import { useLocation, useSearchParams } from 'react-router';

export type Cursor = {
  /** For the query of the operation; undefined on the first page. */
  readonly cursor: string | undefined;
  /** 1 for the first page; null when somebody came by a link and nobody knows. */
  readonly number: number | null;
  readonly goOn: (next: string) => void;
  /** Undefined on the first page, and when the page before is not known. */
  readonly goBack: (() => void) | undefined;
  readonly goFirst: () => void;
};

/** A keyset has no page numbers and no way back, so the way here travels with the history entry. */
function readTrail(state: unknown, name: string): readonly string[] | null {
  if (typeof state !== 'object' || state === null) return null;
  const trail: unknown = Reflect.get(state, `trail:${name}`);
  return Array.isArray(trail) && trail.every((each) => typeof each === 'string') ? trail : null;
}

/** `name` is another one for the second list of a page. */
export function useCursor(name = 'cursor'): Cursor {
  const [search, setSearch] = useSearchParams();
  const { state } = useLocation();
  const cursor = search.get(name) ?? undefined;
  const trail = cursor === undefined ? [] : readTrail(state, name);
  const go = (to: string, way: readonly string[] | null) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (to === '') after.delete(name);
        else after.set(name, to);
        return after;
      },
      { state: way === null ? null : { ...(state as object | null), [`trail:${name}`]: way } },
    );
  return {
    cursor,
    number: trail === null ? null : trail.length + 1,
    goOn: (next) => go(next, trail === null ? null : [...trail, cursor ?? '']),
    goBack: trail === null || trail.length === 0 ? undefined : () => go(trail.at(-1) ?? '', trail.slice(0, -1)),
    goFirst: () => go('', []),
  };
}
