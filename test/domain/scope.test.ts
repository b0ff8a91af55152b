// Scopes: which repositories a key or a token counts for, and who may hand on what.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseRepository } from '../../server/domain/repository-name.ts';
import {
  EVERYTHING,
  parseScope,
  scopeCovers,
  scopesAbove,
  scopesContain,
  scopesCover,
  scopesCoverPrefix,
} from '../../server/domain/scope.ts';
import { repository, scope } from './arbitraries.ts';

const LIES = [
  'acme',
  'quay.io/',
  'quay.io//a',
  '/quay.io',
  'quay.io/A',
  'quay.io/a:v1',
  'quay.io/a@sha256:00',
  '*',
  '*.',
  '*.quay.io:5000',
  '*.quay.io/a',
  'quay.*',
  '**.io',
  ' quay.io',
  'quay.io ',
  'quay.io\n',
  'quay.io/..',
  'https://quay.io',
  'quay.io:',
  '.io',
  '-.io',
];

const COVERS: readonly [scope: string, repository: string, covers: boolean][] = [
  ['', 'docker.io/library/nginx', true],
  ['quay.io', 'quay.io/a', true],
  ['quay.io', 'quay.io:443/a', false],
  ['quay.io:443', 'quay.io:443/a', true],
  ['quay.io', 'a.quay.io/a', false],
  ['quay.io/a', 'quay.io/a', true],
  ['quay.io/a', 'quay.io/a/b', true],
  ['quay.io/a', 'quay.io/ab', false],
  ['quay.io/a', 'quay.io/a-b', false],
  ['quay.io/a/b', 'quay.io/a', false],
  ['*.quay.io', 'a.quay.io/a', true],
  ['*.quay.io', 'b.a.quay.io/a', true],
  ['*.quay.io', 'a.quay.io:5000/a', true],
  ['*.quay.io', 'quay.io/a', false],
  ['*.quay.io', 'xquay.io/a', false],
  ['docker.io', 'nginx', true],
  ['docker.io/library', 'nginx', true],
  ['docker.io/nginx', 'nginx', false],
];

const MISTAKES: readonly (readonly [text: string, advice: RegExp])[] = [
  ['https://quay.io/acme', /leave out the scheme/],
  ['quay.io/acme/app:v1', /leave out the tag/],
  ['localhost:5000/acme/app:v1', /leave out the tag/],
  [`quay.io/acme/app@sha256:${'0'.repeat(64)}`, /digest/],
  ['quay.io/acme/', /slash at its end/],
  ['quay.io/*', /a wildcard stands before a domain/],
  ['quay.io/Acme', /lower case/],
  ['acme/app', /names the registry in full/],
];

test('a scope', async (t) => {
  for (const text of LIES)
    await t.test(`is refused: ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseScope(text), { code: 'SCOPE_INVALID' }),
    );
  for (const [text, advice] of MISTAKES)
    await t.test(`says what is wrong with ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseScope(text), { code: 'SCOPE_INVALID', message: advice }),
    );
  for (const [text, name, covers] of COVERS)
    await t.test(`${JSON.stringify(text)} ${covers ? 'covers' : 'does not cover'} ${name}`, () =>
      assert.equal(scopeCovers(parseScope(text), parseRepository(name)), covers),
    );
  await t.test('is what it was parsed from', () =>
    fc.assert(fc.property(scope, (scope) => assert.equal(parseScope(scope), scope))),
  );
});

test('containment', async (t) => {
  const contains = (a: typeof scope extends fc.Arbitrary<infer S> ? S : never, b: typeof a) => scopesContain([a], b);
  await t.test('holds of a scope and itself, and everything contains all', () =>
    fc.assert(fc.property(scope, (a) => assert.ok(contains(a, a) && contains(parseScope(''), a)))),
  );
  await t.test('is transitive', () =>
    fc.assert(
      fc.property(scope, scope, scope, (a, b, c) => {
        fc.pre(contains(a, b) && contains(b, c));
        assert.ok(contains(a, c));
      }),
      { numRuns: 500 },
    ),
  );
  await t.test('never hands on a repository that the outer scope does not cover', () =>
    fc.assert(
      fc.property(scope, scope, repository, (outer, inner, name) => {
        fc.pre(contains(outer, inner) && scopeCovers(inner, name));
        assert.ok(scopeCovers(outer, name));
      }),
      { numRuns: 500 },
    ),
  );
  await t.test('of both in each other means the same scope', () =>
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        fc.pre(contains(a, b) && contains(b, a));
        assert.equal(a, b);
      }),
      { numRuns: 500 },
    ),
  );
});

test('a prefix that is covered', async (t) => {
  await t.test('holds no repository that is not', () =>
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 3 }), repository, fc.nat(4), (scopes, name, depth) => {
        const prefix = name.split('/').slice(0, depth).join('/');
        fc.pre(prefix !== name && scopesCoverPrefix(scopes, prefix));
        assert.ok(scopesCover(scopes, name));
      }),
      { numRuns: 500 },
    ),
  );
  await t.test('is not the whole store for anything less than everything', () => {
    assert.ok(scopesCoverPrefix([parseScope('')], ''));
    assert.ok(!scopesCoverPrefix(['docker.io', '*.io'].map(parseScope), ''));
    assert.ok(!scopesCoverPrefix([], ''));
  });
});

test('the scopes above one are those that contain it, the most specific first', () => {
  const names = ['a.b.example.com:5000/x/y', '*.b.example.com', 'quay.io/acme', 'localhost', '127.0.0.1:5000/x'];
  const all = [...new Set(names.map(parseScope).flatMap(scopesAbove))];
  for (const scope of all) {
    const above = scopesAbove(scope);
    assert.deepEqual(all.filter((other) => scopesContain([other], scope)).sort(), [...above].sort());
    for (const [index, wider] of above.entries())
      for (const narrower of above.slice(0, index)) assert.ok(scopesContain([wider], narrower));
    assert.equal(above.at(-1), EVERYTHING);
  }
});
