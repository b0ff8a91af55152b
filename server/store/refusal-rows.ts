// Refused uploads: the latest for people to look at, and counts by day. Beside the audit log, not in it, because
// nothing changed, and a pipeline gone wrong may be refused a thousand times an hour.
import type { ErrorCode } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Actor } from '../domain/principal.ts';
import type { Db } from './database.ts';
import type { NewRefusal, Page, Refusal, RefusalFilter, Slice } from './port.ts';
import { createSlices } from './slices.ts';

type Row = { cursor: number; at: number; actor: string; code: string; detail: string; target: string | null };

export function createRefusalWrites(db: Db) {
  const insert = db.prepare(
    'INSERT INTO refusals (at, actor, code, detail, target) VALUES (@at, @actor, @code, @detail, @target)',
  );
  const count = db.prepare(`
    INSERT INTO refusal_days (day, code, count) VALUES (date(@at / 1000, 'unixepoch'), @code, 1)
      ON CONFLICT (day, code) DO UPDATE SET count = count + 1`);
  const forget = db.prepare('DELETE FROM refusals WHERE id <= (SELECT max(id) FROM refusals) - ?');
  return {
    record(refusals: readonly NewRefusal[]): void {
      for (const { at, actor, code, detail, target } of refusals) {
        insert.run({ at, actor: JSON.stringify(actor), code, detail, target });
        count.run({ at, code });
      }
      forget.run(LIMITS.refusalsKept);
    },
  };
}

export function createRefusalReads(db: Db) {
  const slice = createSlices(db);
  return {
    list({ code, actor }: RefusalFilter, page: Page): Slice<Refusal> {
      const conditions = [];
      if (code !== undefined) conditions.push('r.code = @code');
      if (actor !== undefined) conditions.push("@actor IN (r.actor ->> 'id', r.actor ->> 'name')");
      const question = {
        driver: 'SELECT id FROM refusals WHERE id < @before ORDER BY id DESC LIMIT @scan',
        select: `
          SELECT scanned.cursor, r.at, r.actor, r.code, r.detail, r.target
            FROM scanned CROSS JOIN refusals r ON r.id = scanned.cursor`,
        conditions,
        values: { code, actor },
      };
      const { items, next } = slice<Row>(question, page);
      return { items: items.map(refusal), next };
    },
  };
}

function refusal({ cursor, at, actor, code, detail, target }: Row): Refusal {
  return {
    id: cursor,
    at: at as Instant,
    actor: JSON.parse(actor) as Actor,
    code: code as ErrorCode,
    detail,
    target,
  };
}
