// Many signatures from this machine: the same verdicts as an upload, in the order of their source, each once.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { composeBulkIntake } from '../../server/compose/bulk-intake.ts';
import { createLog } from '../../server/ops/log.ts';
import type { Entry, Taken } from '../../server/services/bulk-intake.ts';
import { APART, CORPUS, CORPUS_KEYS, targetOf } from '../openpgp/corpus.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { fixture, LOCAL, type TestStore, testStore } from '../support/server.ts';

const REPOSITORY = 'registry.example.com/acme/app';
const SILENT = createLog('silent');
const PAGE = { limit: 1_000, before: null } as const;

type Take = (entries: Iterable<Entry>, dryRun?: boolean) => Promise<Taken<Entry>[]>;

async function scene(t: TestContext, ...keys: (string | Uint8Array)[]): Promise<TestStore & { take: Take }> {
  const store = await testStore(t);
  await store.registerKeys(...keys);
  const bulk = await composeBulkIntake(store.config, SILENT);
  t.after(() => bulk.close());
  const take: Take = async (entries, dryRun = false) => {
    const taken: Taken<Entry>[] = [];
    for await (const each of bulk.take(asSource(entries), { principal: LOCAL, dryRun })) taken.push(each);
    return taken;
  };
  return { ...store, take };
}

async function* asSource(entries: Iterable<Entry>): AsyncGenerator<Entry> {
  yield* entries;
}

function entry(bytes: Uint8Array, digest: string): Entry {
  return { bytes, target: `${REPOSITORY}@${digest.replace(':', '=')}` };
}

const words = (taken: readonly Taken<Entry>[]) =>
  taken.map(({ outcome }) => (outcome.status === 'refused' ? outcome.error.code : outcome.status));

const numbers = (taken: readonly Taken<Entry>[]) =>
  taken.map(({ outcome }) => (outcome.status === 'refused' ? null : outcome.slot.number));

test('the verdict on every vector of the corpus is that of an upload', async (t) => {
  const every = CORPUS.filter(({ keys }) => !keys.some((key) => APART.has(key)));
  const keys = CORPUS_KEYS.filter(({ name, state }) => state !== null && !APART.has(name)).map(({ name }) => name);
  const { take } = await scene(t, ...keys);
  const entries = every.map((vector) => ({ bytes: fixture(vector.file), target: targetOf(vector) }));
  const expected = every.map(({ expect }) => expect);
  for (const dryRun of [true, false]) {
    const accepted = new Set(['stored', 'acceptable', 'duplicate', 'exists']);
    const said = words(await take(entries, dryRun)).map((word) => (accepted.has(word) ? 'accepted' : word));
    assert.deepEqual(said, expected);
  }
});

test('signatures of an image', async (t) => {
  const signer = await createSigner();
  const digest = randomDigest();
  const signed = await signer.signTags(REPOSITORY, digest, 130);
  const entries = signed.map((bytes) => entry(bytes, digest));
  const expected = signed.map((_, index) => (index < 127 ? 'stored' : 'IMAGE_FULL'));

  await t.test(
    'are numbered in the order of the source, across batches, up to the most that runtimes read',
    async (t) => {
      const { take } = await scene(t, signer.publicKey);
      const refused = entry(Buffer.from('<html>'), digest);
      const apart = entries.flatMap((each) => [refused, each, refused]); // several batches of one image
      const taken = (await take(apart)).filter(({ entry: { bytes } }) => bytes !== refused.bytes);
      assert.deepEqual(words(taken), expected);
      assert.deepEqual(
        numbers(taken).slice(0, 127),
        Array.from({ length: 127 }, (_, index) => index + 1),
      );
    },
  );
  await t.test('are announced by a dry run as they will be, and nothing is stored', async (t) => {
    const { take, local } = await scene(t, signer.publicKey);
    const rehearsed = await take(entries, true);
    assert.deepEqual((await local.signatures.list({}, PAGE, LOCAL)).items, []);
    const taken = await take(entries);
    assert.deepEqual(
      words(rehearsed).map((word) => (word === 'acceptable' ? 'stored' : word)),
      words(taken),
    );
    assert.deepEqual(numbers(rehearsed), numbers(taken));
  });
  await t.test('that come again are duplicates in the same run and there in the next', async (t) => {
    const { take } = await scene(t, signer.publicKey);
    const twice = [...entries.slice(0, 3), ...entries.slice(0, 3)];
    const first = ['acceptable', 'acceptable', 'acceptable', 'duplicate', 'duplicate', 'duplicate'];
    assert.deepEqual(words(await take(twice, true)), first);
    assert.deepEqual(
      words(await take(twice)),
      first.map((word) => (word === 'acceptable' ? 'stored' : word)),
    );
    for (const dryRun of [true, false])
      assert.deepEqual(
        words(await take(twice, dryRun)),
        first.map((word) => (word === 'acceptable' ? 'exists' : word)),
      );
  });
});

test('a fault of the store', async (t) => {
  const signer = await createSigner();
  const digest = randomDigest();
  const signed = await signer.signTags(REPOSITORY, digest, 5);
  const entries = signed.map((bytes) => entry(bytes, digest));

  await t.test('that passes is waited for, and the order stays', async (t) => {
    const { take, config } = await scene(t, signer.publicKey);
    const other = new Database(config.databasePath);
    other.exec('BEGIN IMMEDIATE'); // longer than a writer waits by itself
    const unlocking = sleep(6_000).then(() => other.exec('COMMIT'));
    assert.deepEqual(numbers(await take(entries)), [1, 2, 3, 4, 5]);
    await unlocking;
    other.close();
  });
  await t.test('that stays ends the run, and nothing of it is a verdict on a signature', async (t) => {
    const { take, config } = await scene(t, signer.publicKey);
    await take(entries.slice(0, 1));
    renameSync(config.databasePath, `${config.databasePath}.moved`);
    await assert.rejects(take(entries), { code: 'STORE_FAULT' });
  });
});

test('a source that breaks', async (t) => {
  const store = await testStore(t);
  const bulk = await composeBulkIntake(store.config, SILENT);
  t.after(() => bulk.close());
  async function* breaking(): AsyncGenerator<Entry> {
    for (let given = 0; given < 600; given++) yield entry(Buffer.from('<html>'), randomDigest());
    throw new Error('the disk is gone');
  }
  await t.test('ends the run when the outcomes of what it had given were given', async () => {
    const taken: Taken<Entry>[] = [];
    const run = async () => {
      for await (const each of bulk.take(breaking(), { principal: LOCAL })) taken.push(each);
    };
    await assert.rejects(run(), { message: 'the disk is gone' });
    assert.equal(taken.length, 512); // whole batches
  });
});
