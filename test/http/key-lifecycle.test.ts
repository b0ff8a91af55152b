// The end of a key over HTTP: what expires, what depends on a key before it is retired or revoked, what its successor has
// yet to sign. Signatures are of real gpg keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { assertProblem, scene } from './scene.ts';
import { type Answer, bearer, send } from './wire.ts';

type Page = {
  readonly items: readonly { readonly repository: string; readonly digest: string; readonly references: string[] }[];
  readonly next: string | null;
};

const APP = 'quay.io/acme/app';

async function rotationScene(t: Parameters<typeof scene>[0]) {
  const store = await scene(t);
  const [old, successor] = [await createSigner('old'), await createSigner('new')];
  await store.registerKeys(old.publicKey, successor.publicKey);
  const digests = Array.from({ length: 4 }, () => randomDigest());
  const sign = async (signer: typeof old, digest: string, tag: string) => {
    const answer = await store.uploadRaw(await signer.sign(`${APP}:${tag}`, digest));
    assert.equal(answer.status, 201, answer.text);
  };
  for (const digest of digests) await sign(old, digest, 'v1');
  await sign(old, digests[0] ?? '', 'latest');
  const call = (path: string, token = store.token): Promise<Answer> =>
    send(store.url, `/api/v1/keys/${path}`, { headers: bearer(token) });
  const patch = (fingerprint: string, body: object): Promise<Answer> =>
    send(store.url, `/api/v1/keys/${fingerprint}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', ...bearer(store.token) },
      body: JSON.stringify(body),
    });
  return { ...store, old, successor, digests, sign, call, patch };
}

test('rotating a key', async (t) => {
  const store = await rotationScene(t);
  const { old, successor, digests, sign, call, patch } = store;
  const rotation = `${old.fingerprint}/rotation?to=${successor.fingerprint}`;
  const list = `${old.fingerprint}/rotation/list?to=${successor.fingerprint}`;

  await t.test('begins with everything that the old key signed', async () => {
    const answer = (await call(rotation)).json<Page & { images: number; unsigned: number; uncovered: string[] }>();
    assert.deepEqual([answer.images, answer.unsigned, answer.uncovered, answer.next], [4, 4, [], null]);
    assert.deepEqual(answer.items.map(({ digest }) => digest).sort(), [...digests].sort());
    assert.deepEqual(answer.items.find(({ digest }) => digest === digests[0])?.references, [
      `${APP}:v1`,
      `${APP}:latest`,
    ]);
  });
  await t.test('is walked page by page', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 10 && (pages === 0 || cursor !== ''); pages++) {
      const page = (await call(`${rotation}&limit=1${cursor && `&cursor=${cursor}`}`)).json<Page>();
      seen.push(...page.items.map(({ digest }) => digest));
      cursor = page.next ?? '';
    }
    assert.deepEqual(seen.sort(), [...digests].sort());
  });
  await t.test('is a list of lines for a token that may read', async () => {
    const answer = await call(list, await store.createToken(['read']));
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(String(answer.headers['content-disposition']), /attachment; filename="to-sign\.txt"/);
    const lines = digests.map((digest) => `${APP}@${digest} ${APP}:v1`);
    assert.deepEqual(answer.text.trimEnd().split('\n').sort(), [...lines, `${APP}@${digests[0]} ${APP}:latest`].sort());
  });
  await t.test('shows a token no more than its scopes cover', async () => {
    assert.equal((await call(list, await store.createToken(['read'], ['quay.io/other']))).text, '');
    assertProblem(await call(list, await store.createToken(['upload'])), 403, 'PERMISSION_MISSING');
    assertProblem(await call(rotation, await store.createToken(['read'])), 403, 'PERMISSION_MISSING');
    assertProblem(await call(rotation, await store.createToken(['admin'], ['quay.io/acme'])), 403, 'TOKEN_SCOPE');
  });
  await t.test('does not let the old key go while an image has nothing else', async () => {
    for (const digest of digests.slice(1)) await sign(successor, digest, 'v1');
    assertProblem(await patch(old.fingerprint, { state: 'retired' }), 409, 'KEY_IN_USE');
    const { unsigned, items } = (await call(rotation)).json<Page & { unsigned: number }>();
    assert.deepEqual([unsigned, items.map(({ digest }) => digest)], [1, [digests[0]]]);
  });
  await t.test('still names a tag that only the old key signed', async () => {
    await sign(successor, digests[0] ?? '', 'v1');
    assert.equal((await call(list)).text, `${APP}@${digests[0]} ${APP}:latest\n`);
  });
  await t.test('ends with nothing left, and with the old key retired', async () => {
    await sign(successor, digests[0] ?? '', 'latest');
    assert.equal((await call(list)).text, '');
    assert.equal((await patch(old.fingerprint, { state: 'retired' })).status, 200);
  });
  await t.test('needs a successor that may sign', async () => {
    const to = (fingerprint: string) => call(`${successor.fingerprint}/rotation?to=${fingerprint}`);
    assertProblem(await to(old.fingerprint), 409, 'KEY_STATE_CONFLICT');
    assertProblem(await to(successor.fingerprint), 400, 'REQUEST_INVALID');
    assertProblem(await to('A'.repeat(40)), 404, 'KEY_NOT_FOUND');
    await store.registerKeys('expired');
    const { items } = (await call('expiring')).json<{ items: { fingerprint: string }[] }>();
    assertProblem(await to(items[0]?.fingerprint ?? ''), 409, 'KEY_STATE_CONFLICT');
  });
});

test('what depends on a key', async (t) => {
  const { old, successor, digests, sign, call, patch } = await rotationScene(t);
  await sign(successor, digests[0] ?? '', 'v1');
  type Impact = Page & { signatures: number; images: number; onlyImages: number };

  await t.test('is told before it is revoked', async () => {
    const impact = (await call(`${old.fingerprint}/impact`)).json<Impact>();
    assert.deepEqual([impact.signatures, impact.images, impact.onlyImages], [5, 4, 3]);
    assert.deepEqual(impact.items.map(({ digest }) => digest).sort(), digests.slice(1).sort());
    assert.deepEqual(impact.items[0]?.references, [`${APP}:v1`]);
  });
  await t.test('cannot be told for the end of a key that has none', async () =>
    assertProblem(await call(`${old.fingerprint}/impact?end=expiry`), 400, 'REQUEST_INVALID'),
  );
  await t.test('keeps it from being retired, unless that is forced', async () => {
    assertProblem(await patch(old.fingerprint, { state: 'retired' }), 409, 'KEY_IN_USE');
    assertProblem(await patch(old.fingerprint, { state: 'active', force: true }), 400, 'REQUEST_INVALID');
    assert.equal((await patch(old.fingerprint, { state: 'retired', force: true })).status, 200);
  });
  await t.test('is nothing once it is revoked', async () => {
    assert.equal((await patch(old.fingerprint, { state: 'revoked', reason: 'lost' })).status, 200);
    const impact = (await call(`${old.fingerprint}/impact`)).json<Impact>();
    assert.deepEqual([impact.signatures, impact.images, impact.onlyImages, impact.items], [0, 0, 0, []]);
  });
});

test('keys that expire', async (t) => {
  const store = await scene(t);
  await store.registerKeys('expired');
  const call = (query: string, token = store.token) =>
    send(store.url, `/api/v1/keys/expiring${query}`, { headers: bearer(token) });
  await t.test('are listed, soonest first', async () => {
    const { items } = (await call('')).json<{ items: { name: string; served: object }[] }>();
    assert.deepEqual(
      items.map(({ name, served }) => [name.includes('expired'), served]),
      [[true, { signatures: 0, images: 0, onlyImages: 0 }]],
    );
  });
  await t.test('are not shown to a token whose scopes they are outside', async () => {
    const scoped = await store.createToken(['admin'], ['quay.io/acme']);
    assert.deepEqual((await call('', scoped)).json(), { items: [] });
    assertProblem(await call('', await store.createToken(['read'])), 403, 'PERMISSION_MISSING');
  });
  await t.test('are within days', async () => {
    for (const query of ['?within=0', '?within=x', '?within=40000'])
      assertProblem(await call(query), 400, 'REQUEST_INVALID');
  });
});
