// One valid pair of subpacket areas, and the ways found to make GnuPG and openpgp.js read them differently. Those of the
// unhashed area need no key: anybody could add them to a good signature, and nodes would refuse it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyId } from '../../server/domain/fingerprint.ts';
import { requirePlainSignature } from '../../server/openpgp/subpackets.ts';
import { problemOf, scene } from '../http/scene.ts';
import { gpgHome } from '../support/gpg.ts';
import { claim, randomDigest } from '../support/gpg-claims.ts';
import { needs } from '../support/tools.ts';

const KEY_ID = '0123456789ABCDEF' as KeyId;
const CREATED = [5, 2, 0x66, 0x5b, 0x0d, 0x40];
const ISSUER = [9, 16, ...Buffer.from(KEY_ID, 'hex')];
const STRANGER = [9, 16, 1, 1, 1, 1, 1, 1, 1, 1];
const FINGERPRINT = [22, 33, 4, ...Buffer.alloc(12), ...Buffer.from(KEY_ID, 'hex')];

function body(hashed: readonly number[], unhashed: readonly number[]): Uint8Array {
  const area = (bytes: readonly number[]) => [bytes.length >> 8, bytes.length & 0xff, ...bytes];
  return Uint8Array.from([4, 0, 1, 8, ...area(hashed), ...area(unhashed), 0, 0]);
}

const PLAIN: readonly [what: string, hashed: readonly number[], unhashed: readonly number[]][] = [
  ['as GnuPG writes it', [...FINGERPRINT, ...CREATED], ISSUER],
  ['without a fingerprint', CREATED, ISSUER],
  ['with the fingerprint alone, where it is signed', [...FINGERPRINT, ...CREATED], []],
  ['with an expiry', [...CREATED, 5, 3, 0, 1, 0, 0], ISSUER],
  ['with a critical date', [5, 0x82, 0x66, 0x5b, 0x0d, 0x40], ISSUER],
  ['with something unknown that is not critical', [...CREATED, 2, 100, 1], ISSUER],
];

const M = 'SIGNATURE_MALFORMED';
const AMBIGUOUS: readonly [why: string, code: string, hashed: readonly number[], unhashed: readonly number[]][] = [
  ['two creation dates', M, [...CREATED, ...CREATED], ISSUER],
  ['no creation date', M, [], ISSUER],
  ['two expiries', M, [...CREATED, 5, 3, 0, 1, 0, 0, 5, 3, 0, 0, 0, 1], ISSUER],
  ['an expiry of eight bytes', M, [...CREATED, 9, 3, 0, 0, 0, 10, 255, 255, 255, 255], ISSUER],
  ['a creation date of six bytes', M, [7, 2, 0x66, 0x5b, 0x0d, 0x40, 0, 0], ISSUER],
  ['an expiry beyond 32 bits', 'SIGNATURE_EXPIRED', [...CREATED, 5, 3, 255, 255, 255, 255], ISSUER],
  ['something unknown and critical', 'SIGNATURE_UNSUPPORTED', [...CREATED, 2, 228, 1], ISSUER],
  ['something unknown and critical that nobody signed', 'SIGNATURE_UNSUPPORTED', CREATED, [...ISSUER, 2, 228, 1]],
  ['a known type that only openpgp.js takes as critical', 'SIGNATURE_UNSUPPORTED', [...CREATED, 2, 0x97, 1], ISSUER],
  ['an empty subpacket', M, [...CREATED, 0], ISSUER],
  ['an empty subpacket that nobody signed', M, CREATED, [...ISSUER, 0]],
  ['a subpacket beyond its area', M, [...CREATED, 9, 100], ISSUER],
  [
    'a larger area than GnuPG reads',
    M,
    CREATED,
    [
      ...ISSUER,
      ...Array(40)
        .fill([255, 0, 0, 1, 0, 100, ...Array(255).fill(0)])
        .flat(),
    ],
  ],
  ['a second issuer before the first', M, CREATED, [...STRANGER, ...ISSUER]],
  ['a second issuer after the first', M, CREATED, [...ISSUER, ...STRANGER]],
  ['another issuer that is signed', M, [...CREATED, ...STRANGER], ISSUER],
  ['a fingerprint of another key', M, [...FINGERPRINT.slice(0, -1), 0, ...CREATED], ISSUER],
  ['a fingerprint of another version', M, [22, 33, 6, ...FINGERPRINT.slice(3), ...CREATED], ISSUER],
  ['no issuer', M, CREATED, []],
  ['only a fingerprint, which nobody signed', M, CREATED, FINGERPRINT],
];

test('the subpackets of a signature', async (t) => {
  for (const [what, hashed, unhashed] of PLAIN)
    await t.test(`are taken ${what}`, () => requirePlainSignature(body(hashed, unhashed), KEY_ID));
  for (const [why, code, hashed, unhashed] of AMBIGUOUS)
    await t.test(`are refused for ${why}`, () =>
      assert.throws(() => requirePlainSignature(body(hashed, unhashed), KEY_ID), { code }),
    );
  await t.test('are refused when the packet ends within them', () => {
    const whole = body([...FINGERPRINT, ...CREATED], ISSUER);
    for (let length = 4; length < whole.length - 2; length++)
      assert.throws(() => requirePlainSignature(whole.subarray(0, length), KEY_ID), { code: M });
  });
});

test('a hash too short for its curve', needs('gpg'), async (t) => {
  const store = await scene(t);
  const home = gpgHome(t);
  const key = await home.generate('short', 'ed25519');
  await store.registerKeys(key.publicKey);
  const bytes = await home.sign(key, claim('quay.io/acme/app:v1', randomDigest()), ['--digest-algo', 'SHA1']);
  assert.match(problemOf(await store.uploadRaw(bytes), 422, 'SIGNATURE_UNSUPPORTED').detail, /SHA1 is too short/);
});
