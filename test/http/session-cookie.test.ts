// The attributes of the session cookie, with TLS in front and without.
import assert from 'node:assert/strict';
import type { OutgoingHttpHeaders } from 'node:http';
import { test } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { cookieOf, peopleScene, personWith } from '../support/people.ts';
import { assertProblem } from './scene.ts';

const PLAIN = /^lookaside_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/;
const SECURE = /^__Host-lookaside_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure$/;
const HOST = 'sigs.example.com';
const HTTPS = `https://${HOST}`;
const forwarded = { 'x-forwarded-proto': 'https' };

type Case = readonly [why: string, settings: Environment, headers: OutgoingHttpHeaders, expected: RegExp];

const CASES: readonly Case[] = [
  ['over plain HTTP', {}, {}, PLAIN],
  ['where a client without a trusted proxy claims TLS', {}, forwarded, PLAIN],
  [
    'where the trusted proxy says TLS',
    { LOOKASIDE_TRUST_PROXY: '1' },
    { ...forwarded, origin: HTTPS, host: HOST },
    SECURE,
  ],
  ['where the trusted proxy says no TLS', { LOOKASIDE_TRUST_PROXY: '1' }, { 'x-forwarded-proto': 'http' }, PLAIN],
  ['at the published https address', { LOOKASIDE_PUBLIC_URL: HTTPS }, { host: HOST, origin: HTTPS }, SECURE],
  [
    'at the published https address, from a program',
    { LOOKASIDE_PUBLIC_URL: HTTPS },
    { host: HOST, origin: undefined },
    SECURE,
  ],
  ['at another address than the published one', { LOOKASIDE_PUBLIC_URL: HTTPS }, {}, PLAIN],
  ['where the browser says that its page is https', {}, { host: HOST, origin: HTTPS }, SECURE],
  [
    'where the browser says so and the proxy hides the host',
    {},
    { origin: HTTPS, 'sec-fetch-site': 'same-origin' },
    SECURE,
  ],
];

test('the cookie', async (t) => {
  for (const [why, settings, headers, expected] of CASES)
    await t.test(`${expected === SECURE ? 'is bound to TLS' : 'is plain'} ${why}`, async (t) => {
      const store = await peopleScene(t, settings);
      const answer = await store.signIn('admin', undefined, headers);
      assert.equal(answer.status, 200, answer.text);
      assert.match(String(answer.headers['set-cookie']), expected);
    });
});

test('a cookie bound to TLS', async (t) => {
  const store = await peopleScene(t, { LOOKASIDE_PUBLIC_URL: HTTPS });
  const headers = { host: HOST, origin: HTTPS };
  const person = personWith(store.url, cookieOf(await store.signIn('admin', undefined, headers)));
  await t.test('is read, and taken back by its own name', async () => {
    assert.equal((await person.call('GET', '/api/v1/session', undefined, { host: HOST })).status, 200);
    const answer = await person.call('DELETE', '/api/v1/session', undefined, headers);
    assert.equal(answer.status, 204);
    assert.match(String(answer.headers['set-cookie']), /^__Host-lookaside_session=; Path=\/; .*; Secure; Max-Age=0$/);
    assertProblem(await person.call('GET', '/api/v1/session'), 401, 'CREDENTIALS_EXPIRED');
  });
});
