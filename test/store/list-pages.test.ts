// Whoever follows a list of signatures to its end has seen what the filter says, newest first, each once: with pages that are
// short or empty because a page is a bounded amount of work, and while more is stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Digest } from '../../server/domain/digest.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { parseScope, scopesCover } from '../../server/domain/scope.ts';
import { SIGNATURE_STATES, type SignatureFilter, type StoredSignature } from '../../server/store/port.ts';
import {
  createSignatureRows,
  digestOf,
  follow,
  openListScene,
  RARE,
  REPOSITORIES,
  SIGNATURES,
  UPLOADERS,
} from './list-scene.ts';
import { readTables, type SignatureRow, stateOf, type Tables } from './recount.ts';
import { fingerprint } from './scene.ts';

const SCOPES = [[''], ['quay.io'], ['quay.io/acme', '*.example.com'], ['rare.example.com'], ['nowhere.example'], []];

const filter = fc.record(
  {
    repository: fc.constantFrom(...REPOSITORIES.slice(0, 3), RARE, 'quay.io/absent') as fc.Arbitrary<RepositoryName>,
    digest: fc.constantFrom(digestOf(1), digestOf(2), digestOf(9_999)) as fc.Arbitrary<Digest>,
    signer: fc.constantFrom(...['A', 'B', 'C', 'E'].map(fingerprint)),
    state: fc.constantFrom(...SIGNATURE_STATES),
    storedBy: fc.constantFrom('0a0a', 'alice', 'nobody'),
    q: fc.constantFrom('app', 'once-only', digestOf(1).slice(7, 12), ':v2', '%', 'nothing'),
  },
  { requiredKeys: [] },
);
const asked = fc.record({
  filter,
  within: fc.constantFrom(...SCOPES).map((scopes) => scopes.map(parseScope)),
  limit: fc.constantFrom(1, 3, 50, 1_000),
});

function accepts(tables: Tables, { within, ...filter }: SignatureFilter): (row: SignatureRow) => boolean {
  const { repository, digest, signer, state, storedBy, q } = filter;
  return (row) => {
    const by: { id?: string; name: string } = JSON.parse(row.stored_by);
    return (
      scopesCover(within, row.repository as RepositoryName) &&
      (repository === undefined || row.repository === repository) &&
      (digest === undefined || row.digest === digest) &&
      (signer === undefined || row.signer === signer) &&
      (state === undefined || stateOf(tables, row) === state) &&
      (storedBy === undefined || (by.id ?? by.name) === storedBy) &&
      (q === undefined || [row.repository, row.digest, row.reference].some((text) => text.includes(q)))
    );
  };
}

/** Newest first, each with its number among the live ones of its image. */
function expected(tables: Tables, filter: SignatureFilter) {
  const live = new Map<string, number>();
  const numbered = tables.signatures.map((row) => {
    const [image, state] = [`${row.repository}@${row.digest}`, stateOf(tables, row)];
    if (state === 'live') live.set(image, (live.get(image) ?? 0) + 1);
    return { row, state, number: state === 'live' ? (live.get(image) ?? 0) : null };
  });
  const wanted = accepts(tables, filter);
  return numbered
    .filter(({ row }) => wanted(row))
    .map(({ row: { id, repository, digest, signer }, state, number }) => ({
      id,
      repository,
      digest,
      signer,
      state,
      number,
    }))
    .reverse();
}

function shown({ id, repository, digest, signer, state, number }: StoredSignature) {
  return { id, repository, digest, signer, state, number };
}

test('a list of signatures', async (t) => {
  const { store, db } = await openListScene(t);
  const write = createSignatureRows(db);
  const tables = readTables(db);

  await t.test('gives all that the filter says, in order, each once', () =>
    fc.assert(
      fc.asyncProperty(asked, async ({ filter, within, limit }) => {
        const given = { ...filter, within };
        const all = expected(tables, given);
        const most = all.length > 300 ? Math.max(limit, 50) : limit; // a row a page would take minutes
        const items = await follow((before: number | null) => store.listSignatures(given, { limit: most, before }), {
          limit: most,
          rows: SIGNATURES,
        });
        assert.deepEqual(items.map(shown), all);
      }),
      { numRuns: 150 },
    ),
  );

  await t.test('takes more pages, not longer ones, for what is rare', async () => {
    const within = [parseScope('rare.example.com')];
    const first = await store.listSignatures({ within }, { limit: 50, before: null });
    assert.deepEqual([first.items.length, first.next], [1, SIGNATURES - LIMITS.scannedRows + 1]);
    const second = await store.listSignatures({ within }, { limit: 50, before: first.next });
    assert.equal(second.items.length, 1);
    const nothing = await store.listSignatures({ within, q: 'nothing' }, { limit: 50, before: first.next });
    assert.deepEqual([nothing.items.length, nothing.next !== null], [0, true]);
  });

  await t.test('is not confused by a cursor from anywhere', async () => {
    for (const before of [0, -1, 1, SIGNATURES + 5_000, Number.MAX_SAFE_INTEGER])
      for (const state of [undefined, ...SIGNATURE_STATES]) {
        const { items } = await store.listSignatures({ state, within: [parseScope('')] }, { limit: 10, before });
        assert.ok(items.every(({ id }) => id < before));
      }
  });

  await t.test('is the one it was at its first page, whatever is stored meanwhile', () =>
    fc.assert(
      fc.asyncProperty(asked, async ({ filter, within }) => {
        const given = { ...filter, within };
        const all = expected(readTables(db), given).map(({ id }) => id);
        const limit = Math.max(20, Math.ceil(all.length / 5));
        const items = await follow((before: number | null) => store.listSignatures(given, { limit, before }), {
          limit,
          rows: SIGNATURES + 1_000,
          meanwhile: () =>
            write({
              repository: filter.repository ?? RARE,
              digest: filter.digest ?? digestOf(1),
              tag: 'later',
              signer: filter.state === 'revoked' ? 'B' : 'A',
              bySubkey: false,
              by: UPLOADERS[0] ?? '',
              withdrawn: filter.state === 'withdrawn',
            }),
        });
        assert.deepEqual(
          items.map(({ id }) => id),
          all,
        );
      }),
      { numRuns: 40 },
    ),
  );
});
