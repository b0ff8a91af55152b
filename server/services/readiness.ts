// Whether the store can be read and written: for load balancers, and for whoever is woken when it cannot.
import type { World } from '../ops/world.ts';
import type { Store } from '../store/port.ts';

/** How long a verdict holds: nobody without a token can make the store commit more often. */
const READY_MS = 1_000;

/** Resolves when the database can be read and written. */
export function createReadiness(store: Pick<Store, 'countLive' | 'probe'>, world: World): () => Promise<void> {
  let verdict = Promise.resolve();
  let askedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = world.now();
    // Either way: a clock that was set back by an hour must not make a verdict hold for an hour.
    if (Math.abs(now - askedAt) < READY_MS) return verdict;
    askedAt = now;
    verdict = store.countLive().then(() => store.probe());
    verdict.catch(() => {}); // whoever asks gets it
    return verdict;
  };
}
