// The path, read by the book: the grammar of docs/protocol.md §7 written a second time, slowly, letter by letter and
// without a regular expression, and random paths read by both.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DOCKER_HUB, parseRegistry, type Registry } from '../../server/domain/repository-name.ts';
import { formatSlot, type LookasidePath, parseTarget, readLookasidePath } from '../../server/domain/slot.ts';
import { component, host } from './arbitraries.ts';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const HEX_DIGITS = `${DIGITS}abcdef`;

const allIn = (text: string, letters: string) => text !== '' && [...text].every((letter) => letters.includes(letter));

/** One decoding, no escape for what separates or ends. */
function decoded(path: string): string | null {
  const pieces = path.split('%');
  if (pieces.slice(1).some((piece) => ['2f', '5c', '00'].includes(piece.slice(0, 2).toLowerCase()))) return null;
  const bytes: number[] = [...Buffer.from(pieces[0] ?? '')];
  for (const piece of pieces.slice(1)) {
    const hex = piece.slice(0, 2).toLowerCase();
    if (hex.length < 2 || !allIn(hex, HEX_DIGITS)) return null;
    bytes.push(Number.parseInt(hex, 16), ...Buffer.from(piece.slice(2)));
  }
  if (pieces.length === 1) return path;
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(Buffer.from(bytes)) && path.isWellFormed() ? text : null;
}

function isComponent(text: string): boolean {
  let rest = text;
  for (;;) {
    const word = [...rest].findIndex((letter) => !(LOWER + DIGITS).includes(letter));
    if (word === 0 || rest === '') return false;
    if (word < 0) return true;
    rest = rest.slice(word);
    const dashes = [...rest].findIndex((letter) => letter !== '-');
    const separator = rest.startsWith('__') ? 2 : '._'.includes(rest[0] ?? '') ? 1 : rest[0] === '-' ? dashes : 0;
    if (separator < 1) return false;
    rest = rest.slice(separator);
  }
}

function isHost(text: string): boolean {
  const [name = '', port, ...more] = text.split(':');
  if (more.length > 0 || (port !== undefined && !allIn(port, DIGITS))) return false;
  const letters = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
  return name
    .split('.')
    .every((label) => allIn(label, `${letters}-`) && !label.startsWith('-') && !label.endsWith('-'));
}

type Named = { readonly registry: string; readonly components: readonly string[] };

function named(components: readonly string[], defaultRegistry: string): Named {
  const [first = '', ...rest] = components;
  const isRegistry = components.length > 1 && (/[.:]/.test(first) || first === 'localhost');
  if (!isRegistry) return { registry: defaultRegistry, components };
  return { registry: first === 'index.docker.io' ? 'docker.io' : first, components: rest };
}

function repositoryOf(parts: readonly string[], defaultRegistry: string): string | null {
  const { registry, components } = named(parts, defaultRegistry);
  const whole = registry === 'docker.io' && components.length === 1 ? ['library', ...components] : components;
  const name = [registry, ...whole].join('/');
  return isHost(registry) && whole.every(isComponent) && name.length <= 255 ? name : null;
}

function byTheBook(path: string, defaultRegistry: string): LookasidePath | null {
  const text = decoded(path);
  if (text === null || !text.startsWith('/')) return null;
  const parts = text.split('/').filter((part, index, all) => part !== '' || (index === all.length - 1 && index > 0));
  const [file = '', leaf = ''] = [parts.at(-1), parts.at(-2)];
  const digits = file.slice('signature-'.length);
  if (!file.startsWith('signature-') || !allIn(digits, DIGITS) || digits.startsWith('0')) return null;
  const hex = leaf.slice(-64);
  const head = leaf.slice(0, -64);
  if (hex.length !== 64 || !allIn(hex, HEX_DIGITS) || !head.endsWith('sha256=')) return null;
  const [number, digest] = [Number(digits), `sha256:${hex}`];
  const before = [...parts.slice(0, -2), head.slice(0, -'sha256='.length)];
  const last = before.at(-1) ?? '';
  if (last.endsWith('@')) {
    const repository = repositoryOf([...before.slice(0, -1), last.slice(0, -1)], defaultRegistry);
    return repository === null || number > 127
      ? null
      : ({ kind: 'slot', slot: { repository, digest, number } } as LookasidePath);
  }
  if (last !== '' || number > 9) return null;
  return byDigest(before.slice(0, -1), { digest, number, defaultRegistry });
}

