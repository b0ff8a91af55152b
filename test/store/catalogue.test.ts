// The catalogue that triggers keep: whatever happens to signatures and keys, every count in it is what counting the
// signatures one by one gives.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { Instant } from '../../server/domain/instant.ts';
import type { RepositoryName } from '../../server/domain/repository-name.ts';
import { EVERYTHING } from '../../server/domain/scope.ts';
import type { Store } from '../../server/store/port.ts';
import { openStore } from '../../server/store/sqlite-store.ts';
import { must, runCli } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { DAY_MS, DIGESTS, DIGITS, events, happen, keyOf, REPOSITORIES, signed } from './catalogue-scene.ts';
import { keyImageLines } from './key-images-scene.ts';
import {
  groupBy,
  keptCatalogue,
  readTables,
  recountAlone,
  recountCatalogue,
  recountOverview,
  recountServed,
  recountUnsigned,
  stateOf,
  type Tables,
} from './recount.ts';
import { ACT, fingerprint, MIGRATIONS, NOW } from './scene.ts';

type Opened = { readonly store: Store; readonly db: Database.Database; close(): Promise<void> };

async function openScene(folder: string, writer: 'local' | 'thread' = 'local'): Promise<Opened> {
  const path = join(folder, 'lookaside.db');
  const store = await openStore({ path, migrations: MIGRATIONS, writer });
  const db = new Database(path, { readonly: true });
  for (const digit of DIGITS) await store.putKey(keyOf(digit));
  return {
    store,
    db,
    async close() {
      db.close();
      await store.close();
    },
  };
}

const PAGE = { limit: 1_000, before: null };
const ALL = { limit: 1_000, after: null };
const imageOf = ({ repository, digest }: { repository: string; digest: string }) => `${repository}@${digest}`;

/** Images as they are listed: newest first, with what their signatures say. */
function recountImages(tables: Tables, repository: string) {
  const rows = tables.signatures.filter((row) => row.repository === repository);
  return [...groupBy(rows, imageOf).values()].reverse().map((image) => {
    const live = image.filter((row) => stateOf(tables, row) === 'live');
    const signers = [...new Set(live.map(({ signer }) => signer))].sort();
    return {
      digest: image[0]?.digest,
      signatures: image.length,
      live: live.length,
      references: [...new Set(image.map(({ reference }) => reference).reverse())],
      signers: signers.map((signer) => ({
        fingerprint: signer,
        name: tables.keys.get(signer)?.name,
        expiresAt: tables.keys.get(signer)?.expires_at,
      })),
    };
  });
}

async function assertRight({ store, db }: Opened): Promise<void> {
  const tables = readTables(db);
  assert.deepEqual(keptCatalogue(db), recountCatalogue(tables));
  for (const now of [NOW, NOW + DAY_MS, NOW + 3 * DAY_MS] as Instant[]) {
    assert.deepEqual(await store.counts(now), recountOverview(tables, now));
    for (const digit of DIGITS)
      assert.deepEqual(
        await store.served(fingerprint(digit), now),
        recountServed(tables, fingerprint(digit), now),
        `what depends on ${digit}`,
      );
  }
  await assertKeyImages(store, tables);
  const live = tables.signatures.filter((row) => stateOf(tables, row) === 'live');
  assert.equal(await store.countLive(), live.length);
  for (const item of (await store.listRepositories({ within: [EVERYTHING] }, ALL)).items) {
    assert.equal(item.live, live.filter(({ repository }) => repository === item.name).length, item.name);
    const images = (await store.listImages(item.name as RepositoryName, PAGE)).items;
    assert.deepEqual(
      images.map(({ digest, signatures, live, references, signers }) => ({
        digest,
        signatures,
        live,
        references,
        signers,
      })),
      recountImages(tables, item.name),
    );
  }
}

/** Two keys of the four, with each other. */
async function assertKeyImages(store: Store, tables: Tables): Promise<void> {
  for (const [signer, successor] of [
    [fingerprint('A'), fingerprint('B')],
    [fingerprint('B'), fingerprint('A')],
  ] as const) {
    for (const at of [NOW, NOW + 2 * DAY_MS] as Instant[]) {
      const alone = recountAlone(tables, signer, at);
      assert.deepEqual(await keyImageLines(store, { signer, aloneAt: at }), alone);
      assert.equal(
        (await store.impact({ signer }, at)).onlyImages,
        new Set(alone.map((line) => line.split(' ')[0])).size,
      );
    }
    assert.deepEqual(await keyImageLines(store, { signer, successor }), recountUnsigned(tables, signer, successor));
  }
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const ends: (() => void)[] = [];
  try {
    return await use(tempDir({ after: (end) => void ends.push(end as () => void) }));
  } finally {
    for (const end of ends) end();
  }
}

test('the catalogue', async (t) => {
  await t.test('is right after every step of whatever happens', () =>
    fc.assert(
      fc.asyncProperty(events, (steps) =>
        inFolder(async (folder) => {
          const opened = await openScene(folder);
          try {
            for (const step of steps) {
              await happen(opened.store, step);
              await assertRight(opened);
            }
          } finally {
            await opened.close();
          }
        }),
      ),
      { numRuns: 25 },
    ),
  );

  await t.test('is right when several connections write, one of them in a thread', (t) => writeTogether(t));

  await t.test('is right when another process writes', async (t) => {
    const folder = tempDir(t);
    const opened = await openScene(folder);
    t.after(opened.close);
    const wanted = { repository: REPOSITORIES[0] ?? '', digest: DIGESTS[0] ?? assert.fail(), signer: 'A' };
    for (let count = 0; count < 3; count++)
      await opened.store.append({ ...ACT, signature: signed(wanted), number: null });
    const env = { LOOKASIDE_DATA_DIR: folder };
    await must(runCli(['withdraw', '2', '--reason', 'mistake'], { env }));
    await assertRight(opened);
    await must(runCli(['key', 'revoke', fingerprint('A'), '--reason', 'lost'], { env }));
    await assertRight(opened);
    assert.deepEqual((await opened.store.counts(NOW)).signatures, { live: 0, withdrawn: 1, revoked: 2 });
  });
});

async function writeTogether(t: Pick<TestContext, 'after'>): Promise<void> {
  const folder = tempDir(t);
  const [one, other] = [await openScene(folder), await openScene(folder, 'thread')];
  t.after(one.close);
  t.after(other.close);
  const sample = fc.sample(fc.tuple(events, events), { numRuns: 3, seed: 1 });
  for (const [ours, theirs] of sample)
    await Promise.all([
      (async () => {
        for (const step of ours) await happen(one.store, step);
      })(),
      ...theirs.map((step) => happen(other.store, step)),
    ]);
  assert.ok((await one.store.counts(NOW)).signatures.live > 0);
  await assertRight(one);
  await assertRight(other);
}
