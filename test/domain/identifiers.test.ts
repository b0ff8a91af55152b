// Digests and fingerprints: one spelling inside, whatever people type.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestHex, parseDigest } from '../../server/domain/digest.ts';
import { quote } from '../../server/domain/errors.ts';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { digest } from './arbitraries.ts';

const HEX = 'ab'.repeat(32);

test('a digest', async (t) => {
  await t.test('is its own text, and has its hex', () =>
    fc.assert(fc.property(digest, (value) => assert.equal(`sha256:${digestHex(parseDigest(value))}`, value))),
  );
  for (const text of [
    '',
    HEX,
    `sha256=${HEX}`,
    `sha256:${HEX}0`,
    `sha256:${HEX.slice(1)}`,
    `sha256:${HEX.toUpperCase()}`,
    `SHA256:${HEX}`,
    `sha256:${HEX}\n`,
    ` sha256:${HEX}`,
    `sha512:${HEX}`,
    `sha256:${'g'.repeat(64)}`,
  ])
    await t.test(`is not ${JSON.stringify(text.slice(0, 12))}… of ${text.length}`, () =>
      assert.throws(() => parseDigest(text), { code: 'DIGEST_INVALID' }),
    );
});

test('a fingerprint', async (t) => {
  const plain = '0123456789ABCDEF0123456789ABCDEF01234567';
  const spellings = [
    plain,
    plain.toLowerCase(),
    `0x${plain}`,
    `0X${plain}`,
    '0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567',
  ];
  for (const text of spellings) await t.test(`is read from ${text}`, () => assert.equal(parseFingerprint(text), plain));
  for (const text of [
    '',
    plain.slice(1),
    `${plain}0`,
    plain.slice(-16),
    `${plain.slice(1)}G`,
    `${plain}\n`,
    `0x0x${plain}`,
  ])
    await t.test(`is not ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseFingerprint(text), { code: 'FINGERPRINT_INVALID' }),
    );
});

test('text from outside', async (t) => {
  await t.test('is quoted, on one line, and cut short', () => {
    assert.equal(quote('a"b\n'), '"a\\"b\\n"');
    assert.ok(quote('x'.repeat(10_000)).length < 300);
  });
});
