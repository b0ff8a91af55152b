// Appending and withdrawing: the list stays dense, and what was withdrawn stays withdrawn.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { VerifiedSignature } from '../../server/domain/signature.ts';
import type { Store } from '../../server/store/port.ts';
import { ACT, append, fingerprint, newKey, newSignature, randomDigest, storeWithKey } from './scene.ts';

async function appendAll(store: Store, signatures: readonly VerifiedSignature[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const signature of signatures) numbers.push((await store.append(append(signature))).number);
  return numbers;
}

function served(store: Store, { repository, digest }: VerifiedSignature): string[] {
  return store.live({ repository, digest }).map(({ sha256 }) => sha256);
}

const hash = ({ sha256 }: VerifiedSignature) => Buffer.from(sha256).toString('hex');

const many = (count: number) => Array.from({ length: count }, () => newSignature());

test('appending', async (t) => {
  await t.test('numbers from one, each image for itself', async (t) => {
    const { store } = await storeWithKey(t);
    const digest = randomDigest();
    assert.deepEqual(await appendAll(store, many(3)), [1, 2, 3]);
    assert.deepEqual(await appendAll(store, [newSignature({ digest }), newSignature({ digest })]), [1, 2]);
    assert.deepEqual(await appendAll(store, [newSignature({ repository: 'quay.io/acme/other' })]), [1]);
  });
  await t.test('gives the same bytes the place they have', async (t) => {
    const { store } = await storeWithKey(t);
    const [first, second] = [newSignature(), newSignature()];
    await appendAll(store, [first, second]);
    assert.deepEqual(await store.append(append(first)), { status: 'exists', id: 1, number: 1 });
    assert.equal(served(store, first).length, 2);
  });
  await t.test('gives the same signature in other bytes the place it has', async (t) => {
    const { store } = await storeWithKey(t);
    const identity = randomBytes(32);
    await appendAll(store, [newSignature({ identity })]);
    const { status, number } = await store.append(append(newSignature({ identity })));
    assert.deepEqual([status, number], ['exists', 1]);
  });
  await t.test('writes one audit row for each that is stored, and none for a repeat', async (t) => {
    const { store } = await storeWithKey(t);
    const signature = newSignature();
    await store.append(append(signature));
    await store.append(append(signature));
    const { items: events } = await store.listAudit({ action: 'signature.stored' }, { limit: 10, before: null });
    assert.equal(events.length, 1);
  });
  await t.test('takes a number only when it is the next one', async (t) => {
    const { store } = await storeWithKey(t);
    await assert.rejects(store.append(append(newSignature(), 2)), { code: 'SLOT_GAP' });
    assert.equal((await store.append(append(newSignature(), 1))).number, 1);
    await assert.rejects(store.append(append(newSignature(), 1)), { code: 'SLOT_TAKEN' });
  });
  await t.test('takes 127 of an image and no more', async (t) => {
    const { store } = await storeWithKey(t);
    const signatures = many(127);
    assert.equal((await appendAll(store, signatures)).at(-1), 127);
    await assert.rejects(store.append(append()), { code: 'IMAGE_FULL' });
    await assert.rejects(store.append(append(newSignature(), 127)), { code: 'IMAGE_FULL' });
    assert.equal((await store.append(append(signatures[3]))).number, 4);
    assert.equal((await store.append(append(newSignature({ digest: randomDigest() })))).number, 1);
  });
});

