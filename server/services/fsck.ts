// `lookaside fsck`: everything that must hold of a store, looked at again. It runs beside a server: each question is a read
// of its own that sees one state, nobody waits for it, and it holds no more in memory than a page.
import { describeCause } from '../domain/errors.ts';
import { type Finding, kindOf } from '../domain/finding.ts';
import { type Db, openReader, storeError } from '../store/database.ts';
import {
  type ChainVerdict,
  createChainCheck,
  createStoredCheck,
  createWithdrawnCheck,
} from '../store/fsck/audit-findings.ts';
import {
  catalogueFindings,
  createImagesCheck,
  createListedCheck,
  type FindingPage,
  fullImages,
} from '../store/fsck/catalogue-findings.ts';
import { foreignKeyFindings, integrityFindings } from '../store/fsck/integrity.ts';
import { recordFindings } from '../store/fsck/record-findings.ts';
import { requireCurrentSchema, schemaFindings } from '../store/fsck/schema.ts';
import type { AuditHead } from '../store/port.ts';
import type { StorePlace } from './backup.ts';
import { keyFindings } from './key-findings.ts';
import { verifyAllAgain } from './verify-again-pool.ts';

export type Listener = {
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress: (doing: string, unit: string, done: number, total: number) => void;
};

export type Verdict = {
  readonly faults: number;
  readonly notes: number;
  readonly signatures: number;
  /** Null where the chain of the log does not hold. */
  readonly head: AuditHead | null;
};

type Emit = Listener['onFinding'];
type Progress = (unit: string, done: number, total: number) => void;
type Check = (emit: Emit, progress: Progress) => Promise<void>;

/** All checks, one after the other. Throws for a file that is no store of this version. */
export async function checkStore({ path, migrations }: StorePlace, listener: Listener): Promise<Verdict> {
  const verdict = { fault: 0, note: 0, signatures: 0, head: null as AuditHead | null };
  const emit = (finding: Finding) => {
    verdict[kindOf(finding).severity]++;
    listener.onFinding(finding);
  };
  const db = openReader(path);
  try {
    requireCurrentSchema(db, migrations);
    for (const [doing, check] of checksOf(db, { path, migrations }, verdict)) {
      const progress: Progress = (unit, done, total) => listener.onProgress(doing, unit, done, total);
      await check(emit, progress).catch((error: unknown) => emit(unreadable(doing, error)));
    }
    return { faults: verdict.fault, notes: verdict.note, signatures: verdict.signatures, head: verdict.head };
  } catch (error) {
    throw storeError(error);
  } finally {
    db.close();
  }
}

type Seen = { signatures: number; head: AuditHead | null };

/** What --repair can mend. */
export function structureChecks(db: Db, migrations: string): [string, Check][] {
  return [
    ['schema', async (emit) => each(schemaFindings(db, migrations), emit)],
    ['pages and indexes', async (emit, progress) => each(integrityFindings(db, progress), emit)],
    ['catalogue', async (emit, progress) => each(catalogueFindings(db, progress), emit)],
    ['images of the catalogue', (emit, progress) => paged(createImagesCheck(db), emit, progress)],
    ['signatures in the catalogue', (emit, progress) => paged(createListedCheck(db), emit, progress)],
  ];
}

function checksOf(db: Db, { path, migrations }: StorePlace, seen: Seen): [string, Check][] {
  return [
    ...structureChecks(db, migrations),
    ['foreign keys', async (emit) => each(foreignKeyFindings(db), emit)],
    ['keys', async (emit) => each(keyFindings(db), emit)],
    ['keys, tokens, publishers, aliases and users', async (emit) => each(recordFindings(db), emit)],
    ['audit chain', (emit, progress) => chain(createChainCheck(db), emit, { progress, seen })],
    ['audit log', (emit, progress) => told(createStoredCheck(db), emit, progress)],
    ['withdrawals', (emit, progress) => paged(createWithdrawnCheck(db), emit, progress)],
    ['full images', async (emit) => each(fullImages(db), emit)],
    [
      'signatures',
      async (onFinding, progress) => {
        const onProgress = (done: number, total: number) => progress('signatures', done, total);
        seen.signatures = await verifyAllAgain(path, { onFinding, onProgress });
      },
    ],
  ];
}

async function each(findings: Iterable<Finding> | AsyncIterable<Finding>, emit: Emit): Promise<void> {
  for await (const finding of findings) emit(finding);
}

async function paged(page: (after: number) => FindingPage, emit: Emit, progress: Progress): Promise<void> {
  for (let after: number | null = 0, done = 0; after !== null; done++) {
    const { findings, next }: FindingPage = page(after);
    findings.forEach(emit);
    progress('pages', done, done + 1);
    after = next;
  }
}

async function chain(
  next: () => ChainVerdict | number,
  emit: Emit,
  { progress, seen }: { progress: Progress; seen: Seen },
): Promise<void> {
  for (let reached = next(); ; reached = next()) {
    if (typeof reached === 'number') progress('rows', reached, reached);
    else if ('finding' in reached) return emit(reached.finding);
    else {
      seen.head = reached.head;
      return;
    }
  }
}

async function told(next: ReturnType<typeof createStoredCheck>, emit: Emit, progress: Progress): Promise<void> {
  for (let done = false; !done; ) {
    const slice = next();
    slice.findings.forEach(emit);
    progress('rows', slice.seq, slice.seq);
    done = slice.done;
  }
}

/** A check that cannot even be made. What can still be checked is. */
function unreadable(doing: string, thrown: unknown): Finding {
  const { cause, message } = storeError(thrown);
  const why = cause instanceof Error ? cause.message : (describeCause(cause) ?? message);
  return { code: 'file.damaged', subject: 'the file', problem: `the ${doing} could not be checked: ${why}` };
}
