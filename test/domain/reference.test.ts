// The docker-reference of a claim, as containers/image parses it before any identity rule.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseReference } from '../../server/domain/reference.ts';
import { repository } from './arbitraries.ts';

const HEX = 'ab'.repeat(32);
const D = `sha256:${HEX}`;

const TRUTHS: readonly [text: string, repository: string, tag: string | null, digest: string | null][] = [
  ['nginx', 'docker.io/library/nginx', null, null],
  ['quay.io/a/b:v1', 'quay.io/a/b', 'v1', null],
  [`quay.io/a/b@${D}`, 'quay.io/a/b', null, D],
  [`quay.io/a/b:v1@${D}`, 'quay.io/a/b', 'v1', D],
  ['localhost:5000/a', 'localhost:5000/a', null, null],
  ['localhost:5000/a:5000', 'localhost:5000/a', '5000', null],
  [`a:${'t'.repeat(128)}`, 'docker.io/library/a', 't'.repeat(128), null],
  [`quay.io/a@sha512:${HEX}${HEX}`, 'quay.io/a', null, `sha512:${HEX}${HEX}`],
];

const LIES = [
  '',
  ':v1',
  `@${D}`,
  'quay.io/a:',
  'quay.io/a:-v1',
  'quay.io/a:.v1',
  `a:${'t'.repeat(129)}`,
  'quay.io/a:v 1',
  'quay.io/a:v1\n',
  'quay.io/A:v1',
  'docker://quay.io/a:v1',
  'quay.io/a@',
  'quay.io/a@sha256:',
  `quay.io/a@sha256:${HEX.slice(1)}`,
  `quay.io/a@SHA256:${HEX}`,
  `quay.io/a@sha256:${HEX.toUpperCase()}`,
  `quay.io/a@md5:${'ab'.repeat(16)}`,
  `quay.io/a@${D}@${D}`,
  `quay.io/a@${D}:v1`,
  HEX,
  'quay.io/../a:v1',
  'quay.io//a',
];

test('a reference', async (t) => {
  for (const [text, repository, tag, digest] of TRUTHS)
    await t.test(`is ${text.slice(0, 40)}`, () =>
      assert.deepEqual(parseReference(text), { text, repository, tag, digest }),
    );
  for (const text of LIES)
    await t.test(`is not ${JSON.stringify(text.slice(0, 40))}`, () =>
      assert.throws(() => parseReference(text), { code: 'CLAIM_REFERENCE_INVALID' }),
    );
  await t.test('names its repository, with or without a tag', () =>
    fc.assert(
      fc.property(repository, fc.constantFrom('', ':v1', `@${D}`, `:v1@${D}`), (name, rest) =>
        assert.equal(parseReference(name + rest).repository, name),
      ),
    ),
  );
});