test('withdrawing', async (t) => {
  await t.test('closes the gap in the same commit', async (t) => {
    const { store } = await storeWithKey(t);
    const [a, b, c] = [newSignature(), newSignature(), newSignature()];
    await appendAll(store, [a, b, c]);
    await store.withdraw({ ...ACT, id: 2, reason: 'mistake' });
    assert.deepEqual(served(store, a), [hash(a), hash(c)]);
    assert.equal((await store.findSignature(3))?.number, 2);
    assert.equal((await store.findSignature(2))?.number, null);
    assert.deepEqual(await appendAll(store, [newSignature()]), [3]);
  });
  await t.test('is for good: neither the bytes nor the signature come back', async (t) => {
    const { store } = await storeWithKey(t);
    const signature = newSignature();
    await store.append(append(signature));
    await store.withdraw({ ...ACT, id: 1, reason: 'wrong build' });
    await assert.rejects(store.append(append(signature)), { code: 'SIGNATURE_WITHDRAWN', message: /wrong build/ });
    const { identity } = signature.examined;
    await assert.rejects(store.append(append(newSignature({ identity }))), { code: 'SIGNATURE_WITHDRAWN' });
    await assert.rejects(store.withdraw({ ...ACT, id: 1, reason: 'x' }), { code: 'SIGNATURE_WITHDRAWN' });
  });
  await t.test('of what is not there is refused', async (t) => {
    const { store } = await storeWithKey(t);
    await assert.rejects(store.withdraw({ ...ACT, id: 7, reason: 'x' }), { code: 'SIGNATURE_NOT_FOUND' });
  });
});

test('a key that changed between verification and append', async (t) => {
  const cases = [
    ['revoked', 'KEY_REVOKED'],
    ['retired', 'KEY_RETIRED'],
  ] as const;
  for (const [to, code] of cases)
    await t.test(`refuses the signature: ${to}`, async (t) => {
      const { store } = await storeWithKey(t);
      const verified = newSignature();
      await store.setKeyState({ ...ACT, fingerprint: fingerprint(), to, reason: 'x' });
      await assert.rejects(store.append(append(verified)), { code });
      assert.equal(await store.countLive(), 0);
    });
  await t.test('refuses the signature: other scopes', async (t) => {
    const { store } = await storeWithKey(t);
    const verified = newSignature();
    assert.ok(await store.putKey({ ...newKey(fingerprint(), ['docker.io']), basedOn: 1 }));
    await assert.rejects(store.append(append(verified)), { code: 'KEY_SCOPE' });
  });
  await t.test('refuses the signature: not there at all', async (t) => {
    const { store } = await storeWithKey(t);
    await assert.rejects(store.append(append(newSignature({ signer: fingerprint('B') }))), { code: 'KEY_UNKNOWN' });
  });
});

test('a revoked key', async (t) => {
  const { store } = await storeWithKey(t);
  const other = fingerprint('B');
  await store.putKey(newKey(other));
  const [a, b, c] = [newSignature(), newSignature({ signer: other }), newSignature()];
  await appendAll(store, [a, b, c]);
  await store.setKeyState({ ...ACT, fingerprint: fingerprint(), to: 'revoked', reason: 'stolen' });
  await t.test('takes all it signed out of the lists, which stay dense', () => {
    assert.deepEqual(served(store, a), [hash(b)]);
    const { digest } = a;
    assert.equal(store.liveByDigest({ repository: null, prefix: '', digest, number: 1 })?.sha256, hash(b));
    assert.equal(store.liveByDigest({ repository: null, prefix: '', digest, number: 2 }), null);
  });
  await t.test('leaves their history', async () => {
    const found = await store.findSignature(1);
    assert.deepEqual([found?.state, found?.number], ['revoked', null]);
  });
  await t.test('is final', async () => {
    for (const to of ['active', 'retired', 'revoked'] as const)
      await assert.rejects(store.setKeyState({ ...ACT, fingerprint: fingerprint(), to, reason: null }), {
        code: 'KEY_STATE_CONFLICT',
      });
  });
});

test('a change of a key', async (t) => {
  const { store } = await storeWithKey(t);
  await t.test('worked out on an older revision is not made', async () => {
    assert.equal(await store.putKey({ ...newKey(), name: 'B', basedOn: 1 }), true);
    assert.equal(await store.putKey({ ...newKey(), name: 'C', basedOn: 1 }), false);
    assert.equal(await store.putKey({ ...newKey(), name: 'C', basedOn: null }), false);
    assert.equal((await store.findKey(fingerprint()))?.name, 'B');
  });
});
