// References that are images, nearly images, or images under another spelling.
import type { Random } from './random.ts';

const HOSTS = [
  'registry.example.com',
  'REGISTRY.example.com',
  'registry.example.com:5000',
  'registry.example.com:0',
  'registry.example.com:99999999',
  'localhost',
  'localhost:5000',
  'LOCALHOST',
  'docker.io',
  'index.docker.io',
  'Docker.io',
  'registry-1.docker.io',
  '127.0.0.1',
  '127.0.0.1:5000',
  '[::1]',
  '[::1]:5000',
  '[fe80::1%25eth0]:5000',
  '[2001:db8::1',
  'a',
  'A',
  'a.',
  '.a',
  'a..b',
  '-a.b',
  'a-.b',
  'a_b.c',
  'xn--nxasmq6b.example',
  'exämple.com',
  'a:b',
  'a:',
  'a.b:',
  ':5000',
  '',
];
const COMPONENTS = [
  'acme',
  'app',
  'a',
  '0',
  'a.b',
  'a_b',
  'a__b',
  'a___b',
  'a-b',
  'a---b',
  'a.-b',
  'a._b',
  'a..b',
  '-a',
  'a-',
  '_a',
  'a_',
  '.a',
  'a.',
  'A',
  'Acme',
  'ä',
  '',
  '.',
  '..',
  'library',
  'a b',
  'a%2fb',
  'a'.repeat(120),
  'f'.repeat(64),
  '0123456789abcdef'.repeat(4),
];
const TAGS = [
  '',
  ':v1',
  ':V1.0_x-y',
  ':',
  ':-a',
  ':.a',
  ':_',
  ':a:b',
  `:${'t'.repeat(128)}`,
  `:${'t'.repeat(129)}`,
  ':v1/x',
  ':ä',
  ':v1 ',
  ':v1\n',
  ':0',
  ':latest',
];
const HEX = '0123456789abcdef'.repeat(4);
const DIGESTS = [
  '',
  '',
  '',
  `@sha256:${HEX}`,
  `@sha256:${HEX.toUpperCase()}`,
  `@sha256:${HEX}0`,
  `@sha256:${HEX.slice(1)}`,
  `@sha384:${HEX}${HEX.slice(32)}`,
  `@sha512:${HEX}${HEX}`,
  `@sha1:${HEX.slice(24)}`,
  `@md5:${HEX.slice(32)}`,
  `@SHA256:${HEX}`,
  `@sha256+b64:${HEX}`,
  `@sha256.x:${HEX}`,
  `@sha256=${HEX}`,
  '@',
  '@sha256:',
  `@sha256:${HEX}@sha256:${HEX}`,
  `@a:${HEX}`,
  `@sha256:${HEX}:v1`,
];

export function someReference(random: Random, usual: string): string {
  const choice = random.below(10);
  if (choice < 2) return spoilt(usual, random);
  if (choice === 2)
    return random.pick([
      '',
      ' ',
      HEX,
      `${HEX}:v1`,
      `sha256:${HEX}`,
      `@sha256:${HEX}`,
      'docker://registry.example.com/acme/app',
      '/a',
      'a/',
      '//',
      ...COMPONENTS,
    ]);
  if (choice === 3)
    return `${'a/'.repeat(random.pick([10, 60, 118, 119, 120, 121, 126, 127, 128]))}${random.pick(['b', 'bb', 'bbb'])}`;
  const host =
    choice < 7 ? random.pick(['registry.example.com/', 'docker.io/', 'localhost/', '', '']) : `${random.pick(HOSTS)}/`;
  const components = Array.from({ length: 1 + random.below(3) }, () =>
    random.pick(random.chance(0.7) ? COMPONENTS.slice(0, 10) : COMPONENTS),
  );
  return host + components.join('/') + random.pick(random.chance(0.5) ? TAGS.slice(0, 3) : TAGS) + random.pick(DIGESTS);
}

const LETTERS = [...'aA0._-:/@ %+=~\n\0é[]'];

function spoilt(usual: string, random: Random): string {
  const at = random.below(usual.length + 1);
  return (
    usual.slice(0, at) +
    random.pick(['', random.pick(LETTERS), random.pick(LETTERS)]) +
    usual.slice(at + random.below(2))
  );
}
