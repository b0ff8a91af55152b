// What may stand in a claim in place of what should.
import { type Node, raw, text } from './claim-tree.ts';
import type { Random } from './random.ts';

export const NAMES = [
  'critical',
  'Critical',
  'optional',
  'type',
  'Type',
  'image',
  'identity',
  'docker-reference',
  'docker-manifest-digest',
  'docker-Reference',
  'creator',
  'Creator',
  'timestamp',
  'Timestamp',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\0',
  'creator\0',
  'ſ',
  'K',
  'tİmestamp',
  'é',
  'e\u0301',
  '\ufeffcreator',
  '0',
  'a'.repeat(300),
  '𝕏',
  'creator ',
  '-',
  '"',
  '\\',
  '/',
]; // ſ and K fold to s and k in readers that ignore case

export const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '1717200000',
  '1.0',
  '1.5',
  '1e3',
  '1E+3',
  '1e-3',
  '10e-1',
  '01',
  '+1',
  '.5',
  '5.',
  '1e',
  '0x10',
  '1_0',
  'NaN',
  'Infinity',
  '-',
  '1e308',
  '1e309',
  '-1e309',
  '1e-400',
  '9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775808',
  '-9223372036854775809',
  '9223372036854774784',
  '9223372036854775295',
  '9223372036854775296',
  '18446744073709551616',
  `1${'0'.repeat(400)}`,
  `0.${'0'.repeat(400)}1`,
  `1${'0'.repeat(30)}e-30`,
  '1717200000.0000000001',
  '1.7172e9',
  '0e999999999',
  '0.0',
  '1e00',
  '-0.0',
  '-0e5',
];
const WORDS = ['true', 'false', 'null', 'True', 'nul', 'undefined', '', 'nulll', 'tru\u0000'];

export function someNode(random: Random, depth = 0): Node {
  const choice = random.below(depth > 3 ? 3 : 6);
  if (choice === 0) return raw(random.pick(NUMBERS));
  if (choice === 1) return raw(random.pick(WORDS));
  if (choice === 2) return text(someText(random));
  const count = random.below(4);
  if (choice === 3) return { kind: 'array', items: Array.from({ length: count }, () => someNode(random, depth + 1)) };
  if (choice === 4) return nested(random);
  const members = Array.from({ length: count }, () => ({
    name: text(random.pick(NAMES)),
    value: someNode(random, depth + 1),
  }));
  return { kind: 'object', members };
}

/** Around the bound of this store, and beyond that of others. */
function nested(random: Random): Node {
  const depth = random.pick([2, 10, 28, 29, 30, 31, 32, 33, 40, 200]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return raw(open.repeat(depth) + random.pick(NUMBERS.slice(0, 5)) + close.repeat(depth));
}

export function someText(random: Random): string {
  if (random.chance(0.3)) return random.pick(NAMES);
  const units = [
    'a',
    'Z',
    '0',
    ' ',
    '"',
    '\\',
    '/',
    '\b',
    '\f',
    '\n',
    '\u007f',
    '\u0080',
    'é',
    '\u2028',
    '😀',
    '\ufffd',
    '\uffff',
    '\ud800',
    '\udc00',
  ];
  return Array.from({ length: random.below(8) }, () => random.pick(units)).join('');
}
