// The audit log, as admins read it.
import type { AuditRow } from '../domain/audit-event.ts';
import { type Principal, requirePermission, requireScopes } from '../domain/principal.ts';
import { EVERYTHING } from '../domain/scope.ts';
import type { AuditFilter, AuditHead, Page, Store } from '../store/port.ts';

export type AuditLog = {
  list(filter: AuditFilter, page: Page, principal: Principal): Promise<AuditRow[]>;
  verify(known: AuditHead | null, principal: Principal): Promise<AuditHead>;
};

/** The log names every repository, so it is for those whose scopes are everything. */
export function createAuditLog(store: Store): AuditLog {
  function requireAll(principal: Principal): void {
    requirePermission(principal, 'admin');
    requireScopes(principal, [EVERYTHING]);
  }
  return {
    async list(filter, page, principal) {
      requireAll(principal);
      return store.listAudit(filter, page);
    },
    async verify(known, principal) {
      requireAll(principal);
      return store.verifyAudit(known);
    },
  };
}
