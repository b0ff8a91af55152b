// Keyrings as clients are given them: readers know different algorithms, and some lose a key for its neighbour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unarmor } from 'openpgp';
import { readKeyring } from '../../server/openpgp/keyring.ts';
import { readSimpleKeyring } from '../../server/openpgp/simple-keyring.ts';
import { keyringOf } from '../../server/services/client-config/trust.ts';
import { fixture } from '../support/server.ts';

const ORDERS = [
  ['rsa4096', 'ed25519', 'ecdsa-p256'],
  ['rsa4096', 'ecdsa-p256', 'ed25519'],
  ['ed25519', 'rsa4096', 'ecdsa-p256'],
  ['ed25519', 'brainpool', 'rsa4096', 'ed25519', 'ecdsa-p256', 'brainpool'],
];

async function keyOf(name: string): Promise<{ material: Uint8Array }> {
  return { material: (await unarmor(fixture(`keys/${name}.asc`).toString())).data as Uint8Array };
}

test('builds with containers_image_openpgp find every key that they know', async (t) => {
  for (const names of ORDERS)
    await t.test(`of ${names.join(', ')}`, async () => {
      const keyring = keyringOf(await Promise.all(names.map(keyOf)));
      const found = (await readSimpleKeyring(keyring))?.map(({ facts }) => facts.signingKeys[0]?.algorithm);
      assert.deepEqual(found?.sort(), ['ECDSA NIST P-256', 'RSA 4096']);
    });
});

test('GnuPG finds them all', async () => {
  const keyring = keyringOf(await Promise.all((ORDERS[0] ?? []).map(keyOf)));
  assert.equal((await readKeyring(keyring)).keys.length, 3);
});
