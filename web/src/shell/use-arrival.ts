// What a page load does by itself and a page change in the browser does not: focus and scroll position.
import { useEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';
import { HEADING_ID } from '../parts/page-header.tsx';

export const MAIN_ID = 'main';

/** Moves the focus to the heading, so that a screen reader says where one has come, and scrolls as a browser would. */
export function useArrival(): void {
  const { key, pathname } = useLocation();
  const type = useNavigationType();
  const before = useRef({ key, pathname });
  const positions = useRef(new Map<string, number>());
  useEffect(() => {
    const main = document.getElementById(MAIN_ID);
    const remember = () => positions.current.set(before.current.key, main?.scrollTop ?? 0);
    main?.addEventListener('scroll', remember, { passive: true });
    return () => main?.removeEventListener('scroll', remember);
  }, []);
  useEffect(() => {
    const left = before.current;
    if (left.key === key) return;
    before.current = { key, pathname };
    const main = document.getElementById(MAIN_ID);
    if (main === null) return;
    const isOtherPage = left.pathname !== pathname;
    // A field the page has put the focus into keeps it, and so does a filter that changed only the query.
    const isHeld = main !== document.activeElement && main.contains(document.activeElement);
    if (!isHeld && (isOtherPage || document.activeElement === document.body))
      document.getElementById(HEADING_ID)?.focus({ preventScroll: true });
    const position = type === 'POP' ? (positions.current.get(key) ?? 0) : 0;
    if (isOtherPage || type === 'POP') main.scrollTop = position;
  }, [key, pathname, type]);
}
