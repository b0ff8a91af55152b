// Repository names: Docker's grammar and normalisation, so that two spellings are one name here as they are there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DOCKER_HUB, parseRegistry, parseRepository, readRepository } from '../../server/domain/repository-name.ts';
import { repository } from './arbitraries.ts';

const NAMES: readonly [text: string, name: string][] = [
  ['nginx', 'docker.io/library/nginx'],
  ['docker.io/nginx', 'docker.io/library/nginx'],
  ['index.docker.io/nginx', 'docker.io/library/nginx'],
  ['library/nginx', 'docker.io/library/nginx'],
  ['acme/app', 'docker.io/acme/app'],
  ['quay.io/app', 'quay.io/app'],
  ['localhost/app', 'localhost/app'],
  ['localhost:5000/app', 'localhost:5000/app'],
  ['127.0.0.1:5000/a/b', '127.0.0.1:5000/a/b'],
  ['quay.io/a__b/c-d/e.f/g--h', 'quay.io/a__b/c-d/e.f/g--h'],
];

const LIES = [
  '',
  '/',
  'a/',
  '/a',
  'a//b',
  'A',
  'quay.io/A',
  'quay.io/a_',
  'quay.io/-a',
  'quay.io/a..b',
  'quay.io/a___b',
  'quay.io/a._b',
  'quay.io/../a',
  'quay.io/.',
  'quay.io/a b',
  'quay.io/a\n',
  'quay.io/a:v1',
  'quay.io/a@b',
  'quay.io:/a',
  'quay.io:x/a',
  '.quay.io/a',
  'quay..io/a',
  '-quay.io/a',
  'quay.io/',
  'localhost:5000/',
  'quay.io/é',
  `quay.io/${'a'.repeat(255)}`,
];

test('a repository', async (t) => {
  for (const [text, name] of NAMES)
    await t.test(`written ${text} is ${name}`, () => assert.equal(parseRepository(text), name));
  for (const text of LIES)
    await t.test(`is not ${JSON.stringify(text.slice(0, 20))}`, () => {
      assert.equal(readRepository(text, DOCKER_HUB), null);
      assert.throws(() => parseRepository(text), { code: 'REPOSITORY_INVALID' });
    });
  await t.test('is its own name', () =>
    fc.assert(fc.property(repository, (name) => assert.equal(parseRepository(name), name))),
  );
  await t.test('is read without a throw, whatever the text', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = readRepository(text, DOCKER_HUB);
        if (name !== null) assert.equal(readRepository(name, DOCKER_HUB), name);
      }),
    ),
  );
  await t.test('has up to 255 characters', () => {
    const longest = `quay.io/${'a'.repeat(247)}`;
    assert.equal(parseRepository(longest), longest);
  });
});

test('a registry', async (t) => {
  for (const text of ['quay.io', 'localhost', 'localhost:5000', 'REG.example.com'])
    await t.test(`is ${text}`, () => assert.equal(parseRegistry(text), text));
  await t.test('has one name for Docker Hub', () => assert.equal(parseRegistry('index.docker.io'), DOCKER_HUB));
  for (const text of ['', 'quay', 'quay.io/', 'quay.io/a', 'https://quay.io', 'quay.io:', ' quay.io'])
    await t.test(`is not ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseRegistry(text), { code: 'REPOSITORY_INVALID' }),
    );
});
