// What the audit log records, as the API and the command line call it.
import type { AuditAction } from '../../api/schema.ts';

/** A record, so that an action that the API has and the list has not does not compile. */
const EACH: Readonly<Record<AuditAction, true>> = {
  'signature.stored': true,
  'signature.withdrawn': true,
  'key.registered': true,
  'key.updated': true,
  'key.retired': true,
  'key.reactivated': true,
  'key.revoked': true,
  'token.created': true,
  'token.exchanged': true,
  'token.revoked': true,
  'publisher.added': true,
  'publisher.removed': true,
  'alias.added': true,
  'alias.removed': true,
  'user.created': true,
  'user.role_changed': true,
  'user.password_changed': true,
  'user.removed': true,
  'session.created': true,
  'session.refused': true,
  'session.ended': true,
  'store.restored': true,
  'store.repaired': true,
};

export const ACTIONS = Object.keys(EACH) as readonly AuditAction[];
