// Armored keys are read by GnuPG, whatever their length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armorKey } from '../../server/openpgp/armor.ts';
import { gpgHome } from '../support/gpg.ts';
import { must, runTool } from '../support/processes.ts';
import { needs } from '../support/tools.ts';

test('a keyring in armor is whole for GnuPG at every length', needs('gpg'), async (t) => {
  const gpg = gpgHome(t);
  const { publicKey } = await gpg.generate('one', 'ed25519');
  for (const length of [0, 1, 2]) {
    const { publicKey: other } = await gpg.generate(`two${'x'.repeat(length)}`, 'ed25519');
    const bytes = Buffer.concat([publicKey, other]);
    const { stdoutBytes } = await must(runTool('gpg', ['--batch', '--dearmor'], { input: armorKey(bytes) }));
    assert.deepEqual(stdoutBytes, bytes, `${bytes.length} bytes`);
  }
});
