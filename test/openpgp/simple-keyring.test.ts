// Which keys golang.org/x/crypto finds in a file, as a build with containers_image_openpgp was seen to do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unarmor } from 'openpgp';
import { readKeyring } from '../../server/openpgp/keyring.ts';
import { readSimpleKeyring } from '../../server/openpgp/simple-keyring.ts';
import { fixture } from '../support/server.ts';

const armored = (name: string) => fixture(`keys/${name}.asc`);
const binary = async (name: string) => (await unarmor(armored(name).toString())).data as Uint8Array;
const fingerprintOf = async (name: string) => (await readKeyring(armored(name))).keys[0]?.facts.fingerprint;

async function found(...parts: readonly Uint8Array[]): Promise<readonly (string | undefined)[] | null> {
  const keys = await readSimpleKeyring(Buffer.concat(parts));
  return keys?.map(({ facts }) => facts.fingerprint) ?? null;
}

test('x/crypto reads', async (t) => {
  const [rsa, p256] = [await fingerprintOf('rsa4096'), await fingerprintOf('ecdsa-p256')];
  await t.test('RSA and NIST ECDSA, binary or armored', async () => {
    assert.deepEqual(await found(await binary('rsa4096'), await binary('ecdsa-p256')), [rsa, p256]);
    assert.deepEqual(await found(armored('ecdsa-p256')), [p256]);
  });
  await t.test('one armored block of a file, where GnuPG reads all', async () => {
    const both = Buffer.concat([armored('rsa4096'), armored('ecdsa-p256')]);
    assert.deepEqual(await found(both), [rsa]);
    assert.equal((await readKeyring(both)).keys.length, 2);
  });
  await t.test('no key before one that it does not know, but those behind it', async () => {
    assert.deepEqual(await found(await binary('rsa4096'), await binary('ed25519'), await binary('ecdsa-p256')), [p256]);
    assert.deepEqual(await found(await binary('ed25519'), await binary('rsa4096')), [rsa]);
  });
  await t.test('nothing at all where it knows no key', async () => {
    assert.equal(await found(await binary('ed25519')), null);
    assert.equal(await found(await binary('rsa4096'), await binary('ed25519')), null);
    assert.equal(await found(await binary('brainpool')), null);
    assert.equal(await found(Buffer.from('no key')), null);
  });
});

test('a keyring has what can be read of it, and says what not', async () => {
  const { keys, skipped } = await readKeyring(Buffer.concat([await binary('dsa'), await binary('rsa4096')]));
  assert.deepEqual([keys.length, skipped.length], [1, 1]);
  assert.match(skipped[0] ?? '', /algorithm 17/);
  const nothing = await readKeyring(Buffer.from('no key'));
  assert.deepEqual([nothing.keys.length, nothing.skipped.length], [0, 1]);
  const secret = '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----\n';
  await assert.rejects(readKeyring(Buffer.from(secret)), { code: 'KEY_PRIVATE' });
});
