// The state of the store in numbers. Every one is counted as it changes (migrations/0002_catalogue.sql), so that asking costs
// the same at any size.
import type { ErrorCode } from '../domain/errors.ts';
import { DAY_MS, type Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import { createRevokedParts, notRevoked } from './live-rows.ts';
import type { Counts, DayCount } from './port.ts';

export function createOverviewReads(db: Db) {
  const signatures = db.prepare<[], { live: number; withdrawn: number; revoked: number }>(`
    SELECT coalesce(sum(CASE WHEN ${notRevoked('s', 'k')} THEN s.standing END), 0) AS live,
           coalesce(sum(s.signatures - s.standing), 0) AS withdrawn,
           coalesce(sum(CASE WHEN ${notRevoked('s', 'k')} THEN 0 ELSE s.standing END), 0) AS revoked
      FROM signers s JOIN keys k ON k.fingerprint = s.signer`);
  const revokedParts = createRevokedParts(db);
  const sets = db.prepare<[], { members: string; images: number }>(
    'SELECT members, images FROM signer_sets WHERE images > 0',
  );
  const repositories = db.prepare<[], number>('SELECT repositories FROM totals').pluck();
  const keys = db.prepare<{ now: number }, { active: number; expired: number; retired: number; revoked: number }>(`
    SELECT coalesce(sum(state = 'active' AND coalesce(expires_at, @now + 1) > @now), 0) AS active,
           coalesce(sum(state = 'active' AND coalesce(expires_at, @now + 1) <= @now), 0) AS expired,
           coalesce(sum(state = 'retired'), 0) AS retired, coalesce(sum(state = 'revoked'), 0) AS revoked FROM keys`);
  const stored = db.prepare<[string], { day: string; count: number }>(
    'SELECT day, stored AS count FROM upload_days WHERE day >= ?',
  );
  const refused = db.prepare<[string], { day: string; count: number }>(
    'SELECT day, sum(count) AS count FROM refusal_days WHERE day >= ? GROUP BY day',
  );
  const reasons = db.prepare<[string], { code: string; count: number }>(
    'SELECT code, sum(count) AS count FROM refusal_days WHERE day >= ? GROUP BY code ORDER BY 2 DESC, code',
  );

  return {
    counts(now: Instant): Counts {
      const dead = new Set(revokedParts());
      const images = { signed: 0, total: 0 };
      for (const set of sets.all()) {
        images.total += set.images;
        if (hasLive(set.members, dead)) images.signed += set.images;
      }
      return {
        signatures: signatures.get() ?? { live: 0, withdrawn: 0, revoked: 0 },
        images,
        repositories: repositories.get() ?? 0,
        keys: keys.get({ now }) ?? { active: 0, expired: 0, retired: 0, revoked: 0 },
      };
    },

    /** The last `length` days, today's (in UTC) last, without gaps. */
    days(now: Instant, length: number): { days: DayCount[]; refusals: { code: ErrorCode; count: number }[] } {
      const names = Array.from({ length }, (_, index) => dayOf(now - (length - 1 - index) * DAY_MS));
      const first = names[0] ?? '';
      const byDay = (rows: readonly { day: string; count: number }[]) =>
        new Map(rows.map((row) => [row.day, row.count]));
      const [uploads, refusals] = [byDay(stored.all(first)), byDay(refused.all(first))];
      return {
        days: names.map((day) => ({ day, stored: uploads.get(day) ?? 0, refused: refusals.get(day) ?? 0 })),
        refusals: reasons.all(first) as { code: ErrorCode; count: number }[],
      };
    },
  };
}

/** Most sets begin with a member whose signatures are live. */
function hasLive(members: string, dead: ReadonlySet<string>): boolean {
  for (let start = 0; start < members.length; ) {
    const space = members.indexOf(' ', start);
    const end = space === -1 ? members.length : space;
    if (!dead.has(members.slice(start, end))) return true;
    start = end + 1;
  }
  return false;
}

function dayOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}
