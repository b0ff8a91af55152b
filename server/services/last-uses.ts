// When tokens and sessions were used last, on the way into the store: noted by whoever saw it, written a few times a minute.
import type { Instant } from '../domain/instant.ts';

export type LastUses = {
  note(key: string, at: Instant): void;
  /** As noted and not written yet. */
  of(key: string): Instant | undefined;
  forget(key: string): void;
  /** Writes what was noted since the last flush; where that fails, the next one tries again. */
  flush(): Promise<void>;
};

/** Exact enough for people, and saves a write per request. */
export const USE_GRAIN_MS = 60_000;

export function createLastUses(
  write: (uses: readonly (readonly [key: string, at: Instant])[]) => Promise<void>,
): LastUses {
  const uses = new Map<string, Instant>();
  return {
    note: (key, at) => void uses.set(key, at),
    of: (key) => uses.get(key),
    forget: (key) => void uses.delete(key),

    async flush() {
      const noted = [...uses];
      if (noted.length === 0) return;
      await write(noted);
      // Only now, and only what was written: until then what is remembered here counts.
      for (const [key, at] of noted) if (uses.get(key) === at) uses.delete(key);
    },
  };
}
