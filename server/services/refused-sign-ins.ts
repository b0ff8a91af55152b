// Who failed to sign in, on its way into the audit log. Written only for attempts whose password was looked at: those
// that the waits turn away guess nothing, come as fast as somebody can send, and would bury the log, whose rows stay
// for good. What is written is bounded by the waits: about two rows a minute for each user. Names of nobody have no
// such bound, since there are as many as one likes, so those are gathered into one row with their number.
import type { Instant } from '../domain/instant.ts';
import type { Log } from '../ops/log.ts';
import type { World } from '../ops/world.ts';
import type { RefusedSignIn } from '../store/people-port.ts';
import type { Store } from '../store/port.ts';

export type RefusedSignIns = {
  /** Does not wait until it is written: the time of an answer would tell known names from unknown ones. */
  note(refused: Pick<RefusedSignIn, 'user' | 'occasion'> & { readonly address: string }): void;
  /** Resolves when all that was noted is written. */
  flush(): Promise<void>;
};

/** The first attempt on a name of nobody is written at once, those of the time after it together. */
const GATHERED_MS = 30_000;

export function createRefusedSignIns(store: Store, world: World, log: Log): RefusedSignIns {
  const writing = new Set<Promise<void>>();
  let gathered: RefusedSignIn | null = null;
  let gatheringUntil = 0 as Instant;

  function write(refused: RefusedSignIn): void {
    const written = store
      .recordRefusedSignIn(refused)
      .catch((error) => log.error('sign_in.not_recorded', { user: refused.user, cause: String(error) }))
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  function writeGathered(): void {
    if (gathered === null) return;
    write(gathered);
    gathered = null;
    gatheringUntil = (world.now() + GATHERED_MS) as Instant;
  }

  return {
    note({ user, occasion, address }) {
      const refused = { user, occasion, address, attempts: 1, at: world.now() };
      if (user !== null) return write(refused);
      gathered = gathered === null ? refused : together(gathered, refused);
      if (world.now() >= gatheringUntil) writeGathered();
    },

    async flush() {
      writeGathered();
      await Promise.all(writing);
    },
  };
}

function together(one: RefusedSignIn, other: RefusedSignIn): RefusedSignIn {
  const address = one.address === other.address ? one.address : null;
  return { ...other, address, attempts: one.attempts + other.attempts };
}
