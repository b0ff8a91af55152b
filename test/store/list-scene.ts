// A store with more rows than one page of a list looks at, written directly, and how to follow a list to its end.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import Database from 'better-sqlite3';
import { LIMITS } from '../../server/domain/limits.ts';
import type { Slice, Store } from '../../server/store/port.ts';
import { fingerprint, NOW, openTestStore } from './scene.ts';

type Db = Database.Database;

export const DAY_MS = 24 * 60 * 60 * 1000;
export const SIGNATURES = LIMITS.scannedRows * 2 + 700;
export const DIGITS = ['A', 'B', 'C', 'D'] as const;
export const REVOKED = { key: 'B', subkeyOf: 'C' } as const;
export const subkeyOf = (digit: string): string => `${digit.repeat(39)}0`;
/** Three signatures: near the start, in the middle, at the end. */
export const RARE = 'rare.example.com/once/in-a-while';
export const REPOSITORIES = [
  'quay.io/acme/app',
  'quay.io/acme/app/app',
  'quay.io/acme-two/app_x',
  'docker.io/library/nginx',
  'registry.example.com:5000/a',
  'a.b.example.com/a-a-a',
  'Corp.Example:443/web/app',
  'localhost/x',
];
export const UPLOADERS = ['{"kind":"token","id":"0a0a","name":"ci"}', '{"kind":"user","name":"alice"}'];

/** The same on every run. */
export function createDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

export const digestOf = (number: number): string => `sha256:${createHash('sha256').update(`${number}`).digest('hex')}`;

type Written = { readonly repository: string; readonly digest: string; readonly tag: string; readonly signer: string };

export function createSignatureRows(
  db: Db,
): (row: Written & { withdrawn: boolean; by: string; bySubkey: boolean }) => void {
  const insert = db.prepare(`
    INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference, signed_at, notes,
                            stored_at, stored_by, withdrawn_at, withdrawn_reason)
    VALUES (@repository, @digest, @sha256, @identity, x'00', @signer, @signingKey, @reference, 0, '[]', ${NOW}, @by, @end, @reason)`);
  return ({ repository, digest, tag, signer, withdrawn, by, bySubkey }) =>
    void insert.run({
      repository,
      digest,
      by,
      sha256: randomBytes(32),
      identity: randomBytes(32),
      signer: fingerprint(signer),
      signingKey: bySubkey ? subkeyOf(signer) : fingerprint(signer),
      reference: `${repository}:${tag}`,
      end: withdrawn ? NOW : null,
      reason: withdrawn ? 'mistake' : null,
    });
}

export function fillKeys(db: Db): void {
  const insert = db.prepare(`
    INSERT INTO keys (fingerprint, name, state, scopes, material, user_ids, signing_keys, revoked_parts, created_at, registered_at,
                      updated_at, revision) VALUES (?, ?, ?, '[""]', x'00', '[]', '[]', ?, 0, 0, 0, 1)`);
  for (const digit of DIGITS) {
    const state = digit === REVOKED.key ? 'revoked' : 'active';
    insert.run(fingerprint(digit), `key ${digit}`, state, digit === REVOKED.subkeyOf ? subkeyOf(digit) : '');
  }
}

function fillSignatures(db: Db): void {
  const roll = createDice(1);
  const write = createSignatureRows(db);
  const rare = [3, SIGNATURES >> 1, SIGNATURES - 1];
  for (let index = 0; index < SIGNATURES; index++) {
    const repository = rare.includes(index) ? RARE : (REPOSITORIES[Math.min(roll(8), roll(8))] ?? '');
    write({
      repository,
      digest: digestOf(roll(600)),
      tag: index === 10 ? 'once-only' : `v${roll(30)}`,
      signer: DIGITS[roll(4)] ?? 'A',
      bySubkey: roll(3) === 0,
      by: UPLOADERS[roll(50) === 0 ? 1 : 0] ?? '',
      withdrawn: roll(10) === 0,
    });
  }
}

export async function openListScene(t: Pick<TestContext, 'after'>): Promise<{ store: Store; db: Db; path: string }> {
  const { store, path } = await openTestStore(t);
  const db = new Database(path);
  t.after(() => db.close());
  db.transaction(() => {
    fillKeys(db);
    fillSignatures(db);
  })();
  return { store, db, path };
}

/** All pages of a list, one after the other. `meanwhile` happens between two of them. */
export async function follow<T, C>(
  ask: (cursor: C | null) => Promise<Slice<T, C>>,
  { limit, rows, meanwhile = () => {} }: { limit: number; rows: number; meanwhile?: () => void },
): Promise<T[]> {
  const items: T[] = [];
  let pages = 0;
  for (let cursor: C | null = null, more = true; more; pages++) {
    const slice: Slice<T, C> = await ask(cursor);
    assert.ok(slice.items.length <= limit, `${slice.items.length} rows on a page of ${limit}`);
    items.push(...slice.items);
    assert.notDeepEqual(slice.next, cursor ?? undefined, 'a page leads to itself');
    [cursor, more] = [slice.next, slice.next !== null];
    meanwhile();
  }
  // Short pages are those that looked at as many rows as a page may.
  assert.ok(
    pages <= items.length / limit + (rows / LIMITS.scannedRows) * 2 + 2,
    `${pages} pages for ${items.length} rows`,
  );
  return items;
}
