// The audit log, as admins read it, and whether its chain holds.
import type { AuditRow } from '../domain/audit-event.ts';
import { AppError, toAppError } from '../domain/errors.ts';
import { type Principal, requirePermission, requireScopes, SEE } from '../domain/principal.ts';
import { EVERYTHING } from '../domain/scope.ts';
import type { World } from '../ops/world.ts';
import { GENESIS } from '../store/audit-log.ts';
import type { AuditFilter, AuditHead, Page, Slice, Store } from '../store/port.ts';
import { pagesOf } from './pages.ts';

export type AuditStatus = {
  readonly head: AuditHead;
  readonly state: 'checking' | 'intact' | 'broken';
  /** Rows of the chain checked so far. */
  readonly checkedTo: number;
  readonly problem: string | null;
};

export type AuditLog = {
  list(filter: AuditFilter, page: Page, principal: Principal): Promise<Slice<AuditRow>>;
  /** Oldest first, some thousand rows of the log at a time. */
  export(filter: AuditFilter, principal: Principal): AsyncGenerator<readonly AuditRow[]>;
  /** The head of the log. Throws AUDIT_BROKEN naming the first row that does not fit, or that is not `known` any more. */
  verify(known: AuditHead | null, principal: Principal): Promise<AuditHead>;
  /** How the chain is doing. A long one is checked in the background; what was checked is looked at again in a while. */
  status(principal: Principal): Promise<AuditStatus>;
};

/** How old a check of the whole chain may be. */
const RECHECK_MS = 10 * 60 * 1000;

/** The log names every repository, so it is for those whose scopes are everything. */
export function createAuditLog(store: Store, world: World): AuditLog {
  let checked = GENESIS;
  let state: AuditStatus['state'] = 'checking';
  let problem: string | null = null;
  let startedAt = world.now();
  let running: Promise<void> | null = null;
  /** The whole is being looked at anew; until that is done the former verdict stands. */
  let again = false;
  /** A break was found: nothing behind it can be told. */
  let ended = false;

  /** The next slice, and in the background those after it. */
  async function check(): Promise<void> {
    try {
      const { done, ...reached } = await store.verifyAudit(checked);
      checked = reached;
      if (!done) {
        // What was intact stays so until the whole was looked at again; new rows are not yet.
        if (!again) state = 'checking';
        return void setImmediate(resume);
      }
      [state, problem, again] = ['intact', null, false];
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code !== 'AUDIT_BROKEN') throw error;
      [state, problem, again] = ['broken', failure.message, false];
      ended = true;
    }
  }

  function resume(): Promise<void> {
    running ??= check().finally(() => {
      running = null;
    });
    running.catch(() => {}); // a fault of the store is told to whoever asks next
    return running;
  }

  return {
    async list(filter, page, principal) {
      requireAll(principal);
      return store.listAudit(filter, page);
    },

    async *export(filter, principal) {
      requireAll(principal);
      yield* pagesOf((after: number | null) => store.exportAudit(filter, after ?? 0));
    },

    async verify(known, principal) {
      requireAll(principal);
      return verifyChain(store, known);
    },

    async status(principal) {
      requireAll(principal);
      // Either way: the clock may have been set back.
      if (running === null && Math.abs(world.now() - startedAt) > RECHECK_MS) {
        startedAt = world.now();
        [checked, again, ended] = [GENESIS, state !== 'checking', false];
      }
      if (!ended) await resume();
      return { head: await store.auditHead(), state, checkedTo: checked.seq, problem };
    },
  };
}

/** The whole chain, and with `known`, a head noted earlier, that it still grows out of it. Throws AUDIT_BROKEN. */
export async function verifyChain(
  store: Pick<Store, 'verifyAudit' | 'auditHash'>,
  known: AuditHead | null,
): Promise<AuditHead> {
  let reached: AuditHead & { readonly done?: boolean } = GENESIS;
  while (!reached.done) reached = await store.verifyAudit(reached);
  if (known !== null && known.seq > 0 && (await store.auditHash(known.seq)) !== known.hash)
    throw new AppError(
      'AUDIT_BROKEN',
      `the audit log has been changed: row ${known.seq} is not the row that was noted; the log was rewritten since; compare it with a backup`,
    );
  return { seq: reached.seq, hash: reached.hash };
}

function requireAll(principal: Principal): void {
  requirePermission(principal, ...SEE);
  requireScopes(principal, [EVERYTHING]);
}
