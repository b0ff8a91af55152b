// Aliases: what they may be, and what a path means with them. Reading through an alias is reading its target.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAliasTable, parseAliasPath, parseAliasTarget, RESERVED_COMPONENTS } from '../../server/domain/alias.ts';
import { DOCKER_HUB, parseRepository } from '../../server/domain/repository-name.ts';
import { isHidden, type LookasidePath, parseTarget, readLookasidePath } from '../../server/domain/slot.ts';

type Pairs = readonly (readonly [path: string, target: string])[];

const tableOf = (pairs: Pairs) =>
  createAliasTable(pairs.map(([path, target]) => ({ path: parseAliasPath(path), target: parseAliasTarget(target) })));

const NO_PATHS = [
  ...[
    '',
    '/',
    '//',
    'sigstore',
    '/sigstore/',
    '/a//b',
    '/a/../b',
    '/.well-known',
    '/a b',
    '/a%20',
    '/ä',
    '/a?b',
    '/a\n',
  ],
  ...['/a@b', '/a=b', '/sha256=00', 'https://a/b', `/${'a'.repeat(128)}`, '/a:', '/a:b', '/[::1]'],
];
const NO_TARGETS = [
  ...['', '/', 'acme', 'acme/app', 'library/nginx', '/docker.io', 'docker.io/', 'docker.io//a', 'docker.io/A'],
  ...[
    '*.example.com',
    'https://docker.io',
    'docker.io:x',
    'docker.io/a:v1',
    'docker.io/a@sha256',
    'docker.io/..',
    ' docker.io',
  ],
];

const TABLE: Pairs = [
  ['/sigstore', 'docker.io'],
  ['/mirror.corp/hub', 'docker.io'],
  ['/mirror.corp/hub/special', 'quay.io/special'],
  ['/Signatures/prod', 'registry.example.com:5000/acme'],
  ['/one', 'quay.io/acme/app'],
  ['/two', 'one.example.com'],
  ['/one.example.com', 'two.example.com'],
  ['/two.example.com', 'one.example.com'],
  ['/closed.example.com', 'open.example.com'],
  ['/closed.example.com/kept', 'closed.example.com/kept'],
];

/** Path without digest and number → the repository that is read; null: 404. */
const READ: readonly (readonly [path: string, repository: string | null])[] = [
  ['/sigstore/busybox', 'docker.io/library/busybox'],
  ['/sigstore/library/busybox', 'docker.io/library/busybox'],
  ['//sigstore//acme/app', 'docker.io/acme/app'],
  ['/sig%73tore/acme/app', 'docker.io/acme/app'],
  ['/sigstore', null],
  ['/sigstores/acme/app', 'docker.io/sigstores/acme/app'],
  ['/sigstore/acme/App', null],
  ['/SigStore/acme/app', null],
  ['/docker.io/sigstore/acme', 'docker.io/sigstore/acme'],
  ['/mirror.corp/hub/acme/app', 'docker.io/acme/app'],
  ['/mirror.corp/hub/special/app', 'quay.io/special/app'],
  ['/mirror.corp/hub/special', 'quay.io/special'],
  ['/mirror.corp/hub/specials/app', 'docker.io/specials/app'],
  ['/mirror.corp//hub/special/app', 'quay.io/special/app'],
  ['/mirror.corp/hub', null],
  ['/mirror.corp/acme', 'mirror.corp/acme'],
  ['/Signatures/prod/app', 'registry.example.com:5000/acme/app'],
  ['/Signatures/prod', 'registry.example.com:5000/acme'],
  ['/Signatures/test/app', null],
  ['/one', 'quay.io/acme/app'],
  ['/one/more', 'quay.io/acme/app/more'],
  ['/two/app', 'one.example.com/app'],
  ['/one.example.com/app', 'two.example.com/app'],
  ['/two.example.com/app', 'one.example.com/app'],
  ['/closed.example.com/app', 'open.example.com/app'],
  ['/closed.example.com/kept/app', 'closed.example.com/kept/app'],
];

const DIGEST = 'ab'.repeat(32);

test('an alias', async (t) => {
  for (const text of NO_PATHS)
    await t.test(`does not begin with ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseAliasPath(text), { code: 'ALIAS_INVALID' }),
    );
  for (const text of NO_TARGETS)
    await t.test(`does not stand for ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseAliasTarget(text), { code: 'ALIAS_INVALID' }),
    );
  for (const reserved of RESERVED_COMPONENTS)
    await t.test(`leaves /${reserved} to the server`, () => {
      for (const path of [`/${reserved}`, `/${reserved.toUpperCase()}`, `/${reserved}/v1`])
        assert.throws(() => parseAliasPath(path), { code: 'ALIAS_INVALID' });
      assert.equal(parseAliasPath(`/${reserved}s`), `/${reserved}s`);
    });
  await t.test('for index.docker.io is one for docker.io', () =>
    assert.equal(parseAliasTarget('index.docker.io/acme'), 'docker.io/acme'),
  );
});

