// LOOKASIDE_READ_ACCESS=token: who may not read gets 401 or 403, which fails a pull, and never the 404 that would say
// "unsigned".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DIGEST, IMAGE, scene, stored } from './scene.ts';
import { send } from './wire.ts';

const PATH = `/${IMAGE}/signature-1`;
const BY_DIGEST = `/${DIGEST.replace(':', '=')}/signature-1`;
const BELOW = `/registry.example.com/acme${BY_DIGEST}`;

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

test('a private store', async (t) => {
  const store = await scene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  await stored(store, 'rsa2048');
  const read = await store.createToken(['read']);
  const scoped = await store.createToken(['read'], ['registry.example.com/acme']);
  const exact = await store.createToken(['read'], ['registry.example.com/acme/app']);
  const wildcard = await store.createToken(['read'], ['*.example.com']);
  const elsewhere = await store.createToken(['read'], ['registry.example.com/acme-evil', 'quay.io']);
  const uploader = await store.createToken(['upload', 'withdraw', 'admin']);
  const expired = await store.createToken(['read'], [''], -1);
  const cut = read.slice(0, -1);

  const table: readonly [who: string, authorization: string | null, path: string, status: number][] = [
    ['nobody', null, PATH, 401],
    ['nobody, of what is not there', null, `/${IMAGE}/signature-2`, 401],
    ['nobody, of what is no path', null, '/favicon.ico', 401],
    ['an empty user and password', basic('', ''), PATH, 401],
    ['another scheme', `Negotiate ${read}`, PATH, 401],
    ['a token as a bare word', read, PATH, 401],
    ['a token cut short', `Bearer ${cut}`, PATH, 401],
    ['an expired token', `Bearer ${expired}`, PATH, 401],
    ['a password that is no token', basic('robot', 'secret'), PATH, 401],
    ['a token without read', `Bearer ${uploader}`, PATH, 403],
    ['a token of another scope', `Bearer ${elsewhere}`, PATH, 403],
    ['a token of another scope, of what is not there', `Bearer ${elsewhere}`, `/${IMAGE}/signature-2`, 403],
    ['a scoped token, by digest over everything', `Bearer ${scoped}`, BY_DIGEST, 403],
    ['a token of one repository, by digest below its namespace', `Bearer ${exact}`, BELOW, 403],
    ['a token', `Bearer ${read}`, PATH, 200],
    ['a token, with the scheme in small letters', `bearer ${read}`, PATH, 200],
    ['a token as password', basic('anyone', read), PATH, 200],
    ['a token as password of nobody', basic('', read), PATH, 200],
    ['a token of the namespace', `Bearer ${scoped}`, PATH, 200],
    ['a token of the repository', `Bearer ${exact}`, PATH, 200],
    ['a token of a wildcard', `Bearer ${wildcard}`, PATH, 200],
    ['a token, of what is not there', `Bearer ${read}`, `/${IMAGE}/signature-2`, 404],
    ['a token, of what is no path', `Bearer ${scoped}`, '/favicon.ico', 404],
    ['a token, by digest', `Bearer ${read}`, BY_DIGEST, 200],
    ['a scoped token, by digest within its scope', `Bearer ${scoped}`, BELOW, 200],
    ['a token of a wildcard, by digest within its scope', `Bearer ${wildcard}`, BELOW, 200],
  ];
  for (const [who, authorization, path, expected] of table)
    for (const method of ['GET', 'HEAD'])
      await t.test(`answers ${expected} to ${method} by ${who}`, async () => {
        const headers = authorization === null ? {} : { authorization };
        const answer = await send(store.url, path, { method, headers });
        assert.equal(answer.status, expected);
        assert.equal(answer.headers['www-authenticate'], expected === 401 ? 'Basic realm="lookaside"' : undefined);
        assert.equal(answer.headers['cache-control'], expected === 200 ? 'private, max-age=60' : 'no-store');
        assert.equal(answer.headers.location, undefined);
      });

  await t.test('takes no token from the query', async () =>
    assert.equal((await store.get(`${PATH}?token=${read}&access_token=${read}`)).status, 401),
  );

  await t.test('ends a revoked token with the next request', async () => {
    const headers = { authorization: `Bearer ${exact}` };
    assert.equal((await store.get(PATH, headers)).status, 200);
    const { items } = (await store.get('/api/v1/tokens', { authorization: `Bearer ${store.token}` })).json<{
      items: readonly { id: string; scopes: readonly string[] }[];
    }>();
    const id = items.find(({ scopes }) => scopes[0] === 'registry.example.com/acme/app')?.id;
    await send(store.url, `/api/v1/tokens/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${store.token}` },
    });
    assert.equal((await store.get(PATH, headers)).status, 401);
  });

  await t.test('answers a conditional request of a stranger with 401, too', async () =>
    assert.equal((await store.get(PATH, { 'if-none-match': '*' })).status, 401),
  );
});
