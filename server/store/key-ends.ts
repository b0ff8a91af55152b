// Which keys end when, and what with them. A subkey may end before its key does, and runtimes refuse what an expired
// subkey signed as they do for a key.
import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Instant } from '../domain/instant.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Db } from './database.ts';
import type { ExpiringKey, KeyEnd, Served, Signer, SubkeyEnd } from './key-port.ts';
import { type KeyRow, key, SELECT_KEY } from './key-rows.ts';
import { createServed } from './served.ts';

type End = { fingerprint: Fingerprint; name: string; expires_at: Instant | null };
type SubkeyRow = { signer: Fingerprint; name: string; subkey: Fingerprint; ends: Instant };

/** Keys about to expire are shown on one page. */
const EXPIRING = LIMITS.pageRows;

/** Later than any time. */
const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Subkeys that end before their key: those that still sign, those of which something is served, and the last one of a key
 * that nothing else lets sign. Keys renewed by a new subkey each year have many that have ended, and matter to nobody.
 */
const SUBKEYS = `
  SELECT k.fingerprint AS signer, k.name, part.value ->> 'fingerprint' AS subkey, part.value ->> 'expiresAt' AS ends
    FROM keys k INDEXED BY keys_by_age JOIN json_each(k.signing_keys) part
   WHERE k.state <> 'revoked' AND ends < @before AND (k.expires_at IS NULL OR ends < k.expires_at)
     AND NOT part.value ->> 'primary' AND NOT part.value ->> 'revoked' AND part.value ->> 'unusable' IS NULL
     AND (EXISTS (SELECT 1 FROM signers WHERE signer = k.fingerprint AND signing_key = subkey AND standing > 0)
          OR k.state = 'active'
             AND (ends > @now
                  OR NOT EXISTS (SELECT 1 FROM json_each(k.signing_keys) other
                                  WHERE NOT other.value ->> 'revoked' AND other.value ->> 'unusable' IS NULL
                                    AND coalesce(other.value ->> 'expiresAt', ends + 1) > ends)))
   ORDER BY ends LIMIT @most`;

export function createKeyEnds(db: Db) {
  const { servedAt } = createServed(db);
  const byFingerprint = db.prepare<[Fingerprint], KeyRow>(`${SELECT_KEY} WHERE k.fingerprint = ?`);
  // What a retired key signed is served, and lost with it as well.
  const expiring = db.prepare<[number, number], KeyRow>(`
    ${SELECT_KEY} WHERE k.state = 'active' AND k.expires_at < ?
    UNION ALL
    ${SELECT_KEY} WHERE k.state = 'retired' AND k.expires_at < ?
                    AND EXISTS (SELECT 1 FROM signers WHERE signer = k.fingerprint AND standing > 0)
     ORDER BY expires_at LIMIT ${EXPIRING}`);
  const subkeys = db.prepare<{ before: number; now: number; most: number }, SubkeyRow>(SUBKEYS);
  const byEnd = db.prepare<{ now: number; most: number }, End>(`
    SELECT fingerprint, name, expires_at FROM keys
     WHERE state <> 'revoked'
       AND (expires_at IS NULL OR expires_at > @now
            OR EXISTS (SELECT 1 FROM signers WHERE signer = fingerprint AND standing > 0))
     ORDER BY expires_at IS NULL, expires_at, fingerprint LIMIT @most`);

  return {
    /** Soonest first, as many as a page has. */
    expiring(before: Instant, now: Instant): ExpiringKey[] {
      const withServed = servedAt(now);
      const parts = withServed(subkeys.all({ before, now, most: EXPIRING }), (row) => row);
      const bySigner = Map.groupBy(parts, ({ signer }) => signer);
      const ending = expiring.all(before, before);
      const known = new Set<string>(ending.map(({ fingerprint }) => fingerprint));
      const others = [...bySigner.keys()].filter((signer) => !known.has(signer));
      const rows = [...ending, ...others.flatMap((signer) => byFingerprint.get(signer) ?? [])];
      return withServed(rows.map(key), signerOf)
        .map((each) => ({ ...each, endingSubkeys: (bySigner.get(each.fingerprint) ?? []).map(subkeyEnd) }))
        .sort((a, b) => firstEnd(a) - firstEnd(b))
        .slice(0, EXPIRING);
    },

    /** Keys and subkeys, those first that end first. */
    byEnd(now: Instant, most: number): KeyEnd[] {
      const keys = byEnd.all({ now, most }).map(({ expires_at: expiresAt, ...each }) => ({ ...each, expiresAt }));
      const withServed = servedAt(now);
      const parts = withServed(subkeys.all({ before: NEVER, now, most }), (row) => row);
      return [...withServed(keys, signerOf), ...parts.map((part) => ({ name: part.name, ...subkeyEnd(part) }))]
        .sort((a, b) => (a.expiresAt ?? NEVER) - (b.expiresAt ?? NEVER))
        .slice(0, most);
    },
  };
}

const signerOf = ({ fingerprint }: Pick<KeyEnd, 'fingerprint'>): Signer => ({ signer: fingerprint });

function subkeyEnd({ subkey, ends, served }: SubkeyRow & { readonly served: Served }): SubkeyEnd {
  return { fingerprint: subkey, expiresAt: ends, served };
}

function firstEnd({ expiresAt, endingSubkeys }: ExpiringKey): number {
  return Math.min(expiresAt ?? NEVER, ...endingSubkeys.map((end) => end.expiresAt));
}
