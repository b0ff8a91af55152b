// The audit log: appended to inside the transaction of each change, each row hashed together with the hash before
// it. It makes edits and removals evident to `audit verify`; it cannot stop somebody who rewrites the whole chain
// and the head, which is why verify prints the head for safe keeping elsewhere (SECURITY.md).
import { hash } from 'node:crypto';
import type { AuditAction, AuditEvent, AuditRow } from '../domain/audit-event.ts';
import { AppError } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { Actor } from '../domain/principal.ts';
import type { Db } from './database.ts';
import type { AuditCheck, AuditFilter, AuditHead, Page, Slice } from './port.ts';
import { createSlices } from './slices.ts';

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
  return hash('sha256', Buffer.concat([previous, Buffer.from(text)]), 'buffer');
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

/** What the first row continues. */
export const GENESIS: AuditHead = { seq: 0, hash: '0'.repeat(64) };

const SELECT = 'SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit';

type Condition = keyof AuditFilter;

const CONDITIONS: Record<Condition, string> = {
  subject: 'a.subject = @subject',
  action: 'a.action = @action',
  actor: "@actor IN (a.actor ->> 'id', a.actor ->> 'name')",
  since: 'a.at >= @since',
  until: 'a.at < @until',
};

const TAIL = 'a.seq >= @first AND a.seq < @before ORDER BY a.seq DESC LIMIT @scan';

export function createAuditReads(db: Db) {
  const slice = createSlices(db);
  const some = db.prepare<[number, number], Row>(`${SELECT} WHERE seq > ? ORDER BY seq LIMIT ?`);
  const head = db.prepare<[], { seq: number; hash: Buffer }>('SELECT seq, hash FROM audit_head');
  const hashAt = db.prepare<[number], Buffer>('SELECT hash FROM audit WHERE seq = ?').pluck();
  const firstSince = db
    .prepare<[number], number>('SELECT thousand FROM audit_times WHERE latest >= ? ORDER BY thousand LIMIT 1')
    .pluck();
  const lastUntil = db
    .prepare<[number], number>('SELECT thousand FROM audit_times WHERE earliest < ? ORDER BY thousand DESC LIMIT 1')
    .pluck();

  /** Between which rows those of a window of time are: `first` is the first that may be one, `end` is behind the last. */
  function bounds({ since, until }: AuditFilter): { first: number; end: number } {
    const first = since === undefined ? 0 : firstSince.get(since);
    const last = until === undefined ? undefined : (lastUntil.get(until) ?? -1);
    return {
      first: first === undefined ? Number.MAX_SAFE_INTEGER : first * 1_000,
      end: last === undefined ? Number.MAX_SAFE_INTEGER : (last + 1) * 1_000,
    };
  }

  return {
    list(filter: AuditFilter, { limit, before }: Page): Slice<AuditRow> {
      const { settled, driver } = driverOf(filter);
      const { first, end } = bounds(filter);
      const question = {
        driver,
        select: `
          SELECT scanned.cursor, a.seq, a.at, a.actor, a.action, a.subject, a.detail, a.previous, a.hash
            FROM scanned CROSS JOIN audit a ON a.seq = scanned.cursor`,
        conditions: conditionsOf(filter, settled),
        values: { ...filter, first },
      };
      const found = slice<Row>(question, { limit, before: Math.min(before ?? Number.MAX_SAFE_INTEGER, end) });
      return { items: found.items.map(auditRow), next: found.next };
    },

    head: (): AuditHead => {
      const last = head.get();
      return { seq: last?.seq ?? 0, hash: last?.hash.toString('hex') ?? '' };
    },

    hashAt: (seq: number): string | null => hashAt.get(seq)?.toString('hex') ?? null,

    /**
     * Goes on from a row known to be right, SLICE rows at most. Rows are only ever appended, so slices read one after the
     * other make up the whole. Throws AUDIT_BROKEN naming the first row that does not fit. Only for one snapshot: a row
     * appended between two reads would look like tampering.
     */
    verify(from: AuditHead): AuditCheck {
      const rows = some.all(from.seq, SLICE);
      const end = verifyChain(rows, { seq: from.seq, hash: Buffer.from(from.hash, 'hex') });
      const done = rows.length < SLICE;
      if (done) requireHead(end, head.get());
      return { seq: end.seq, hash: end.hash.toString('hex'), done };
    },

    /** Oldest first, for an export: EXPORTED rows looked at. */
    after(filter: AuditFilter, after: number): Slice<AuditRow> {
      const { first, end } = bounds(filter);
      const from = Math.max(after, first - 1);
      const to = Math.min(from + EXPORTED, end - 1);
      const where = ['a.seq > @from', 'a.seq <= @to', ...conditionsOf(filter)];
      const items = db
        .prepare<unknown[], Row>(`${SELECT} a WHERE ${where.join(' AND ')} ORDER BY a.seq`)
        .all({ ...filter, from, to });
      return { items: items.map(auditRow), next: to < Math.min(head.get()?.seq ?? 0, end - 1) ? to : null };
    },
  };
}

/** Rows of the chain checked, or exported, at a time. */
const SLICE = 2_000;
/** Rows exported at a time: they pass through the thread of the read path, which must not wait for them. */
const EXPORTED = 200;

/** Of what a filter asks for, but for what is settled otherwise. */
function conditionsOf(filter: AuditFilter, settled: Condition | null = null): string[] {
  const given = (Object.keys(CONDITIONS) as Condition[]).filter((name) => filter[name] !== undefined);
  return given.filter((name) => name !== settled).map((name) => CONDITIONS[name]);
}

function driverOf(filter: AuditFilter): { settled: Condition | null; driver: string } {
  const simple = (where: string) => `SELECT a.seq FROM audit a ${where} AND ${TAIL}`;
  if (filter.subject !== undefined)
    return { settled: 'subject', driver: simple('INDEXED BY audit_by_subject WHERE a.subject = @subject') };
  if (filter.actor !== undefined) {
    const half = (member: string, where: string) =>
      `SELECT * FROM (${simple(`WHERE a.actor ->> '${member}' = @actor${where}`)})`;
    const driver = `${half('name', '')} UNION ${half('id', '')} ORDER BY 1 DESC LIMIT @scan`;
    return { settled: 'actor', driver };
  }
  if (filter.action !== undefined)
    return { settled: 'action', driver: simple('INDEXED BY audit_by_action WHERE a.action = @action') };
  return { settled: null, driver: simple('WHERE TRUE') };
}

function verifyChain(rows: readonly Row[], from: { seq: number; hash: Buffer }): { seq: number; hash: Buffer } {
  let last = from;
  for (const row of rows) {
    if (row.seq !== last.seq + 1) throw broken(last.seq + 1, 'is missing');
    if (!row.previous.equals(last.hash))
      throw broken(row.seq, 'does not continue the row before it, which was edited or replaced');
    if (!row.hash.equals(chainHash(last.hash, row))) throw broken(row.seq, 'was edited');
    last = { seq: row.seq, hash: row.hash };
  }
  return last;
}

function requireHead(last: { seq: number; hash: Buffer }, head: { seq: number; hash: Buffer } | undefined): void {
  if (!head || head.seq !== last.seq || !head.hash.equals(last.hash))
    throw broken(
      last.seq + 1,
      `is missing: the log was cut after row ${last.seq}, its head says ${head?.seq ?? 'nothing'}`,
    );
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
