// The lookaside path: one grammar, two directions. Nonsense is null on the read path, never an exception.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DOCKER_HUB, parseRepository } from '../../server/domain/repository-name.ts';
import { formatImage, formatSlot, parseTarget, readLookasidePath } from '../../server/domain/slot.ts';
import { digest, repository } from './arbitraries.ts';

const HEX = 'ab'.repeat(32);
const read = (path: string) => readLookasidePath(path, DOCKER_HUB);

const LIES: readonly [what: string, path: string][] = [
  ['no slash in front', `quay.io/a/b@sha256=${HEX}/signature-1`],
  ['a digest of 63 digits', `/quay.io/a/b@sha256=${HEX.slice(1)}/signature-1`],
  ['a digest of 65 digits', `/quay.io/a/b@sha256=${HEX}0/signature-1`],
  ['an upper-case digest', `/quay.io/a/b@sha256=${HEX.toUpperCase()}/signature-1`],
  ['sha512', `/quay.io/a/b@sha512=${HEX}${HEX}/signature-1`],
  ['a colon', `/quay.io/a/b@sha256:${HEX}/signature-1`],
  ['number 0', `/quay.io/a/b@sha256=${HEX}/signature-0`],
  ['number 01', `/quay.io/a/b@sha256=${HEX}/signature-01`],
  ['number 128', `/quay.io/a/b@sha256=${HEX}/signature-128`],
  ['number 1e1', `/quay.io/a/b@sha256=${HEX}/signature-1e1`],
  ['Arabic digits', `/quay.io/a/b@sha256=${HEX}/signature-%D9%A1`],
  ['a trailing slash', `/quay.io/a/b@sha256=${HEX}/signature-1/`],
  ['a trailing line feed', `/quay.io/a/b@sha256=${HEX}/signature-1%0a`],
  ['Signature with a capital', `/quay.io/a/b@sha256=${HEX}/Signature-1`],
  ['two @', `/quay.io/a@b@sha256=${HEX}/signature-1`],
  ['no repository', `/@sha256=${HEX}/signature-1`],
  ['a registry alone', `/quay.io@sha256=${HEX}/signature-1/`],
  ['an escaped slash', `/quay.io%2fa/b@sha256=${HEX}/signature-1`],
  ['an escaped backslash', `/quay.io/a%5cb@sha256=${HEX}/signature-1`],
  ['an escaped NUL', `/quay.io/a%00b@sha256=${HEX}/signature-1`],
  ['half an escape', `/quay.io/a%4@sha256=${HEX}/signature-1`],
  ['an escape that is no UTF-8', `/quay.io/a%ff@sha256=${HEX}/signature-1`],
  ['a step up', `/quay.io/../b@sha256=${HEX}/signature-1`],
  ['a wide letter', `/quay.io/ａ/b@sha256=${HEX}/signature-1`],
  ['by digest, number 10', `/sha256=${HEX}/signature-10`],
  ['by digest, a prefix without a slash', `/quay.iosha256=${HEX}/signature-1`],
  ['by digest, an upper-case prefix', `/quay.io/A/sha256=${HEX}/signature-1`],
  ['nothing', ''],
  ['a slash', '/'],
];

test('a path', async (t) => {
  for (const [what, path] of LIES) await t.test(`is none with ${what}`, () => assert.equal(read(path), null));

  await t.test('and its slot are inverses', () =>
    fc.assert(
      fc.property(repository, digest, fc.integer({ min: 1, max: 127 }), (repository, digest, number) => {
        const slot = { repository, digest, number };
        assert.deepEqual(read(formatSlot(slot)), { kind: 'slot', slot });
      }),
    ),
  );
  await t.test('means the same with its @ and = escaped, and its slashes doubled', () =>
    fc.assert(
      fc.property(repository, digest, (repository, digest) => {
        const path = formatSlot({ repository, digest, number: 7 });
        const escaped = path.replace('@', '%40').replace('=', '%3D').replaceAll('/', '//');
        assert.deepEqual(read(escaped), read(path));
      }),
    ),
  );
  await t.test('never throws, whatever it is', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearly), (path) => {
        const parsed = read(path);
        if (parsed?.kind === 'slot') assert.deepEqual(read(formatSlot(parsed.slot)), parsed);
      }),
    ),
  );
});

/** A path with some of it overwritten: far more often almost right than a random string. */
const nearly = fc.tuple(fc.string({ unit: 'binary', maxLength: 6 }), fc.nat(140), fc.nat(6)).map(([text, at, cut]) => {
  const path = `/quay.io/acme/app@sha256=${HEX}/signature-1`;
  return path.slice(0, at) + text + path.slice(at + cut);
});

test('a target', async (t) => {
  const image = { repository: parseRepository('quay.io/a/b'), digest: `sha256:${HEX}` };
  for (const text of [
    `quay.io/a/b@sha256=${HEX}`,
    `/quay.io//a/b@sha256:${HEX}`,
    `quay.io/a/b@sha256=${HEX}/signature-128`,
  ])
    await t.test(`is an image: ${text.replace(HEX, '…')}`, () =>
      assert.deepEqual(parseTarget(text, DOCKER_HUB), image),
    );

  const LIES: readonly [text: string, code: string][] = [
    ['quay.io/a/b', 'TARGET_INVALID'],
    [`quay.io/a/b@sha256=${HEX}/signature-0`, 'TARGET_INVALID'],
    [`quay.io/a/b@sha256=${HEX}/x`, 'TARGET_INVALID'],
    [`sha256=${HEX}`, 'TARGET_INVALID'],
    [`quay.io/A@sha256=${HEX}`, 'REPOSITORY_INVALID'],
    [`../b@sha256=${HEX}`, 'REPOSITORY_INVALID'],
    [`quay.io/a%2fb@sha256=${HEX}`, 'REPOSITORY_INVALID'],
  ];
  for (const [text, code] of LIES)
    await t.test(`is refused: ${text.replace(HEX, '…')}`, () =>
      assert.throws(() => parseTarget(text, DOCKER_HUB), { code }),
    );
  await t.test('and its image are inverses', () =>
    fc.assert(
      fc.property(repository, digest, (repository, digest) =>
        assert.deepEqual(parseTarget(formatImage({ repository, digest }), DOCKER_HUB), { repository, digest }),
      ),
    ),
  );
});
