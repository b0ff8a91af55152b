// Lists of keys, and what depends on each key: how many signatures and images, and how many images nothing else signs.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { expiredAt, type Key } from '../domain/key.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Db } from './database.ts';
import { addFoldFunction, contains, foldedText } from './folded-text.ts';
import { type KeyRow, key, SELECT_KEY } from './key-rows.ts';
import { createRevokedParts } from './live-rows.ts';
import type { KeyEnd, KeyFilter, KeyWithServed, Served, Slice, TextPage } from './port.ts';
import { grantedBy } from './scopes-function.ts';
import { firstOf } from './slices.ts';

type Standing = { signer: string; signing_key: string; standing: number };
type Known = { fingerprint: string; expires_at: number | null };
type Question = ReturnType<typeof foldedText> & {
  at: number;
  after: string;
  hex: string | null;
  state: string | null;
  now: number;
};
type End = { fingerprint: Fingerprint; name: string; expires_at: Instant | null };
type Summary = { fingerprint: string; registered_at: number; scopes: string };

/** Keys about to expire are shown on one page. */
const EXPIRING = LIMITS.pageRows;

const HEX = /^(?:0X)?([0-9A-F]{4,40})$/;

export function createKeyLists(db: Db) {
  addFoldFunction(db);
  const served = createServed(db);
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
  const expiring = db.prepare<[number], KeyRow>(`
    ${SELECT_KEY} WHERE k.state = 'active' AND k.expires_at IS NOT NULL AND k.expires_at < ?
     ORDER BY k.expires_at LIMIT ${EXPIRING}`);
  const byEnd = db.prepare<{ now: number; most: number }, End>(`
    SELECT fingerprint, name, expires_at FROM keys
     WHERE state <> 'revoked'
       AND (expires_at IS NULL OR expires_at > @now
            OR EXISTS (SELECT 1 FROM signers WHERE signer = fingerprint AND standing > 0))
     ORDER BY expires_at IS NULL, expires_at, fingerprint LIMIT @most`);
  const withServed = <K extends Pick<Key, 'fingerprint'>>(keys: readonly K[], now: Instant) => {
    const counts = served(
      keys.map(({ fingerprint }) => fingerprint),
      now,
    );
    return keys.map((item) => ({ ...item, served: counts.get(item.fingerprint) ?? NOTHING }));
  };

  return {
    served: (fingerprint: Fingerprint, now: Instant): Served => served([fingerprint], now).get(fingerprint) ?? NOTHING,

    /** Active keys that end before an instant, soonest first, as many as a page has. */
    expiring: (before: Instant, now: Instant): KeyWithServed[] => withServed(expiring.all(before).map(key), now),

    byEnd: (now: Instant, most: number): KeyEnd[] =>
      withServed(
        byEnd.all({ now, most }).map(({ expires_at, ...each }) => ({ ...each, expiresAt: expires_at })),
        now,
      ),

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
      return { items: withServed(rows.map(key), now), next };
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
  const revokedParts = createRevokedParts(db);
  const known = db.prepare<[], Known>(
    'SELECT fingerprint, expires_at FROM keys WHERE fingerprint IN (SELECT signer FROM signers)',
  );

  return (wanted: readonly Fingerprint[], now: Instant): Map<string, Served> => {
    const ends = new Map(known.all().map(({ fingerprint, expires_at }) => [fingerprint, expires_at as Instant | null]));
    const revoked = new Set(revokedParts());
    const counts = new Map<string, { signatures: number; images: number; onlyImages: number }>(
      wanted.map((fingerprint) => [fingerprint, { ...NOTHING }]),
    );
    /** The signer of each member of a set whose signatures are live. */
    const signers = new Map<string, string>();
    for (const { signer, signing_key, standing: signatures } of standing.all()) {
      const member = `${signer}/${signing_key}`;
      if (revoked.has(member)) continue;
      signers.set(member, signer);
      const count = counts.get(signer);
      if (count) count.signatures += signatures;
    }
    for (const { members, images } of sets.all()) {
      const live = new Set(members.split(' ').flatMap((member) => signers.get(member) ?? []));
      for (const signer of live) {
        const count = counts.get(signer);
        if (!count) continue;
        count.images += images;
        const end = Math.max(ends.get(signer) ?? now, now) as Instant;
        const others = [...live].filter((other) => other !== signer);
        if (!others.some((other) => !expiredAt(ends.get(other) ?? null, end))) count.onlyImages += images;
      }
    }
    return counts;
  };
}
