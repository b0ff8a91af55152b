// The closed list of what is written to the audit log, always in the transaction of the change itself.
import type { Instant } from './instant.ts';
import type { Actor } from './principal.ts';

export const AUDIT_ACTIONS = [
  'signature.stored',
  'signature.withdrawn',
  'key.registered',
  'key.updated',
  'key.retired',
  'key.reactivated',
  'key.revoked',
  'token.created',
  'token.exchanged',
  'token.revoked',
  'publisher.added',
  'publisher.removed',
  'alias.added',
  'alias.removed',
  'user.created',
  'user.role_changed',
  'user.password_changed',
  'user.removed',
  'session.created',
  'session.refused',
  'session.ended',
  'store.restored',
  'store.repaired',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditEvent = {
  readonly at: Instant;
  readonly actor: Actor;
  readonly action: AuditAction;
  /** What was changed: `<repository>@sha256=<hex>`, a fingerprint, the id of a token or publisher, the path of an alias, a user name, or `store`. */
  readonly subject: string;
  /** Never a secret, never a payload. */
  readonly detail: Readonly<Record<string, string | number | readonly string[] | null>>;
};

/** A row of the log: `hash` is SHA-256 over the row and the hash before it. */
export type AuditRow = AuditEvent & { readonly seq: number; readonly previous: string; readonly hash: string };
