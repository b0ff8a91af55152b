// Key files: what is read out of them, what is left out, and what two copies of one key become.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../server/domain/limits.ts';
import { mergeKey, readKeyFile, revokeKey } from '../../server/openpgp/key-material.ts';
import { readPackets, TAG } from '../../server/openpgp/packets.ts';
import { fixture } from '../support/server.ts';
import { packet } from './packet-writing.ts';

const key = (name: string) => fixture(`keys/${name}.asc`);

async function only(bytes: Uint8Array) {
  const { keys, revocations } = await readKeyFile(bytes);
  assert.deepEqual([keys.length, revocations.length], [1, 0]);
  const [first] = keys;
  assert.ok(first);
  return first;
}

async function certificate(bytes: Uint8Array) {
  const [first] = (await readKeyFile(bytes)).revocations;
  assert.ok(first);
  return first;
}

test('readKeyFile reads armor and binary alike', async () => {
  const [armored, binary] = [await only(key('rsa2048')), await only(fixture('keys/rsa2048.gpg'))];
  assert.deepEqual(armored, binary);
});

const texts: readonly [what: string, text: string][] = [
  ['with the line ends of Windows', key('rsa2048').toString().replaceAll('\n', '\r\n')],
  ['with text around it', `The key of Acme:\n\n${key('rsa2048')}\nRegards\n`],
  ['with headers', key('rsa2048').toString().replace('\n', '\nVersion: 1\nComment: for releases\n')],
];
for (const [what, text] of texts)
  test(`readKeyFile reads armor ${what}`, async () => {
    assert.deepEqual(await only(Buffer.from(text)), await only(key('rsa2048')));
  });

const several: readonly [what: string, bytes: Uint8Array, count: number][] = [
  ['two in one armored block', key('several'), 2],
  ['three armored blocks', Buffer.concat([key('rsa2048'), key('ed25519'), key('ecdsa-p256')]), 3],
  ['two in one binary file', Buffer.concat([fixture('keys/rsa2048.gpg'), fixture('keys/rsa2048.gpg')]), 2],
];
for (const [what, bytes, count] of several)
  test(`readKeyFile reads every key of ${what}`, async () => {
    assert.equal((await readKeyFile(bytes)).keys.length, count);
  });

test('readKeyFile reads a key and a revocation certificate from one file', async () => {
  const { keys, revocations } = await readKeyFile(Buffer.concat([key('to-revoke'), key('revocation-certificate')]));
  assert.deepEqual([keys.length, revocations.length], [1, 1]);
  assert.ok(keys[0]?.facts.fingerprint.endsWith(revocations[0]?.issuer ?? 'none'));
});

test('readKeyFile reads nothing of a file with one key that cannot sign', async () => {
  await assert.rejects(readKeyFile(Buffer.concat([key('rsa2048'), key('dsa')])), { code: 'KEY_UNSUPPORTED' });
});

test('readKeyFile keeps a key as it was, read again from what it kept', async () => {
  for (const name of ['rsa2048', 'ed25519', 'revoked', 'revoked-subkey', 'extend-after', 'subkey-added-after']) {
    const once = await only(key(name));
    assert.deepEqual(await only(once.material), once, name);
  }
});

const RSA = fixture('keys/rsa2048.gpg');
const text = (head: string, body = '') => Buffer.from(`-----BEGIN PGP PUBLIC KEY BLOCK-----\n${head}\n${body}`);
const breaks: readonly [why: string, bytes: Uint8Array][] = [
  ['nothing', new Uint8Array()],
  ['a text', Buffer.from('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA')],
  ['half of a key', RSA.subarray(0, RSA.length / 2)],
  ['a key and half of a packet', RSA.subarray(0, -1)],
  ['a key and a text', Buffer.concat([RSA, Buffer.from('text')])],
  ['armor without an end', text('\n', RSA.toString('base64'))],
  ['empty armor', text('\n', '-----END PGP PUBLIC KEY BLOCK-----')],
  ['armor around a text', text('\n', `${btoa('hello')}\n-----END PGP PUBLIC KEY BLOCK-----`)],
  ['a signed message', fixture('signatures/rsa2048-uncompressed.sig')],
  ['a compressed message', fixture('signatures/rsa2048.sig')],
  ['a user id alone', packet(TAG.userId, Buffer.from('me'))],
  ['a subkey alone', packet(TAG.publicSubkey, readPackets(RSA)[0]?.body ?? RSA)],
  ['an empty key packet', packet(TAG.publicKey, new Uint8Array())],
  ['an empty signature packet', packet(TAG.signature, new Uint8Array())],
  ['a signature packet of no known version', packet(TAG.signature, Buffer.of(9, 0x20))],
  ['a signature packet of one byte', packet(TAG.signature, Buffer.of(4))],
  ['a signature packet of version 3 that is cut', packet(TAG.signature, Buffer.of(3, 5))],
];
for (const [why, bytes] of breaks)
  test(`readKeyFile refuses ${why}`, () =>
    assert.rejects(readKeyFile(bytes), { name: 'AppError', code: /^KEY_(INVALID|UNSUPPORTED)$/ }));

