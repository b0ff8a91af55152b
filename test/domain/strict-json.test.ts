// The refusing reader: what it accepts is what JSON.parse says, and what JSON.parse forgives it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Json, parseStrictJson } from '../../server/domain/strict-json.ts';

const LIES: readonly [what: string, text: string][] = [
  ['nothing', ''],
  ['only space', ' \n'],
  ['two values', '1 2'],
  ['text after it', '{} x'],
  ['a NUL after it', '{}\0'],
  ['a byte order mark', '\ufeff{}'],
  ['a no-break space', '\u00a0{}'],
  ['a form feed as space', '\f{}'],
  ['a comma too many in an object', '{"a":1,}'],
  ['a comma too many in an array', '[1,]'],
  ['a comma too few', '[1 2]'],
  ['no colon', '{"a" 1}'],
  ['a name without quotes', '{a:1}'],
  ['single quotes', "{'a':1}"],
  ['a comment', '{/* */}'],
  ['an unfinished object', '{"a":1'],
  ['an unfinished array', '[1'],
  ['an unfinished string', '"a'],
  ['a lone backslash', '"\\'],
  ['an unknown escape', '"\\x41"'],
  ['an escape named like a method', '"\\constructor"'],
  ['a short escape', '"\\u00e"'],
  ['a tab inside a string', '"\t"'],
  ['a lone high surrogate', '"\\ud800"'],
  ['a lone low surrogate', '"\\udc00"'],
  ['surrogates the wrong way round', '"\\udc00\\ud800"'],
  ['a lone surrogate as a name', '{"\\ud800":1}'],
  ['a leading zero', '01'],
  ['a leading plus', '+1'],
  ['a bare point', '.5'],
  ['a point at the end', '5.'],
  ['hexadecimal', '0x10'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['a number that is infinite', '1e999'],
  ['True', 'True'],
  ['undefined', 'undefined'],
  ['a name twice', '{"a":1,"a":1}'],
  ['a name twice, once escaped', '{"a":1,"\\u0061":2}'],
  ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
  ['a name twice, deep inside', '[{"a":[{"b":1,"b":2}]}]'],
  ['33 levels', `${'['.repeat(34)}1${']'.repeat(34)}`],
];

/** The same shape as JSON.parse gives. */
function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'grapheme' });

test('strict JSON', async (t) => {
  for (const [what, text] of LIES)
    await t.test(`refuses ${what}`, () => assert.throws(() => parseStrictJson(text), { code: 'CLAIM_INVALID' }));

  await t.test('agrees with JSON.parse on every value', () =>
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        assert.deepEqual(plain(parseStrictJson(text)), JSON.parse(text));
      }),
    ),
  );
  await t.test('accepts nothing that JSON.parse refuses', () =>
    fc.assert(
      fc.property(json, fc.nat(), fc.string({ maxLength: 3 }), (value, at, text) => {
        const whole = JSON.stringify(value);
        const spoilt = whole.slice(0, at % (whole.length + 1)) + text + whole.slice(at % (whole.length + 1));
        let parsed: Json;
        try {
          parsed = parseStrictJson(spoilt);
        } catch (error) {
          return assert.equal((error as { code: string }).code, 'CLAIM_INVALID');
        }
        assert.deepEqual(plain(parsed), JSON.parse(spoilt));
      }),
      { numRuns: 500 },
    ),
  );
  await t.test('refuses any name that comes twice in one object', () =>
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 1 }), fc.nat(), (names, which) => {
        const members = [...names, names[which % names.length]].map((name) => `${JSON.stringify(name)}:1`);
        assert.throws(() => parseStrictJson(`{${members.join(',')}}`), { code: 'CLAIM_INVALID', message: /duplicate/ });
      }),
    ),
  );
  await t.test('says where, and repeats no more than a little of what it read', () => {
    const name = 'x'.repeat(10_000);
    assert.throws(
      () => parseStrictJson(`{"a":{"b c":[{"${name}":1,"${name}":2}]}}`),
      (error: Error) => error.message.includes('a."b c"[0]') && error.message.length < 1_000,
    );
  });
  await t.test('reads long strings and arrays in reasonable time', () => {
    const text = JSON.stringify({ a: 'x'.repeat(500_000), b: Array.from({ length: 50_000 }, (_, n) => n) });
    const started = performance.now();
    parseStrictJson(text);
    assert.ok(performance.now() - started < 2_000);
  });
});
