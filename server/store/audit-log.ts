// The audit log: appended to inside the transaction of each change, each row hashed together with the hash before
// it. It makes edits and removals evident to `audit verify`; it cannot stop somebody who rewrites the whole chain
// and the head, which is why verify prints the head for safe keeping elsewhere (SECURITY.md).
import { createHash } from 'node:crypto';
import type { AuditAction, AuditEvent, AuditRow } from '../domain/audit-event.ts';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Actor } from '../domain/principal.ts';
import type { Db } from './database.ts';
import type { AuditFilter, AuditHead, Page } from './port.ts';

type Row = {
  seq: number;
  at: number;
  actor: string;
  action: string;
  subject: string;
  detail: string;
  previous: Buffer;
  hash: Buffer;
};

type Chained = Omit<Row, 'previous' | 'hash'>;

function chainHash(previous: Buffer, row: Chained): Buffer {
  const text = JSON.stringify([row.seq, row.at, row.actor, row.action, row.subject, row.detail]);
  return createHash('sha256').update(previous).update(text).digest();
}

/** Only to be called inside a transaction. */
export function createAuditAppend(db: Db): (event: AuditEvent) => void {
  const head = db.prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM audit_head');
  const insert = db.prepare(`
    INSERT INTO audit (seq, at, actor, action, subject, detail, previous, hash)
    VALUES (@seq, @at, @actor, @action, @subject, @detail, @previous, @hash)`);
  const advance = db.prepare('UPDATE audit_head SET seq = ?, hash = ?');
  return (event) => {
    if (!db.inTransaction) throw new AppError('INTERNAL', 'an audit row outside a transaction');
    const last = head.get();
    if (!last) throw new AppError('AUDIT_BROKEN', 'the head of the audit log is missing; run `lookaside audit verify`');
    const row = {
      seq: last.seq + 1,
      at: event.at,
      actor: JSON.stringify(event.actor),
      action: event.action,
      subject: event.subject,
      detail: JSON.stringify(event.detail),
    };
    const hash = chainHash(last.hash, row);
    insert.run({ ...row, previous: last.hash, hash });
    advance.run(row.seq, hash);
  };
}

export function createAuditReads(db: Db) {
  const list = db.prepare<
    { before: number; limit: number; subject: string | null; action: string | null; actor: string | null },
    Row
  >(`
    SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit
     WHERE seq < @before
       AND (@subject IS NULL OR subject = @subject)
       AND (@action IS NULL OR action = @action)
       AND (@actor IS NULL OR @actor IN (actor ->> 'id', actor ->> 'name'))
     ORDER BY seq DESC LIMIT @limit`);
  const all = db.prepare<[], Row>(
    'SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit ORDER BY seq',
  );
  const head = db.prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM audit_head');
  const hashAt = db.prepare<[number], { hash: Buffer }>('SELECT hash FROM audit WHERE seq = ?');

  return {
    list: ({ subject, action, actor }: AuditFilter, { limit, before }: Page): AuditRow[] =>
      list
        .all({
          before: before ?? Number.MAX_SAFE_INTEGER,
          limit,
          subject: subject ?? null,
          action: action ?? null,
          actor: actor ?? null,
        })
        .map(auditRow),

    /** The state of the log; with `known`, a head noted earlier, also that the log still grows out of it. */
    verify: (known: AuditHead | null = null): AuditHead =>
      // One snapshot, so that rows appended meanwhile do not look like tampering.
      db.transaction(() => {
        const end = verifyChain(all.iterate(), head.get());
        if (known !== null && known.seq > 0 && hashAt.get(known.seq)?.hash.toString('hex') !== known.hash)
          throw broken(known.seq, 'is not the row that was noted; the log was rewritten since');
        return end;
      })(),
  };
}

function verifyChain(rows: Iterable<Row>, head: { seq: number; hash: Buffer } | undefined): AuditHead {
  let last: { seq: number; hash: Buffer } = { seq: 0, hash: Buffer.alloc(32) };
  for (const row of rows) {
    if (row.seq !== last.seq + 1) throw broken(last.seq + 1, 'is missing');
    if (!row.previous.equals(last.hash))
      throw broken(row.seq, 'does not continue the row before it, which was edited or replaced');
    if (!row.hash.equals(chainHash(last.hash, row))) throw broken(row.seq, 'was edited');
    last = { seq: row.seq, hash: row.hash };
  }
  if (!head || head.seq !== last.seq || !head.hash.equals(last.hash))
    throw broken(
      last.seq + 1,
      `is missing: the log was cut after row ${last.seq}, its head says ${head?.seq ?? 'nothing'}`,
    );
  return { seq: last.seq, hash: last.hash.toString('hex') };
}

function broken(seq: number, how: string): AppError {
  return new AppError('AUDIT_BROKEN', `the audit log has been changed: row ${seq} ${how}; compare it with a backup`);
}

function auditRow(row: Row): AuditRow {
  return {
    seq: row.seq,
    at: row.at as Instant,
    actor: JSON.parse(row.actor) as Actor,
    action: row.action as AuditAction,
    subject: row.subject,
    detail: JSON.parse(row.detail) as AuditEvent['detail'],
    previous: row.previous.toString('hex'),
    hash: row.hash.toString('hex'),
  };
}
