// Patterns of claims: the whole value, a component or all of them, and in bounded time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isPattern, matchesPattern } from '../../server/domain/claim-pattern.ts';

const CASES: readonly (readonly [string, string, boolean])[] = [
  ['refs/heads/*', 'refs/heads/main', true],
  ['refs/heads/*', 'refs/heads/', true],
  ['refs/heads/*', 'refs/heads/a/b', false],
  ['refs/heads/**', 'refs/heads/a/b', true],
  ['refs/heads/***', 'refs/heads/a/b', true],
  ['refs/heads/*', 'xrefs/heads/main', false],
  ['*/main', 'refs/heads/main', false],
  ['**/main', 'refs/heads/main', true],
  ['v*.*', 'v1.2', true],
  ['v*.*', 'v12', false],
  ['a.c', 'abc', false],
  ['a?c', 'abc', false],
  ['[ab]', 'a', false],
  ['a*b*c', 'aXbYc', true],
  ['a*b*c', 'aXbY', false],
  ['*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['*', 'a\nb', true],
  ['😀*', '😀x', true],
  ['*', '\ud800', true],
];

/** The obvious way, which takes for ever on some texts. */
function obvious(pattern: string, value: string): boolean {
  const parts = pattern.split(/(\*+)/).map((part) => {
    if (!part.startsWith('*')) return part.replace(/[^\p{L}\p{N}]/gu, '\\$&').replace(/\\ /g, ' ');
    return part.length > 1 ? '[^]*' : '[^/]*';
  });
  return new RegExp(`^(?:${parts.join('')})$`).test(value);
}

test('a pattern of a claim', async (t) => {
  for (const [pattern, value, expected] of CASES)
    await t.test(`${JSON.stringify(pattern)} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(value)}`, () =>
      assert.equal(matchesPattern(pattern, value), expected),
    );
  await t.test('matches what a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 12 });
    const value = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    fc.assert(
      fc.property(text, value, (pattern, of) => assert.equal(matchesPattern(pattern, of), obvious(pattern, of))),
    );
  });
  await t.test('takes no longer for texts that are made to take long', () => {
    const started = performance.now();
    assert.ok(!matchesPattern('*a'.repeat(500), `${'a'.repeat(999)}b`));
    assert.ok(performance.now() - started < 2_000);
  });
  await t.test('is one by its star', () => assert.deepEqual(['a*', 'a?', ''].map(isPattern), [true, false, false]));
});