test('readKeyFile takes a certificate in front of a key for what it is, or refuses the file', async () => {
  const { packets } = await certificate(key('revocation-certificate'));
  const read = readKeyFile(Buffer.concat([packets, RSA]));
  await read.catch((error) => assert.equal(error.code, 'KEY_INVALID'));
});

const body = readPackets(RSA)[0]?.body ?? RSA;
const userIds = (count: number) => Array<Buffer>(count).fill(packet(TAG.userId, Buffer.from('me')));
const tooLarge: readonly [why: string, bytes: Uint8Array][] = [
  ['more bytes', Buffer.alloc(LIMITS.keyFileBytes + 1, 'x')],
  ['more keys', Buffer.concat(Array(LIMITS.keysPerFile + 1).fill(packet(TAG.publicKey, body)))],
  [
    'more armored blocks',
    Buffer.from(`${text('\n')}-----END PGP PUBLIC KEY BLOCK-----\n`.repeat(LIMITS.keysPerFile + 1)),
  ],
  ['more user ids', Buffer.concat([packet(TAG.publicKey, body), ...userIds(LIMITS.userIdsPerKey + 1)])],
  [
    'more subkeys',
    Buffer.concat([
      packet(TAG.publicKey, body),
      ...Array(LIMITS.subkeysPerKey + 1).fill(packet(TAG.publicSubkey, body)),
    ]),
  ],
];
for (const [why, bytes] of tooLarge)
  test(`readKeyFile refuses ${why} than the limit, before it parses anything`, () =>
    assert.rejects(readKeyFile(bytes), { name: 'AppError', code: 'KEY_TOO_LARGE' }));

test('readKeyFile counts user ids by key', async () => {
  const many = key('many-user-ids');
  assert.equal((await readKeyFile(Buffer.concat([many, many]))).keys.length, 2);
});

const merges: readonly [what: string, stored: string, posted: string, like: string][] = [
  ['a newer copy extends it', 'extend-before', 'extend-after', 'extend-after'],
  ['an older copy does not shorten it', 'extend-after', 'extend-before', 'extend-after'],
  ['a newer copy brings its subkey', 'subkey-added-before', 'subkey-added-after', 'subkey-added-after'],
  ['an older copy does not take its subkey away', 'subkey-added-after', 'subkey-added-before', 'subkey-added-after'],
  ['the same copy changes nothing', 'rsa2048', 'rsa2048', 'rsa2048'],
];
for (const [what, stored, posted, like] of merges)
  test(`mergeKey: ${what}`, async () => {
    const merged = await mergeKey((await only(key(stored))).material, (await only(key(posted))).material);
    assert.deepEqual(merged.facts, (await only(key(like))).facts);
  });

test('mergeKey keeps the revocation that the store knows and the posted copy does not', async () => {
  const before = await only(key('to-revoke'));
  const revoked = await revokeKey(before.material, await certificate(key('revocation-certificate')));
  for (const merged of [
    await mergeKey(revoked.material, before.material),
    await mergeKey(before.material, revoked.material),
  ]) {
    assert.equal(merged.facts.revocation, 'compromised: for the test corpus');
    assert.ok(merged.facts.signingKeys.every((part) => part.revoked));
  }
});

test('revokeKey applies the certificate of the key itself', async () => {
  const before = await only(key('to-revoke'));
  const { facts, material } = await revokeKey(before.material, await certificate(key('revocation-certificate')));
  assert.equal(facts.revocation, 'compromised: for the test corpus');
  assert.equal((await only(material)).facts.revocation, facts.revocation);
});

for (const [whose, name] of [
  ['another key', 'rsa2048'],
  ['another key that is revoked already', 'revoked'],
] as const)
  test(`revokeKey refuses a certificate on ${whose}`, async () => {
    const { material } = await only(key(name));
    const foreign = await certificate(key('revocation-certificate'));
    await assert.rejects(revokeKey(material, foreign), { name: 'AppError', code: 'KEY_INVALID' });
  });

test('revokeKey refuses a signature that revokes nothing', async () => {
  const { material } = await only(key('rsa2048'));
  const apply = async () => revokeKey(material, await certificate(fixture('signatures/detached.sig')));
  await assert.rejects(apply, { name: 'AppError', code: 'KEY_INVALID' });
});