test('a path with aliases', async (t) => {
  const aliases = tableOf(TABLE);
  for (const [path, repository] of READ)
    await t.test(`${path} is ${repository ?? 'nothing'}`, () => {
      const read = readLookasidePath(`${path}@sha256=${DIGEST}/signature-1`, DOCKER_HUB, aliases);
      assert.equal(read?.kind === 'slot' ? read.slot.repository : read, repository);
      if (path.includes('%')) return;
      const target = () => parseTarget(`${path}@sha256=${DIGEST}`, DOCKER_HUB, aliases).repository;
      if (repository === null) assert.throws(target, { code: 'REPOSITORY_INVALID' });
      else assert.equal(target(), repository);
    });

  const prefixOf = (path: string) => {
    const read = readLookasidePath(`${path}/sha256=${DIGEST}/signature-1`, DOCKER_HUB, aliases);
    return read?.kind === 'digest' ? [read.slot.prefix, read.slot.repository] : read;
  };
  await t.test('by digest alone is over what the alias stands for', () => {
    assert.deepEqual(prefixOf('/sigstore'), ['docker.io', null]);
    assert.deepEqual(prefixOf('/mirror.corp/hub/acme'), ['docker.io/acme', 'docker.io/library/acme']);
    assert.deepEqual(prefixOf('/mirror.corp'), ['mirror.corp', null]);
    assert.deepEqual(prefixOf('/one'), ['quay.io/acme/app', 'quay.io/acme/app']);
    assert.deepEqual(prefixOf(''), ['', null]);
  });

  await t.test('hides a repository that is read elsewhere, and no other', () => {
    const hidden = (name: string) => isHidden(parseRepository(name), aliases);
    for (const name of ['mirror.corp/hub/app', 'one.example.com/app', 'closed.example.com/app'])
      assert.equal(hidden(name), true, name);
    for (const name of ['docker.io/sigstore/app', 'mirror.corp/app', 'closed.example.com/kept/app', 'quay.io/acme/app'])
      assert.equal(hidden(name), false, name);
  });
});

const component = fc.constantFrom('a', 'b', 'c', 'a.b', 'ab', 'x:1');
const pathText = fc.array(component, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const targetText = fc
  .tuple(fc.constantFrom('a.b', 'docker.io', 'x:1'), fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }))
  .map(([host, parts]) => [host, ...parts].join('/'));
const rest = fc.array(component, { maxLength: 4 }).map((parts) => parts.map((part) => `/${part}`).join(''));
const tail = fc.constantFrom(
  `@sha256=${DIGEST}/signature-1`,
  `/sha256=${DIGEST}/signature-2`,
  `%40sha256%3D${DIGEST}/signature-1`,
);

/** As anybody would write it down: the longest one first. */
function byTheBook(path: string, pairs: Pairs): LookasidePath | null {
  const plain = path.replace('%40', '@').replace('%3D', '=');
  const longest = pairs
    .toSorted(([one], [other]) => other.length - one.length)
    .find(([prefix]) => plain.startsWith(`${prefix}/`) || plain.startsWith(`${prefix}@`));
  if (!longest) return readLookasidePath(path, DOCKER_HUB);
  const [prefix, target] = longest;
  // A registry alone is no repository; without this its name would be one of Docker Hub.
  if (!target.includes('/') && plain.startsWith(`${prefix}@`)) return null;
  return readLookasidePath(`/${target}${plain.slice(prefix.length)}`, DOCKER_HUB);
}

test('reading through an alias is reading its target', () => {
  let through = 0;
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(pathText, targetText), { selector: ([path]) => path, maxLength: 6 }),
      fc.tuple(pathText, rest, tail).map((parts) => parts.join('')),
      (pairs, path) => {
        const read = readLookasidePath(path, DOCKER_HUB, tableOf(pairs));
        assert.deepEqual(read, byTheBook(path, pairs));
        if (JSON.stringify(read) !== JSON.stringify(readLookasidePath(path, DOCKER_HUB))) through++;
      },
    ),
    { numRuns: 5_000 },
  );
  assert.ok(through > 300, `only ${through} led elsewhere`);
});
