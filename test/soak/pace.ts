// Work at a rate that does not depend on how fast it is answered, as that of many clients does not.
import { setTimeout as sleep } from 'node:timers/promises';

export type Pace = {
  /** Begins `action` so often, while fewer than `most` of it are under way. */
  start(perSecond: number, action: () => Promise<void>, most?: number): void;
  /** Ends it all, and waits for what is under way. */
  stop(): Promise<void>;
  /** What could not begin because too much was under way. */
  late(): number;
};

const TICK_MS = 20;
/** What takes longer will never end. */
const STUCK_MS = 60_000;

/** `failed` is told of an action that threw. */
export function createPace(failed: (error: unknown) => void): Pace {
  const timers: NodeJS.Timeout[] = [];
  const underWay = new Set<Promise<void>>();
  let late = 0;

  return {
    start(perSecond, action, most = 64) {
      const began = performance.now();
      let begun = 0;
      let running = 0;
      const tick = () => {
        const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
        for (; begun < due; begun++) {
          if (running >= most) {
            late++;
            continue;
          }
          running++;
          const one: Promise<void> = Promise.race([action(), stuck()])
            .catch(failed)
            .finally(() => {
              running--;
              underWay.delete(one);
            });
          underWay.add(one);
        }
      };
      timers.push(setInterval(tick, TICK_MS));
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      while (underWay.size > 0) await Promise.all(underWay);
    },
    late: () => late,
  };
}

async function stuck(): Promise<never> {
  await sleep(STUCK_MS, undefined, { ref: false });
  throw new Error(`no answer for ${STUCK_MS / 1000} seconds`);
}