type ByDigest = { readonly digest: string; readonly number: number; readonly defaultRegistry: string };

function byDigest(parts: readonly string[], { digest, number, defaultRegistry }: ByDigest): LookasidePath | null {
  const found = (repository: string | null, prefix: string) =>
    ({ kind: 'digest', slot: { repository, prefix, digest, number } }) as LookasidePath;
  if (parts.length === 0) return found(null, '');
  // A registry alone is a prefix, too.
  const { registry, components } = named([...parts, ''], defaultRegistry);
  const below = components.slice(0, -1);
  if (!isHost(registry) || !below.every(isComponent)) return null;
  return found(below.length === 0 ? null : repositoryOf(parts, defaultRegistry), [registry, ...below].join('/'));
}

const HEX = 'ab'.repeat(32);
const odd = fc.constantFrom(
  '',
  '.',
  '..',
  'A',
  'a.',
  '-a',
  'a---b',
  'a___b',
  'a._b',
  'ä',
  'a b',
  'index.docker.io',
  'a:1',
  'a:',
  '[::1]',
  '%61',
  '%2E',
  '%252e',
  'K',
  'x'.repeat(250),
);
/** Mostly right, or nothing would be a path. */
const mostly = <T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong });
const part = mostly(fc.oneof(component, component, host), odd);
const digest = mostly(
  fc.constant(HEX),
  fc.constantFrom(HEX.slice(1), `${HEX}0`, HEX.toUpperCase(), `%61${HEX.slice(1)}`),
);
const number = mostly(
  fc.constantFrom('1', '2', '9', '10', '127'),
  fc.constantFrom('-1', '0', '01', '+1', '1e1', '1/', '128', '1000', '%31', '١', ''),
);
const joint = mostly(
  fc.constantFrom('@sha256=', '@sha256=', '/sha256=', '%40sha256%3D', '@sha256%3d'),
  fc.constantFrom('@sha256:', '@@sha256=', '@sha512=', 'sha256=', '/@sha256=', '%2540sha256='),
);
const slashes = mostly(fc.constantFrom('/', '/', '/', '//', '///'), fc.constantFrom('%2f', '/./', '\\', ''));
const whole = fc
  .tuple(fc.array(fc.tuple(slashes, part), { maxLength: 4 }), joint, digest, slashes, number)
  .map(
    ([head, joined, hex, slash, count]) =>
      `${head.map((pair) => pair.join('')).join('')}${joined}${hex}${slash}signature-${count}`,
  );
const spoilt = fc
  .tuple(
    whole,
    fc.nat(160),
    fc.nat(3),
    fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: 'binary', maxLength: 2 })),
  )
  .map(([path, at, cut, text]) => path.slice(0, at) + text + path.slice(at + cut));

test('a path is read by the book', async (t) => {
  for (const registry of [DOCKER_HUB, parseRegistry('quay.io:443')] as readonly Registry[])
    await t.test(`with ${registry} as the default`, () => {
      let found = 0;
      fc.assert(
        fc.property(fc.oneof(whole, spoilt), (path) => {
          const read = readLookasidePath(path, registry);
          if (read !== null) found++;
          assert.deepEqual(read, byTheBook(path, registry));
          // What it is, written plainly, is the same again.
          if (read?.kind === 'slot') assert.deepEqual(readLookasidePath(formatSlot(read.slot), registry), read);
        }),
        { numRuns: 5_000 },
      );
      assert.ok(found > 250, `only ${found} of the paths are ones`);
    });
});

test('a path or a target of a megabyte costs no more than its length', () => {
  const long = 2 ** 20;
  const shapes = ['/', 'a/', '%41', '%', '@', '/a@sha256=', 'a--', 'a.', '/.', '//a', 'sha256=', '-'];
  for (const shape of shapes)
    for (const end of ['', `@sha256=${HEX}/signature-1`, `/sha256=${HEX}/signature-1`]) {
      const path = `/${shape.repeat(long / shape.length)}${end}`;
      const started = process.cpuUsage();
      readLookasidePath(path, DOCKER_HUB);
      assert.throws(() => parseTarget(path, DOCKER_HUB), { code: 'TARGET_INVALID' });
      const { user, system } = process.cpuUsage(started);
      assert.ok(user + system < 1_000_000, `${shape}… took ${user + system} µs`);
    }
});
