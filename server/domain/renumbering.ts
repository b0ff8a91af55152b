// How the numbered files of one image come to hold another list while readers walk them: from 1 up, until the first that is
// missing. What is live before and after is found by every walk, at whatever moment it looks at which number:
//
// - Files are replaced from the lowest number up, by what stood above it. At each instant the list holds everything that
//   is to stay, some of it twice, and never ends early.
// - A walk may be overtaken: it has read 4 when 4 takes what stood at 5, and reads 5 when that holds another. So what
//   moves is first added once more behind the end, where such a walk still comes to.
// - Only when the walks that began before the last replacement are over (`linger`) does the end go, from the top down.
//
// The store itself has no such problem: it counts within one transaction. A walk across two of its states can miss one
// signature, as here it can when the list has no room for what is added.
import { LIMITS } from './limits.ts';

/** What a number holds on disk: a place in the wanted list, counted from 0, `foreign`, or null: no file. */
export type Found = number | 'foreign' | null;

export type Put = { readonly number: number; readonly wanted: number };

export type Renumbering = {
  /** Behind a gap, where nobody reads: to be removed before the gap is closed. */
  readonly hidden: readonly number[];
  readonly puts: readonly Put[];
  /** From the top down. */
  readonly removals: readonly number[];
  /** Whether walks may still need what the removals remove. */
  readonly linger: boolean;
};

/** `found[0]` is signature-1. `wanted` is the length of the list that is to be. */
export function planRenumbering(found: readonly Found[], wanted: number): Renumbering {
  const gap = found.indexOf(null);
  const dense = gap === -1 ? found.length : gap;
  const hidden = found.flatMap((what, index) => (index > dense && what !== null ? [index + 1] : []));
  const displaced = found.slice(0, dense).flatMap((what, index) => {
    if (typeof what !== 'number' || what === index || found[what] === what) return [];
    return [{ index, what }];
  });
  const end = Math.max(dense, wanted);
  // Where it stands is replaced, and where it comes to stand is not behind the present end anyway.
  const endangered = displaced.filter(({ index, what }) => index < wanted && what < dense);
  const again = [...new Set(endangered.map(({ what }) => what))].slice(0, LIMITS.signaturesPerImage - end);
  const last = end + again.length;
  return {
    hidden,
    puts: [
      ...range(dense, wanted).map((index) => ({ number: index + 1, wanted: index })),
      ...again.map((what, index) => ({ number: end + index + 1, wanted: what })),
      ...range(0, Math.min(dense, wanted))
        .filter((index) => found[index] !== index)
        .map((index) => ({ number: index + 1, wanted: index })),
    ],
    removals: range(wanted, last)
      .map((index) => index + 1)
      .reverse(),
    linger: displaced.length > 0,
  };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}
