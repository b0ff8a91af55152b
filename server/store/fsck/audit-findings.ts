// The audit log and what it tells of, compared both ways: the chain as a whole, each signature with the event of its
// acceptance, each withdrawal with its own. Ids and rows of the log grow together, so two walks side by side see all.
import { AppError } from '../../domain/errors.ts';
import type { Finding } from '../../domain/finding.ts';
import { createAuditReads, GENESIS } from '../audit-log.ts';
import type { Db } from '../database.ts';
import type { AuditHead } from '../port.ts';
import type { FindingPage } from './catalogue-findings.ts';

export type ChainVerdict = { readonly head: AuditHead } | { readonly finding: Finding };

/** Some thousand rows with each call: how far they were in order, or at the end the verdict. */
export function createChainCheck(db: Db): () => ChainVerdict | number {
  const { verify } = createAuditReads(db);
  const slice = db.transaction((from: AuditHead) => verify(from));
  let reached: AuditHead = GENESIS;
  return () => {
    try {
      const { done, ...head } = slice(reached);
      reached = head;
      return done ? { head } : head.seq;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'AUDIT_BROKEN') throw error;
      return { finding: { code: 'audit.broken', subject: `after row ${reached.seq}`, problem: error.message } };
    }
  };
}

/** Rows of the log in one read. */
const SLICE = 2_000;

type Event = { seq: number; action: string; subject: string; detail: string };
type Told = { id?: number; sha256?: string; signer?: string; reference?: string; reason?: string };
type Row = { id: number; subject: string; sha256: string; signer: string; reference: string };
type Withdrawal = { withdrawn_at: number | null; withdrawn_reason: string | null };

/** The image of a signature as the log names it. */
const SUBJECT = "repository || '@' || replace(digest, ':', '=')";

export type AuditSlice = { readonly findings: readonly Finding[]; readonly seq: number; readonly done: boolean };

/** Signatures against the log, SLICE rows of it with each call. */
export function createStoredCheck(db: Db): () => AuditSlice {
  const events = db.prepare<[number], Event>(
    `SELECT seq, action, subject, detail FROM audit WHERE seq > ? ORDER BY seq LIMIT ${SLICE}`,
  );
  const rows = db.prepare<[number, number], Row>(`
    SELECT id, ${SUBJECT} AS subject, lower(hex(sha256)) AS sha256, signer, reference
      FROM signatures WHERE id > ? AND id <= ? ORDER BY id`);
  const withdrawal = db.prepare<[number], Withdrawal>(
    'SELECT withdrawn_at, withdrawn_reason FROM signatures WHERE id = ?',
  );
  let seq = 0;
  let id = 0;

  return db.transaction((): AuditSlice => {
    const slice = events.all(seq);
    const done = slice.length < SLICE;
    const told = (action: string) =>
      slice
        .filter((event) => event.action === action)
        .map((event) => ({ ...event, ...(JSON.parse(event.detail) as Told) }));
    const stored = told('signature.stored');
    const upTo = done ? Number.MAX_SAFE_INTEGER : (stored.at(-1)?.id ?? id);
    const findings = merged(stored, rows.iterate(id, upTo));
    for (const event of told('signature.withdrawn')) {
      const row = withdrawal.get(event.id ?? 0);
      if (row && (row.withdrawn_at === null || row.withdrawn_reason !== event.reason))
        findings.push(
          differs(event.id, 'the audit log has its withdrawal, and it is not withdrawn, or for another reason'),
        );
    }
    seq = slice.at(-1)?.seq ?? seq;
    id = Math.max(id, stored.at(-1)?.id ?? id);
    return { findings, seq, done };
  });
}

function merged(stored: readonly (Event & Told)[], rows: Iterable<Row>): Finding[] {
  const findings: Finding[] = [];
  const waiting = [...stored];
  for (const row of rows) {
    while (waiting[0] && (waiting[0].id ?? 0) < row.id) findings.push(missing(waiting.shift() as Event & Told));
    const event = waiting[0]?.id === row.id ? waiting.shift() : undefined;
    if (!event) findings.push(unaudited(row.id, 'the audit log has nothing of its acceptance'));
    else if (
      event.subject !== row.subject ||
      event.sha256 !== row.sha256 ||
      event.signer !== row.signer ||
      event.reference !== row.reference
    )
      findings.push(differs(row.id, `row ${event.seq} of the audit log tells of another image, key or content`));
  }
  return [...findings, ...waiting.map(missing)];
}

/** Withdrawn signatures whose withdrawal the log does not have, in pages; the id to go on from, or null at the end. */
export function createWithdrawnCheck(db: Db) {
  const page = db.prepare<[number], { id: number; told: 0 | 1 }>(`
    SELECT s.id, EXISTS (SELECT 1 FROM audit a WHERE a.subject = ${SUBJECT} AND a.action = 'signature.withdrawn'
                            AND a.detail ->> 'id' = s.id) AS told
      FROM signatures s WHERE s.withdrawn_at IS NOT NULL AND s.id > ? ORDER BY s.id LIMIT 500`);
  return (after: number): FindingPage => {
    const rows = page.all(after);
    const findings = rows
      .filter(({ told }) => told === 0)
      .map(({ id }) => unaudited(id, 'it is withdrawn, and the audit log does not say by whom'));
    return { findings, next: rows.at(-1)?.id ?? null };
  };
}

function missing({ id, seq, subject }: Event & Told): Finding {
  const problem = `row ${seq} of the audit log has its acceptance for ${subject}, and it is not there`;
  return { code: 'signature.missing', subject: `signature ${id}`, problem };
}

function unaudited(id: number, problem: string): Finding {
  return { code: 'signature.unaudited', subject: `signature ${id}`, problem };
}

function differs(id: number | undefined, problem: string): Finding {
  return { code: 'signature.differs', subject: `signature ${id}`, problem };
}
