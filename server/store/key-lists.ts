// Lists of keys, and what depends on each key: how many signatures and images, and how many images nothing else signs.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import { addFoldFunction, contains, foldedText } from './folded-text.ts';
import type { KeyFilter, KeyWithServed, Served } from './key-port.ts';
import { type KeyRow, key, SELECT_KEY } from './key-rows.ts';
import type { Slice, TextPage } from './port.ts';
import { grantedBy } from './scopes-function.ts';
import { createServed } from './served.ts';
import { firstOf } from './slices.ts';

type Question = ReturnType<typeof foldedText> & {
  at: number;
  after: string;
  hex: string | null;
  state: string | null;
  now: number;
};
type Summary = { fingerprint: string; registered_at: number; scopes: string };

const HEX = /^(?:0X)?([0-9A-F]{4,40})$/;

export function createKeyLists(db: Db) {
  addFoldFunction(db);
  const { servedAt, impact } = createServed(db);
  const newest = db.prepare<Question, Summary>(`
    SELECT fingerprint, registered_at, scopes FROM keys INDEXED BY keys_by_age
     WHERE (registered_at, fingerprint) < (@at, @after)
       AND (@state IS NULL OR @state = CASE WHEN state = 'active' AND expires_at <= @now THEN 'expired' ELSE state END)
       AND (@q IS NULL OR ${contains('name')}
            OR (${contains('user_ids', '@json')}
                AND EXISTS (SELECT 1 FROM json_each(user_ids) user_id WHERE ${contains('user_id.value')}))
            OR (instr(signing_keys, @hex) > 0
                AND EXISTS (SELECT 1 FROM json_each(signing_keys) part WHERE instr(part.value ->> 'fingerprint', @hex) > 0)))
     ORDER BY registered_at DESC, fingerprint DESC`);
  const byFingerprint = db.prepare<[string], KeyRow>(`${SELECT_KEY} WHERE k.fingerprint = ?`);

  return {
    served: (fingerprint: Fingerprint, now: Instant): Served =>
      (servedAt(now)([fingerprint], (signer) => ({ signer }))[0] as { served: Served }).served,
    impact,

    list({ q, state, within }: KeyFilter, { limit, after }: TextPage, now: Instant): Slice<KeyWithServed, string> {
      const [, at = '', fingerprint = ''] = /^(-?\d+)-([0-9A-F]{40})$/.exec(after ?? '') ?? [];
      const granted = grantedBy(within);
      const found = newest.iterate({
        ...foldedText(q),
        hex: HEX.exec(q?.replace(/\s/g, '').toUpperCase() ?? '')?.[1] ?? null,
        at: at === '' ? Number.MAX_SAFE_INTEGER : Number(at),
        after: fingerprint,
        state: state ?? null,
        now,
      });
      const { items, next } = firstOf(found, {
        wanted: ({ scopes }) => granted(scopes),
        cursorOf: (row) => `${row.registered_at}-${row.fingerprint}`,
        limit,
      });
      const rows = items.flatMap((row) => byFingerprint.get(row.fingerprint) ?? []);
      return { items: servedAt(now)(rows.map(key), ({ fingerprint }) => ({ signer: fingerprint })), next };
    },
  };
}
