// Lists of keys, and what depends on each key: how many signatures and images, and how many images nothing else signs.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { expiredAt, type Key } from '../domain/key.ts';
import { type Scope, scopesContain } from '../domain/scope.ts';
import type { Db } from './database.ts';
import { type KeyRow, key, SELECT_KEY } from './key-rows.ts';
import type { KeyFilter, KeyWithServed, Served, Slice, TextPage } from './port.ts';
import { firstOf } from './slices.ts';

type Standing = { signer: string; signing_key: string; standing: number };
type Known = { fingerprint: string; state: string; revoked_parts: string; expires_at: number | null };

const HEX = /^(?:0x)?([0-9A-F]{4,40})$/;

export function createKeyLists(db: Db) {
  const served = createServed(db);
  const newest = db.prepare<
    { at: number; after: string; q: string | null; hex: string | null; state: string | null; now: number },
    KeyRow
  >(`
    ${SELECT_KEY} INDEXED BY keys_by_age
     WHERE (k.registered_at, k.fingerprint) < (@at, @after)
       AND (@state IS NULL
            OR @state = CASE WHEN k.state = 'active' AND k.expires_at <= @now THEN 'expired' ELSE k.state END)
       AND (@q IS NULL OR instr(lower(k.name), @q) > 0 OR instr(lower(k.user_ids), @q) > 0
            OR (@hex IS NOT NULL AND EXISTS (SELECT 1 FROM json_each(k.signing_keys) part
                                              WHERE instr(part.value ->> 'fingerprint', @hex) > 0)))
     ORDER BY k.registered_at DESC, k.fingerprint DESC`);
  const expiring = db.prepare<[number], KeyRow>(
    `${SELECT_KEY} WHERE k.state = 'active' AND k.expires_at IS NOT NULL AND k.expires_at < ? ORDER BY k.expires_at`,
  );
  const withServed = (keys: readonly Key[], now: Instant): KeyWithServed[] => {
    const counts = served(
      keys.map(({ fingerprint }) => fingerprint),
      now,
    );
    return keys.map((item) => ({ ...item, served: counts.get(item.fingerprint) ?? NOTHING }));
  };

  return {
    served: (fingerprint: Fingerprint, now: Instant): Served => served([fingerprint], now).get(fingerprint) ?? NOTHING,

    /** Active keys that end before an instant, soonest first. */
    expiring: (before: Instant, now: Instant): KeyWithServed[] => withServed(expiring.all(before).map(key), now),

    list({ q, state, within }: KeyFilter, { limit, after }: TextPage, now: Instant): Slice<KeyWithServed, string> {
      const [, at = '', fingerprint = ''] = /^(-?\d+)-([0-9A-F]{40})$/.exec(after ?? '') ?? [];
      const rows = newest.iterate({
        at: at === '' ? Number.MAX_SAFE_INTEGER : Number(at),
        after: fingerprint,
        q: q?.toLowerCase() ?? null,
        hex: HEX.exec(q?.replace(/\s/g, '').toUpperCase() ?? '')?.[1] ?? null,
        state: state ?? null,
        now,
      });
      const { items, next } = firstOf(rows, {
        wanted: ({ scopes }) => (JSON.parse(scopes) as Scope[]).every((scope) => scopesContain(within, scope)),
        cursorOf: (row) => `${row.registered_at}-${row.fingerprint}`,
        limit,
      });
      return { items: withServed(items.map(key), now), next };
    },
  };
}

const NOTHING: Served = { signatures: 0, images: 0, onlyImages: 0 };

/**
 * Counted from the sets of signers, of which there are few, and the state of the keys as it is now. Another key keeps an
 * image signed when it lives at least as long as the one in question.
 */
function createServed(db: Db) {
  const sets = db.prepare<[], { members: string; images: number }>(
    "SELECT members, images FROM signer_sets WHERE images > 0 AND members <> ''",
  );
  const standing = db.prepare<[], Standing>('SELECT signer, signing_key, standing FROM signers');
  const known = db.prepare<[], Known>('SELECT fingerprint, state, revoked_parts, expires_at FROM keys');

  return (wanted: readonly Fingerprint[], now: Instant): Map<string, Served> => {
    const keys = new Map(known.all().map((row) => [row.fingerprint, row]));
    const isLive = (signer: string, signingKey: string) => {
      const row = keys.get(signer);
      return row !== undefined && row.state !== 'revoked' && !row.revoked_parts.includes(signingKey);
    };
    const counts = new Map<string, { signatures: number; images: number; onlyImages: number }>(
      wanted.map((fingerprint) => [fingerprint, { ...NOTHING }]),
    );
    for (const { signer, signing_key, standing: signatures } of standing.all()) {
      const count = counts.get(signer);
      if (count && isLive(signer, signing_key)) count.signatures += signatures;
    }
    for (const { members, images } of sets.all()) {
      const parts = members.split(' ').map((member) => member.split('/') as [string, string]);
      const signers = new Set(parts.filter(([signer, part]) => isLive(signer, part)).map(([signer]) => signer));
      for (const signer of signers) {
        const count = counts.get(signer);
        if (!count) continue;
        count.images += images;
        const end = Math.max(keys.get(signer)?.expires_at ?? now, now) as Instant;
        const others = [...signers].filter((other) => other !== signer);
        if (!others.some((other) => !expiredAt((keys.get(other)?.expires_at ?? null) as Instant | null, end)))
          count.onlyImages += images;
      }
    }
    return counts;
  };
}
