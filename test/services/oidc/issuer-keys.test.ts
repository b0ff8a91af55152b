// The keys of an issuer: where they may be, and how often it is asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import type { Instant } from '../../../server/domain/instant.ts';
import { createLog } from '../../../server/ops/log.ts';
import { unavailable } from '../../../server/services/oidc/issuer-fetch.ts';
import { createIssuerKeys, FRESH_MS, KEPT_MS, PAUSE_MS } from '../../../server/services/oidc/issuer-keys.ts';
import { jwt, newKey, publicJwk, type SigningKey } from '../../support/issuer.ts';

const ISSUER = 'https://issuer.example';

function scene() {
  let now = 1_000_000_000 as Instant;
  const key = newKey('first');
  const documents: Record<string, unknown> = {
    [`${ISSUER}/.well-known/openid-configuration`]: { issuer: ISSUER, jwks_uri: 'https://keys.example/' },
    'https://keys.example/': { keys: [publicJwk(key)] },
  };
  const asked: string[] = [];
  const state = { down: false };
  const keysOf = createIssuerKeys({
    async fetchDocument(url) {
      asked.push(url);
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (state.down || !(url in documents)) throw unavailable('down');
      return documents[url];
    },
    world: { now: () => now },
    log: createLog('silent'),
  });
  return {
    key,
    documents,
    asked,
    state,
    later: (ms: number) => {
      now = (now + ms) as Instant;
    },
    verify: (by: SigningKey = key) => jwtVerify(jwt({ iss: ISSUER }, by), keysOf(ISSUER)),
  };
}

test('the keys of an issuer', async (t) => {
  await t.test('are fetched once for all who come at the same time', async () => {
    const { verify, asked } = scene();
    await Promise.all(Array.from({ length: 10 }, () => verify()));
    assert.equal(asked.length, 2);
  });
  await t.test('are fetched again after a while, and one that was taken back counts no more', async () => {
    const { verify, documents, later, asked } = scene();
    await verify();
    documents['https://keys.example/'] = { keys: [publicJwk(newKey('second'))] };
    later(FRESH_MS - 1);
    await verify();
    later(1);
    await assert.rejects(verify(), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
    assert.equal(asked.length, 4);
  });
  await t.test('count while the issuer is down, for hours, and it is asked every half minute at most', async () => {
    const { verify, state, later, asked } = scene();
    await verify();
    state.down = true;
    later(FRESH_MS);
    for (let count = 0; count < 5; count++) await verify();
    assert.equal(asked.length, 3);
    later(PAUSE_MS);
    await verify();
    assert.equal(asked.length, 4);
    later(KEPT_MS - FRESH_MS - PAUSE_MS - 1);
    await verify();
    later(1);
    await assert.rejects(verify(), { code: 'ISSUER_UNAVAILABLE' });
  });
  await t.test('are asked for again when a token names another, every half minute at most', async () => {
    const { verify, later, asked } = scene();
    await verify();
    for (let round = 1; round <= 3; round++) {
      later(PAUSE_MS);
      for (let count = 0; count < 5; count++) await assert.rejects(verify(newKey('other', 'ES256')));
      assert.equal(asked.length, 2 + 2 * round);
    }
  });
  await t.test('are not believed to be fresh by a clock that was set back', async () => {
    const { verify, later, asked } = scene();
    await verify();
    later(-60 * 60 * 1000);
    await verify();
    assert.equal(asked.length, 4);
  });
  await t.test('are those that can be read; what stands beside them is left out', async () => {
    const { verify, documents, key } = scene();
    documents['https://keys.example/'] = {
      keys: [[], null, 'x', {}, { kty: 'oct', k: 'AA' }, publicJwk(key)],
    };
    await verify();
  });
  const wrong: readonly (readonly [string, string, unknown])[] = [
    [
      'whose discovery document is of another',
      '.well-known',
      { issuer: 'https://other.example', jwks_uri: 'https://keys.example/' },
    ],
    [
      'whose discovery document has a slash more',
      '.well-known',
      { issuer: `${ISSUER}/`, jwks_uri: 'https://keys.example/' },
    ],
    ['without jwks_uri', '.well-known', { issuer: ISSUER }],
    ['whose jwks_uri is no text', '.well-known', { issuer: ISSUER, jwks_uri: ['https://keys.example/'] }],
    ['whose document is a list', '.well-known', []],
    ['without keys', 'keys.', {}],
    ['with keys that are no list', 'keys.', { keys: { 0: {} } }],
    ['with more keys than there is room for', 'keys.', { keys: Array.from({ length: 101 }, () => ({})) }],
  ];
  for (const [what, where, document] of wrong)
    await t.test(`are refused of an issuer ${what}`, async () => {
      const { verify, documents } = scene();
      const url = Object.keys(documents).find((each) => each.includes(where)) ?? '';
      documents[url] = document;
      await assert.rejects(verify(), { code: 'ISSUER_UNAVAILABLE' });
    });
});
