import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dearmor } from '../../server/openpgp/dearmor.ts';
import { inspect } from '../../server/openpgp/message.ts';
import { fixture } from '../support/server.ts';

const ARMORED = fixture('signatures/armored.sig').toString('latin1');

const fair: readonly [what: string, text: string][] = [
  ['as gpg writes it', ARMORED],
  ['with the line ends of Windows', ARMORED.replaceAll('\n', '\r\n')],
  ['behind empty lines', `\n\n${ARMORED}`],
  ['with headers', ARMORED.replace('\n', '\nVersion: GnuPG v2\nComment: a note\n')],
  ['without a checksum', ARMORED.replace(/\n=....\n/, '\n')],
];
for (const [what, text] of fair)
  test(`dearmor finds the message in armor ${what}`, async () => {
    assert.equal(inspect(await dearmor(Buffer.from(text))).literal.format, 'b');
  });

test('dearmor gives back everything else as it is', async () => {
  for (const name of ['rsa2048', 'clear-signed', 'detached-armored', 'html', 'empty', 'base64']) {
    const bytes = fixture(`signatures/${name}.sig`);
    assert.equal(await dearmor(bytes), bytes, name);
  }
});

const breaks: readonly [why: string, text: string][] = [
  ['has no end', ARMORED.slice(0, ARMORED.indexOf('-----END'))],
  ['is cut in the middle', ARMORED.slice(0, ARMORED.length / 2)],
  ['is only a first line', '-----BEGIN PGP MESSAGE-----\n'],
  ['has a second message behind it', ARMORED + ARMORED],
];
for (const [why, text] of breaks)
  test(`dearmor refuses armor that ${why}`, () =>
    assert.rejects(dearmor(Buffer.from(text)), { name: 'AppError', code: 'SIGNATURE_MALFORMED' }));
