// Writes that share a commit: each keeps its own result, and a fault of one is not a fault of its neighbours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { verifyChain } from '../../server/services/audit.ts';
import { openWriter } from '../../server/store/database.ts';
import { createOperations, type WriteRequest } from '../../server/store/operations.ts';
import { ACT, append, fingerprint, newKey, newSignature, storeWithKey } from './scene.ts';

const request = (name: WriteRequest['name'], argument: unknown): WriteRequest => ({ name, argument });

test('writes in one commit', async (t) => {
  const { store, path } = await storeWithKey(t);
  const db = openWriter(path);
  t.after(() => db.close());
  const run = createOperations(db);
  const codes = (requests: readonly WriteRequest[]) =>
    run(requests).map((result) => ('error' in result ? (result.error as { code: string }).code : 'done'));

  await t.test('keep their results apart, and a refusal does not roll its neighbours back', async () => {
    const done = codes([
      request('append', append(newSignature(), 1)),
      request('append', append(newSignature(), 1)),
      request('append', append(newSignature({ signer: fingerprint('F') }))),
      request('append', append(newSignature())),
      request('withdraw', { ...ACT, id: 99, reason: 'x' }),
      request('putKey', newKey(fingerprint('B'))),
    ]);
    assert.deepEqual(done, ['done', 'SLOT_TAKEN', 'KEY_UNKNOWN', 'done', 'SIGNATURE_NOT_FOUND', 'done']);
    assert.equal(await store.countLive(), 2);
    assert.equal((await verifyChain(store, null)).seq, 4);
  });
  await t.test('see what those before them wrote', () => {
    const signature = newSignature({ repository: 'quay.io/acme/other' });
    const change = { ...ACT, fingerprint: fingerprint(), to: 'retired', reason: null };
    const done = codes([
      request('append', append(signature)),
      request('append', append(signature)),
      request('setKeyState', change),
      request('append', append(newSignature())),
    ]);
    assert.deepEqual(done, ['done', 'done', 'done', 'KEY_RETIRED']);
  });
  await t.test('know a key as it is now, also where a commit failed that had changed it', async () => {
    const signer = fingerprint('C');
    const revoke = request('setKeyState', { ...ACT, fingerprint: signer, to: 'revoked', reason: 'lost' });
    const retire = request('setKeyState', { ...ACT, fingerprint: signer, to: 'retired', reason: null });
    const upload = () => request('append', append(newSignature({ signer })));
    assert.deepEqual(codes([request('putKey', newKey(signer)), upload()]), ['done', 'done']);
    // The last of a batch that fails as a whole: by then both have seen the key as it never came to be.
    db.exec(
      "CREATE TEMP TRIGGER full AFTER UPDATE ON probe BEGIN SELECT raise(ROLLBACK, 'the disk is full, let us say'); END",
    );
    assert.equal(codes([retire, upload(), request('probe', undefined)]).at(-1), 'STORE_FAULT');
    db.exec('DROP TRIGGER full');
    assert.equal((await store.findKey(signer))?.state.state, 'active');
    // This change gets the number that the lost one had.
    assert.deepEqual(codes([revoke, upload()]), ['done', 'KEY_REVOKED']);
  });
  await t.test('do not stop at a fault inside one of them', async () => {
    const broken = { ...append(newSignature()), signature: null };
    const done = codes([request('append', broken), request('probe', undefined)]);
    assert.equal(done[1], 'done');
    assert.notEqual(done[0], 'done');
  });
});

test('the writer thread', async (t) => {
  const { store } = await storeWithKey(t, 'thread');
  await t.test('gives each of many callers its own answer', async () => {
    const signatures = Array.from({ length: 300 }, (_, n) => newSignature({ repository: `quay.io/acme/r${n % 10}` }));
    const wrong = newSignature({ signer: fingerprint('F') });
    const results = await Promise.allSettled(
      signatures.flatMap((signature, n) =>
        n % 3 === 0
          ? [store.append(append(wrong)), store.append(append(signature))]
          : [store.append(append(signature))],
      ),
    );
    assert.equal(results.filter(({ status }) => status === 'rejected').length, 100);
    assert.equal(await store.countLive(), 300);
    for (const { repository, digest } of signatures.slice(0, 10))
      assert.equal(store.live({ repository, digest }).length, 30);
    assert.equal((await verifyChain(store, null)).seq, 301);
  });
  await t.test('shows what it acknowledged to another process at once', async () => {
    const { path, store } = await storeWithKey(t, 'thread');
    const db = new Database(path);
    t.after(() => db.close());
    const count = db.prepare<[], number>('SELECT count(*) FROM signatures').pluck();
    for (let number = 1; number <= 20; number++) {
      await store.append(append(newSignature()));
      assert.equal(count.get(), number);
    }
  });
  await t.test('refuses what comes after it was closed', async (t) => {
    const { store } = await storeWithKey({ after: () => t.after(() => {}) }, 'thread');
    const last = store.append(append(newSignature()));
    await store.close();
    assert.equal((await last).status, 'stored');
    await assert.rejects(store.append(append(newSignature())), { code: 'STORE_FAULT' });
  });
});
