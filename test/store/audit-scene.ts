// A long audit log, written as the store writes it, by several actors on a clock that is set back now and then.
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import type { AuditAction, AuditEvent, AuditRow } from '../../server/domain/audit-event.ts';
import type { Instant } from '../../server/domain/instant.ts';
import type { Actor } from '../../server/domain/principal.ts';
import { createAuditAppend } from '../../server/store/audit-log.ts';
import type { AuditFilter, Store } from '../../server/store/port.ts';
import { tempDir } from '../support/temp-dir.ts';
import { createDice } from './list-scene.ts';
import { NOW, openTestStore } from './scene.ts';

export const MINUTE_MS = 60_000;
export const ACTORS: readonly Actor[] = [
  { kind: 'token', id: '0a0a0a0a0a0a', name: 'ci' },
  { kind: 'token', id: '0b0b0b0b0b0b', name: 'alice' },
  { kind: 'user', name: 'alice' },
  { kind: 'user', name: 'bob' },
  { kind: 'local', name: 'root' },
];
export const ACTIONS: readonly AuditAction[] = [
  'signature.stored',
  'signature.stored',
  'signature.withdrawn',
  'key.updated',
];
export const RARE: { action: AuditAction; subject: string } = { action: 'user.removed', subject: 'once' };

export type LongLog = { readonly store: Store; readonly path: string; readonly events: readonly AuditEvent[] };

/** `disorder`: by how many minutes a row may be older than those before it. */
export async function openLongLog(
  t: Pick<TestContext, 'after'>,
  { rows, disorder = 0 }: { rows: number; disorder?: number },
): Promise<LongLog> {
  const path = join(tempDir(t), 'lookaside.db');
  const { store } = await openTestStore(t, 'local', path);
  const roll = createDice(11);
  const events = Array.from({ length: rows }, (_, index): AuditEvent => {
    const rare = index === Math.floor(rows / 3);
    return {
      at: (NOW + (index - roll(disorder + 1)) * MINUTE_MS) as Instant,
      actor: ACTORS[roll(ACTORS.length)] as Actor,
      action: rare ? RARE.action : (ACTIONS[roll(ACTIONS.length)] as AuditAction),
      subject: rare ? RARE.subject : `quay.io/acme/app-${roll(40)}`,
      detail: { id: index },
    };
  });
  const db = new Database(path);
  const append = createAuditAppend(db);
  db.transaction(() => {
    for (const event of events) append(event);
  })();
  db.close();
  return { store, path, events };
}

/** What a filter says, in the plainest way, oldest first. */
export function matching(events: readonly AuditEvent[], filter: AuditFilter): number[] {
  const { subject, action, actor, since, until } = filter;
  return events.flatMap((event, index) => {
    const names = [event.actor.name, ...(event.actor.kind === 'token' ? [event.actor.id] : [])];
    const wanted =
      (subject === undefined || event.subject === subject) &&
      (action === undefined || event.action === action) &&
      (actor === undefined || names.includes(actor)) &&
      (since === undefined || event.at >= since) &&
      (until === undefined || event.at < until);
    return wanted ? [index + 1] : [];
  });
}

export const seqs = (rows: readonly AuditRow[]): number[] => rows.map(({ seq }) => seq);
