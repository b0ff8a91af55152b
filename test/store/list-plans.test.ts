// The query plan of every statement behind a list, whatever it is asked: nothing that grows with the store is read from end
// to end or sorted, so that a list takes as long at a million signatures as at a thousand. bench/lists.ts measures it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Database from 'better-sqlite3';
import type { Digest } from '../../server/domain/digest.ts';
import type { Scope } from '../../server/domain/scope.ts';
import { openReader } from '../../server/store/database.ts';
import { createLists, type Lists } from '../../server/store/lists.ts';
import { createLiveReads } from '../../server/store/live-rows.ts';
import { append, fingerprint, IMAGE_DIGEST, NOW, newKey, newSignature, openTestStore } from './scene.ts';

type Db = Database.Database;
type Plan = { readonly sql: string; readonly steps: readonly string[] };

/** Everything that is prepared on a connection from now on. */
function recordStatements(db: Db): Set<string> {
  const statements = new Set<string>();
  const prepare = db.prepare.bind(db);
  Object.assign(db, {
    prepare: (sql: string) => {
      statements.add(sql);
      return prepare(sql);
    },
  });
  return statements;
}

function planOf(db: Db, sql: string): Plan {
  const named = Object.fromEntries([...sql.matchAll(/@(\w+)/g)].map(([, name]) => [name, null]));
  const unnamed = [...sql.matchAll(/\?/g)].map(() => null);
  const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...unnamed, named);
  return { sql: sql.replace(/\s+/g, ' ').trim(), steps: rows.map(({ detail }) => detail) };
}

/** Every set of members of an object, the whole and the empty one among them. */
function subsets<T extends object>(all: T): Partial<T>[] {
  const sets: Partial<T>[] = [{}];
  for (const [name, value] of Object.entries(all)) sets.push(...sets.map((set) => ({ ...set, [name]: value })));
  return sets;
}

const SCOPES = [['' as Scope], ['quay.io/acme' as Scope, '*.example.com' as Scope]];
const REPOSITORY = newSignature().repository;

/** Each list, with each of its filters given and not. */
function askEverything(lists: Lists): void {
  const page = { limit: 5, before: null };
  const [from, textPage] = [
    { seq: 0, hash: '0'.repeat(64) },
    { limit: 5, after: null },
  ];
  const signatures = {
    repository: REPOSITORY,
    digest: IMAGE_DIGEST as Digest,
    signer: fingerprint(),
    storedBy: 'x',
    q: 'a',
  };
  for (const within of SCOPES) {
    for (const filter of subsets(signatures))
      for (const state of [undefined, 'live', 'withdrawn', 'revoked'] as const)
        lists.listSignatures({ ...filter, state, within }, page);
    for (const q of [undefined, 'app', 'é']) {
      lists.listRepositories({ q, within }, textPage);
      lists.listKeys({ q, state: 'active', within }, textPage, NOW);
      lists.listTokens({ q, within }, textPage);
    }
    for (const q of ['app', 'v1', 'app:v1', IMAGE_DIGEST.slice(0, 12), 'sha256:ab', fingerprint()])
      lists.search({ q, limit: 5, within, all: true, now: NOW });
  }
  for (const filter of subsets({ subject: 'x', action: 'key.revoked', actor: 'x', since: NOW, until: NOW })) {
    lists.listAudit(filter, page);
    lists.exportAudit(filter, 0);
  }
  for (const filter of subsets({ code: 'KEY_UNKNOWN' as const, actor: 'x' })) lists.listRefusals(filter, page);
  lists.listImages(REPOSITORY, page);
  lists.listExpiringKeys(NOW, NOW);
  lists.listKeysByEnd(NOW, 1);
  lists.served(fingerprint(), NOW);
  lists.impact({ signer: fingerprint() }, NOW);
  lists.countUnsigned(fingerprint(), fingerprint('B'));
  for (const question of [{ aloneAt: NOW }, { successor: fingerprint('B') }])
    lists.listKeyImages({ signer: fingerprint(), within: [], ...question }, textPage);
  lists.auditHead();
  lists.auditHash(1);
  lists.verifyAudit(from);
  lists.counts(NOW);
  lists.days(NOW, 30);
}

/** What may be read from end to end, and why that is little. */
const SMALL: Readonly<Record<string, string>> = {
  scanned: 'a page of work, LIMITS.scannedRows at most',
  signers: 'one row for each key that ever signed',
  signer_sets: 'different sets of signers, which are few',
  keys: 'through keys_by_state or keys_by_age alone, which do not hold the material',
  audit_times: 'one row for a thousand of the audit log',
  audit_head: 'one row',
  totals: 'one row',
  json_each: 'one value',
  subquery: 'has a limit of its own',
};

