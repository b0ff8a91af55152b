// What has been committed since the last look, by this process or another. `PRAGMA data_version` moves when any
// other connection commits, which costs a reader two system calls to see; the audit log then says what changed.
// Valid because whoever looks never writes on the same connection.
import { AUDIT_ACTIONS, type AuditAction } from '../domain/audit-event.ts';
import { DOCKER_HUB } from '../domain/repository-name.ts';
import { type Image, parseTarget } from '../domain/slot.ts';
import type { Db } from './database.ts';

/** More than this at once and a reader does better to forget everything. */
const MOST = 1_000;

const TOUCHES: Record<AuditAction, 'image' | 'everything' | 'aliases' | 'nothing'> = {
  'signature.stored': 'image',
  'signature.withdrawn': 'image',
  'key.registered': 'nothing',
  'key.updated': 'nothing',
  'key.retired': 'nothing',
  'key.reactivated': 'nothing',
  'key.revoked': 'everything',
  'token.created': 'nothing',
  'token.exchanged': 'nothing',
  'token.revoked': 'nothing',
  'publisher.added': 'nothing',
  'publisher.removed': 'nothing',
  'alias.added': 'aliases',
  'alias.removed': 'aliases',
  'user.created': 'nothing',
  'user.role_changed': 'nothing',
  'user.password_changed': 'nothing',
  'user.removed': 'nothing',
  'session.created': 'nothing',
  'session.refused': 'nothing',
  'session.ended': 'nothing',
  'store.restored': 'everything',
  'store.repaired': 'everything',
};

/** `aliasesOutdated` is told when they may have changed. */
export function createChanges(db: Db, aliasesOutdated: () => void = () => {}): () => readonly Image[] | 'everything' {
  const version = db.prepare<[], number>('PRAGMA data_version').pluck();
  const last = db.prepare<[], number>('SELECT seq FROM audit_head').pluck();
  const since = db.prepare<[number], { seq: number; action: AuditAction; subject: string }>(
    `SELECT seq, action, subject FROM audit WHERE seq > ? ORDER BY seq LIMIT ${MOST}`,
  );
  let seenVersion = version.get();
  let seenSeq = last.get() ?? 0;
  const nothing: readonly Image[] = [];

  return () => {
    const now = version.get();
    if (now === seenVersion) return nothing;
    const rows = since.all(seenSeq);
    seenVersion = now;
    if (rows.length === MOST) {
      aliasesOutdated();
      seenSeq = last.get() ?? seenSeq;
      return 'everything';
    }
    seenSeq = rows.at(-1)?.seq ?? seenSeq;
    // An action this version does not know, written by a newer one: forget everything, to be safe.
    const touched = rows.map((row) => (AUDIT_ACTIONS.includes(row.action) ? TOUCHES[row.action] : 'everything'));
    if (touched.some((what) => what === 'aliases' || what === 'everything')) aliasesOutdated();
    if (touched.includes('everything')) return 'everything';
    return rows.filter((_, index) => touched[index] === 'image').map((row) => parseTarget(row.subject, DOCKER_HUB));
  };
}
