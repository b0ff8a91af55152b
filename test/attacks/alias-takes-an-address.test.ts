// An alias decides what is read at an address, so whoever may add one could hide the signatures of others, or show what
// a token may not read. It takes an admin of everything; and what is read counts, not how it is written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertProblem, IMAGE, scene, stored } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { CORPUS_DIGEST_HEX, LOCAL } from '../support/server.ts';

const VICTIM = 'registry.example.com';
const AT = `@sha256=${CORPUS_DIGEST_HEX}/signature-1`;

test('an alias is added and removed by an admin of everything only', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const { id } = await store.local.aliases.add({ path: '/kept', target: VICTIM, replace: false }, LOCAL);
  const who: readonly [what: string, token: string, code: string][] = [
    ['an admin of the target', await store.createToken(['admin'], ['quay.io/evil']), 'TOKEN_SCOPE'],
    [
      'an admin of the target and of what it hides',
      await store.createToken(['admin'], ['quay.io', VICTIM]),
      'TOKEN_SCOPE',
    ],
    ['who may do everything else', await store.createToken(['upload', 'withdraw', 'read']), 'PERMISSION_MISSING'],
  ];
  for (const [what, token, code] of who)
    await t.test(`and not by ${what}`, async () => {
      const headers = { 'content-type': 'application/json', ...bearer(token) };
      for (const replace of [false, true]) {
        const body = JSON.stringify({ path: `/${VICTIM}`, target: 'quay.io/evil', replace });
        assertProblem(await send(store.url, '/api/v1/aliases', { method: 'POST', headers, body }), 403, code);
      }
      assertProblem(await send(store.url, `/api/v1/aliases/${id}`, { method: 'DELETE', headers }), 403, code);
      assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 200);
    });
  await t.test('and a scoped one sees those only that lead into its scopes', async () => {
    for (const [scope, seen] of [
      ['quay.io', 0],
      [VICTIM, 1],
      [`${VICTIM}/acme`, 0],
    ] as const) {
      const token = await store.createToken(['admin'], [scope]);
      const answer = await store.get('/api/v1/aliases', { authorization: `Bearer ${token}` });
      assert.equal(answer.json<{ items: unknown[] }>().items.length, seen, scope);
    }
  });
});

test('a token reads through an alias what it may read, and nothing else', async (t) => {
  const store = await scene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  await stored(store, 'rsa2048');
  const { aliases } = store.local;
  await aliases.add({ path: '/quay.io/mine', target: VICTIM, replace: false }, LOCAL);
  const mine = bearer(await store.createToken(['read'], ['quay.io/mine']));
  const theirs = bearer(await store.createToken(['read'], [`${VICTIM}/acme`]));
  const written = [`/quay.io/mine/acme/app${AT}`, `/quay.io//mine/acme/app${AT}`, `/quay.io/min%65/acme/app${AT}`];

  await t.test('however the address is written', async () => {
    for (const path of written)
      for (const method of ['GET', 'HEAD']) {
        assert.equal((await send(store.url, path, { method, headers: mine })).status, 403, path);
        assert.equal((await send(store.url, path, { method, headers: theirs })).status, 200, path);
      }
  });
  await t.test('and no longer once the address means something else', async () => {
    await aliases.add({ path: '/quay.io/mine', target: 'quay.io/other', replace: true }, LOCAL);
    for (const path of written) assert.equal((await send(store.url, path, { headers: theirs })).status, 403, path);
  });
});
