// Arrow keys lead from the search box through the results and back, in the order in which they stand.
import { type RefObject, useEffect } from 'react';

const STOPS = 'input, [data-stop]';

/** The box is the first stop, elements with `data-stop` are the others. Escape leads back to the box. */
export function useArrowKeys(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = frame.current;
    const move = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
      const stops = [...(element?.querySelectorAll<HTMLElement>(STOPS) ?? [])];
      const at = document.activeElement instanceof HTMLElement ? stops.indexOf(document.activeElement) : -1;
      if (at < 0) return;
      const next = { ArrowDown: at + 1, ArrowUp: at - 1, Escape: at === 0 ? -1 : 0 }[event.key] ?? -1;
      const stop = stops[next];
      if (stop === undefined) return;
      event.preventDefault();
      stop.focus();
    };
    element?.addEventListener('keydown', move);
    return () => element?.removeEventListener('keydown', move);
  }, [frame]);
}
