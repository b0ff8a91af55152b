// Lists in pages: following `next` shows everything once, also while new rows come in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { assertProblem, type Scene, scene, signature } from './scene.ts';
import { bearer, send } from './wire.ts';

type Page<T> = { readonly items: readonly T[]; readonly next: string | null };

async function page<T>(store: Scene, path: string): Promise<Page<T>> {
  const answer = await send(store.url, path, { headers: bearer(store.token) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json<Page<T>>();
}

async function* pages<T>(store: Scene, path: string, limit: number): AsyncGenerator<Page<T>> {
  let cursor = '';
  for (;;) {
    const found = await page<T>(store, `${path}?limit=${limit}${cursor}`);
    yield found;
    if (found.next === null) return;
    cursor = `&cursor=${found.next}`;
  }
}

async function all<T>(store: Scene, path: string, limit: number): Promise<T[]> {
  const items: T[] = [];
  for await (const found of pages<T>(store, path, limit)) items.push(...found.items);
  return items;
}

type Row = { readonly id: number; readonly repository: string; readonly digest: string; readonly state: string };

test('a list of signatures', async (t) => {
  const store = await scene(t);
  const signer = await createSigner();
  await store.registerKeys(signer.publicKey);
  const digest = randomDigest();
  const signed = await signer.signTags('quay.io/acme/app', digest, 10);
  await store.upload(...signed.map((bytes) => ({ bytes })), { bytes: signature('rsa2048') });
  const ids = async (query: string) =>
    (await page<Row>(store, `/api/v1/signatures?${query}`)).items.map(({ id }) => id);

  for (const limit of [1, 2, 3, 10, 11, 12, 1000])
    await t.test(`shows each once, newest first, ${limit} at a time`, async () => {
      const items = await all<Row>(store, '/api/v1/signatures', limit);
      assert.deepEqual(
        items.map(({ id }) => id),
        [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
      );
    });

  await t.test('shows each once also when more are stored meanwhile', async () => {
    const seen: number[] = [];
    for await (const { items } of pages<Row>(store, '/api/v1/signatures', 4)) {
      seen.push(...items.map(({ id }) => id));
      await store.uploadRaw(await signer.sign(`quay.io/acme/other:v${seen.length}`, randomDigest()));
    }
    assert.deepEqual(seen, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  await t.test('is narrowed by repository, digest, signer, state and words', async () => {
    assert.deepEqual(await ids('repository=registry.example.com/acme/app'), [11]);
    assert.equal((await ids(`digest=${digest}`)).length, 10);
    assert.equal((await ids(`signer=${signer.fingerprint.toLowerCase()}&digest=${digest}`)).length, 10);
    assert.deepEqual(await ids('state=withdrawn'), []);
    assert.deepEqual(await ids('q=registry.example'), [11]);
    assert.deepEqual(await ids('q=%25'), []); // the letter itself, not SQL's
  });

  const BAD = [
    'limit=0',
    'limit=1001',
    'limit=x',
    'limit=1&limit=2',
    'cursor=0',
    'cursor=x',
    'state=gone',
    'page=2',
    'q=',
  ];
  for (const query of BAD)
    await t.test(`refuses ${query}`, async () => {
      const answer = await send(store.url, `/api/v1/signatures?${query}`, { headers: bearer(store.token) });
      assertProblem(answer, 400, 'REQUEST_INVALID');
    });
  const CODES = {
    'digest=x': 'DIGEST_INVALID',
    'signer=x': 'FINGERPRINT_INVALID',
    'repository=A': 'REPOSITORY_INVALID',
  };
  for (const [query, code] of Object.entries(CODES))
    await t.test(`refuses ${query} with ${code}`, async () => {
      const answer = await send(store.url, `/api/v1/signatures?${query}`, { headers: bearer(store.token) });
      assertProblem(answer, 400, code);
    });
});

type Event = {
  readonly seq: number;
  readonly action: string;
  readonly subject: string;
  readonly actor: { id?: string; name: string };
};

test('the audit log', async (t) => {
  const store = await scene(t);
  for (let count = 0; count < 5; count++) await store.createToken(['read']);
  await store.uploadRaw(signature('rsa2048'));
  const whole = await all<Event>(store, '/api/v1/audit', 1000);
  const get = async (query: string) => (await page<Event>(store, `/api/v1/audit?${query}`)).items;

  for (const limit of [1, 4, whole.length])
    await t.test(`shows each event once, newest first, ${limit} at a time`, async () => {
      const seqs = (await all<Event>(store, '/api/v1/audit', limit)).map(({ seq }) => seq);
      assert.deepEqual(
        seqs,
        Array.from({ length: whole.length }, (_, index) => whole.length - index),
      );
    });
  await t.test('is narrowed by action, subject and actor', async () => {
    const [event] = await get('action=signature.stored');
    assert.equal(event?.action, 'signature.stored');
    assert.equal((await get(`subject=${encodeURIComponent(event?.subject ?? '')}`)).length, 1);
    assert.deepEqual(await get(`actor=${event?.actor.id}`), [event]);
    const byTester = whole.filter(({ actor }) => actor.name === 'tester');
    assert.deepEqual(await get('actor=tester'), byTester);
    assert.deepEqual(await get('actor=nobody'), []);
  });
  await t.test('keeps neither secrets nor payloads', () => {
    const text = JSON.stringify(whole);
    assert.doesNotMatch(text, /lks_|docker-manifest-digest/);
  });
  await t.test('refuses an action that there is not', async () => {
    const answer = await send(store.url, '/api/v1/audit?action=x', { headers: bearer(store.token) });
    assertProblem(answer, 400, 'REQUEST_INVALID');
  });
});
