// LOOKASIDE_PUBLIC_SCOPES: of a private store, what anybody may read, whatever credential they send; by the thread that
// accepts a connection, by a read worker, and behind an alias.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORPUS_DIGEST_HEX, LOCAL } from '../support/server.ts';
import { IMAGE, type Scene, scene, stored } from './scene.ts';
import { send } from './wire.ts';

const SCOPE = 'registry.example.com/acme/app';
const PRIVATE = { LOOKASIDE_READ_ACCESS: 'token' };
const OWN = `/${IMAGE}/signature-1`;
const BY_DIGEST = `sha256=${CORPUS_DIGEST_HEX}/signature-1`;
const AT = `@${BY_DIGEST}`;
const basic = (password: string) => `Basic ${Buffer.from(`node:${password}`).toString('base64')}`;

/** Answers to GET on a connection that is in front, and to HEAD, which is node:http's. */
async function statusOf(store: Scene, path: string, authorization: string | null): Promise<number> {
  const headers = authorization === null ? {} : { authorization };
  const [get, head] = [
    await send(store.url, path, { headers }),
    await send(store.url, path, { method: 'HEAD', headers }),
  ];
  assert.equal(get.status, head.status, 'in front and behind');
  if (get.status === 200) assert.equal(get.headers['cache-control'], 'private, max-age=60');
  return get.status;
}

for (const workers of ['1', '3'])
  test(`what is public of a private store, with ${workers} thread(s)`, async (t) => {
    const settings = { ...PRIVATE, LOOKASIDE_PUBLIC_SCOPES: `quay.io/open, ${SCOPE}`, LOOKASIDE_WORKERS: workers };
    const store = await scene(t, settings);
    await stored(store, 'rsa2048');
    for (const [path, target] of [
      ['/mirror', 'registry.example.com'],
      ['/quay.io/open/closed', 'registry.example.com/secret'],
    ] as const)
      await store.local.aliases.add({ path, target, replace: false }, LOCAL);
    const read = await store.createToken(['read']);
    const elsewhere = await store.createToken(['read'], ['quay.io']);
    const expired = await store.createToken(['read'], [''], 1);

    const table: readonly [what: string, path: string, authorization: string | null, status: number][] = [
      ['a public image, by nobody', OWN, null, 200],
      ['a public image, by a token that has expired', OWN, basic(expired), 200],
      ['a public image, by a password that is none', OWN, basic('secret'), 200],
      ['a public image, by a token of another scope', OWN, `Bearer ${elsewhere}`, 200],
      ['a public image, by a token', OWN, `Bearer ${read}`, 200],
      ['the number after the last, by nobody', OWN.replace(/1$/, '2'), null, 404],
      ['a public repository that is not there, by nobody', `/quay.io/open/app${AT}`, null, 404],
      ['a public image through an alias, by nobody', `/mirror/acme/app${AT}`, null, 200],
      ['a public image in another spelling, by nobody', `//${IMAGE.replace('@', '%40')}/signature-1`, null, 200],
      ['a public image by digest below its name, by nobody', `/${SCOPE}/${BY_DIGEST}`, null, 200],
      ['a private image, by nobody', `/quay.io/other/app${AT}`, null, 401],
      ['a private image, by a token that has expired', `/quay.io/other/app${AT}`, basic(expired), 401],
      ['a private image, by a token of another scope', `/registry.example.com/b/c${AT}`, `Bearer ${elsewhere}`, 403],
      ['a name that begins like a public one, by nobody', `/${SCOPE}lication${AT}`, null, 401],
      ['a private image at an address below a public scope, by nobody', `/quay.io/open/closed/app${AT}`, null, 401],
      ['a private image through an alias, by nobody', `/mirror/acme/other${AT}`, null, 401],
      ['by digest over more than what is public, by nobody', `/registry.example.com/acme/${BY_DIGEST}`, null, 401],
      ['by digest over everything, by nobody', `/${BY_DIGEST}`, null, 401],
      ['by digest over an alias of more than what is public', `/mirror/${BY_DIGEST}`, null, 401],
      ['what is no path, by nobody', '/favicon.ico', null, 401],
    ];
    for (const [what, path, authorization, status] of table)
      await t.test(`${what}: ${status}`, async () => {
        // Several connections, which the kernel gives to several threads.
        for (let connection = 0; connection < Number(workers) * 3; connection++)
          assert.equal(await statusOf(store, path, authorization), status);
      });
    await t.test('is told to the pages', async () => {
      const answer = await store.get('/api/v1/session', { authorization: `Bearer ${read}` });
      const { store: facts } = answer.json<{ store: { publicScopes: string[] } }>();
      assert.deepEqual(facts.publicScopes, ['quay.io/open', SCOPE]);
    });
  });

test('the commands that check a signature', async (t) => {
  const cases = [
    ['name no token where nobody needs one', { LOOKASIDE_READ_ACCESS: 'public' }, false],
    ['name a token where reading needs it', PRIVATE, true],
    ['name no token for what is public of a private store', { ...PRIVATE, LOOKASIDE_PUBLIC_SCOPES: SCOPE }, false],
  ] as const;
  for (const [what, settings, withToken] of cases)
    await t.test(what, async (t) => {
      const store = await scene(t, settings);
      const [result] = await stored(store, 'rsa2048');
      const answer = await store.get(`/api/v1/signatures/${result?.id}`, { authorization: `Bearer ${store.token}` });
      assert.equal(answer.json<{ check: string }>().check.includes('LOOKASIDE_TOKEN'), withToken);
    });
});