/** What may be sorted, and why that is little. */
const SORTED: readonly (readonly [sql: RegExp, why: string])[] = [
  [/^WITH scanned .* ORDER BY scanned\.cursor/, 'a page of work'],
  [
    /FROM signers p JOIN keys k .* CROSS JOIN signatures s ON s\.id IN/,
    'a share of a page of work for each revoked key',
  ],
  [/UNION SELECT \* FROM \(SELECT a\.seq/, 'twice a page of work'],
  [/FROM keys WHERE state <> 'revoked' .* ORDER BY expires_at IS NULL/, 'a row for each key, without its material'],
  [/JOIN json_each\(k\.signing_keys\) part .* ORDER BY ends LIMIT/, 'subkeys that end, without the material of keys'],
  [/FROM refusal_days WHERE day >= \? GROUP BY/, 'some codes for some days'],
];

/** Tables by the names that a statement gives them. */
function aliases(sql: string): Map<string, string> {
  const named = [
    ...sql.matchAll(
      /(?:FROM|JOIN)\s+(\w+)(?:\(\S+\))?(?:\s+(?:AS\s+)?(?!INDEXED|JOIN|CROSS|LEFT|WHERE|ON|ORDER|GROUP|LIMIT)(\w+))?/g,
    ),
  ];
  const subqueries = [...sql.matchAll(/\)\s+(?:AS\s+)?([a-z])\b/g)].map(([, name = '']) => [name, 'subquery'] as const);
  return new Map([...named.map(([, table = '', alias = table]) => [alias, table] as const), ...subqueries]);
}

function scansOf({ sql, steps }: Plan): { table: string; step: string }[] {
  const names = aliases(sql);
  return steps
    .filter((step) => step.startsWith('SCAN ') && step !== 'SCAN CONSTANT ROW')
    .map((step) => {
      const [, name = ''] = /^SCAN (\(?\w+)/.exec(step) ?? [];
      return { table: name.startsWith('(') ? 'subquery' : (names.get(name) ?? name), step };
    });
}

test('a list', async (t) => {
  const { store, path } = await openTestStore(t);
  await store.putKey(newKey());
  await store.putKey(newKey(fingerprint('B')));
  await store.append(append(newSignature()));
  await store.append(append(newSignature({ signer: fingerprint('B') })));
  await store.setKeyState({
    fingerprint: fingerprint('B'),
    to: 'revoked',
    reason: 'lost',
    actor: { kind: 'local', name: 't' },
    at: NOW,
  });

  const db = openReader(path);
  t.after(() => db.close());
  const statements = recordStatements(db);
  askEverything(createLists(db));
  const plans = [...statements].filter((sql) => !sql.startsWith('PRAGMA')).map((sql) => planOf(db, sql));

  await t.test('is made of statements that were all seen here', () => {
    assert.ok(plans.length > 100, `${plans.length}`);
    for (const index of [
      'of_repository',
      'of_image',
      'of_digest',
      'by_tag',
      'by_name_and_tag',
      'by_uploader',
      'withdrawn',
      'by_signer',
      'live_by_signer',
    ])
      assert.ok(
        plans.some(({ steps }) => steps.some((step) => step.includes(`INDEX signatures_${index} `))),
        index,
      );
  });
  await t.test('reads nothing that grows from end to end', () => {
    for (const plan of plans)
      for (const { table, step } of scansOf(plan)) {
        assert.ok(table in SMALL, `${step}: ${plan.sql}`);
        if (table === 'keys') assert.match(step, /USING (?:COVERING )?INDEX keys_by_(?:state|age)/, plan.sql);
      }
  });
  await t.test('names no small table that is not read', () => {
    const read = new Set(plans.flatMap(scansOf).map(({ table }) => table));
    for (const table of Object.keys(SMALL)) assert.ok(read.has(table), table);
  });
  await t.test('sorts nothing that grows', () => {
    for (const { sql, steps } of plans)
      for (const step of steps.filter((each) => each.includes('TEMP B-TREE')))
        assert.ok(
          SORTED.some(([allowed]) => allowed.test(sql)),
          `${step}: ${sql}`,
        );
  });
  await t.test('builds no index of its own', () => {
    for (const { sql, steps } of plans) assert.ok(!steps.some((step) => step.includes('AUTOMATIC')), sql);
  });
  await t.test('looks at a bounded number of rows before it sorts them', () => {
    for (const { sql } of plans.filter(({ sql }) => sql.startsWith('WITH scanned')))
      assert.match(sql, /AS MATERIALIZED \(.*LIMIT @scan\s*\)/, sql);
  });
});

test('a read of the hot path goes through its own index, without a sort', async (t) => {
  const { path } = await openTestStore(t);
  const db = openReader(path);
  t.after(() => db.close());
  const statements = recordStatements(db);
  createLiveReads(db);
  const plans = [...statements].map((sql) => planOf(db, sql));
  const using = (index: string) => plans.filter(({ steps }) => steps[0]?.includes(`SEARCH s USING INDEX ${index} (`));
  assert.match(using('signatures_by_image')[0]?.steps.join() ?? '', /\(repository=\? AND digest=\?\)/);
  assert.match(using('signatures_by_digest')[0]?.steps.join() ?? '', /\(digest=\?\)/);
  for (const { sql, steps } of plans) assert.ok(!steps.some((step) => step.includes('TEMP B-TREE')), sql);
});
