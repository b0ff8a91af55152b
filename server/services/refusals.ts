// Refused uploads, remembered so that an admin can answer "why was that refused?" without the pipeline's log. They are
// written a second later, many at a time: a pipeline gone wrong must not make the store sync for every mistake.
import type { AppError } from '../domain/errors.ts';
import { stepOf } from '../domain/intake-step.ts';
import { type Principal, requirePermission, requireScopes, SEE } from '../domain/principal.ts';
import { EVERYTHING } from '../domain/scope.ts';
import type { Log } from '../ops/log.ts';
import type { World } from '../ops/world.ts';
import type { NewRefusal, Page, Refusal, RefusalFilter, Slice, Store } from '../store/port.ts';

export type Refusals = {
  /** Notes an upload that was refused for what it is; faults of ours are in the log. */
  note(error: AppError, target: string | null, principal: Principal): void;
  list(filter: RefusalFilter, page: Page, principal: Principal): Promise<Slice<Refusal>>;
  /** Done when all that was noted up to now is written. */
  flush(): Promise<void>;
};

/** Written at once when this many wait. */
const MOST_WAITING = 500;
/** Targets are a stranger's text, and messages quote it, or list the scopes of a token. */
const TEXT_SHOWN = 600;

export function createRefusals(store: Store, world: World, log: Log): Refusals {
  let waiting: NewRefusal[] = [];
  let written: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    if (waiting.length === 0) return;
    const noted = waiting;
    waiting = [];
    try {
      await store.recordRefusals(noted);
    } catch (error) {
      // They are for people to look at; the uploader has had the answer.
      log.warn('refusals.lost', { count: noted.length, cause: String(error) });
    }
  }

  /** One after the other: who waits for a flush waits for those that are on their way as well. */
  function flush(): Promise<void> {
    written = written.then(write);
    return written;
  }

  return {
    note({ code, message }, target, { actor }) {
      if (stepOf(code) === null && code !== 'PERMISSION_MISSING') return;
      waiting.push({
        at: world.now(),
        actor,
        code,
        detail: message.slice(0, TEXT_SHOWN),
        target: target?.slice(0, TEXT_SHOWN) ?? null,
      });
      if (waiting.length >= MOST_WAITING) void flush();
    },

    async list(filter, page, principal) {
      requirePermission(principal, ...SEE);
      requireScopes(principal, [EVERYTHING]); // targets name any repository
      await flush(); // whoever looks sees what happened up to now
      return store.listRefusals(filter, page);
    },

    flush,
  };
}
