import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireOpenPgp } from '../../server/openpgp/sniff.ts';
import { fixture } from '../support/server.ts';

/** What containers/image takes for OpenPGP, without its `=` (docs/protocol.md §3.1). */
const OPENPGP = new Set([
  ...[0xa0, 0xa1, 0xa2, 0xa3, 0xc8], // compressed
  ...[0x90, 0x91, 0x92, 0xc4], // one-pass signature
  ...[0x88, 0x89, 0x8a, 0x8b, 0xc2], // signature
]);

test('requireOpenPgp passes just the first bytes that readers take', () => {
  for (let first = 0; first < 256; first++) {
    const bytes = Uint8Array.of(first, 0, 0);
    if (OPENPGP.has(first)) requireOpenPgp(bytes);
    else assert.throws(() => requireOpenPgp(bytes), { name: 'AppError' }, `0x${first.toString(16)}`);
  }
});

const CLEARSIGNED = '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}';
const looks: readonly [what: string, code: string, bytes: string | Uint8Array][] = [
  ['nothing', 'SIGNATURE_EMPTY', ''],
  ['armor', 'SIGNATURE_ARMORED', '-----BEGIN PGP MESSAGE-----\n'],
  ['armor behind white space', 'SIGNATURE_ARMORED', ' \r\n-----BEGIN PGP MESSAGE-----\r\n'],
  ['a clear-signed text', 'SIGNATURE_CLEARSIGNED', CLEARSIGNED],
  ['an armored detached signature', 'SIGNATURE_DETACHED', '-----BEGIN PGP SIGNATURE-----\n'],
  ['an armored private key', 'KEY_PRIVATE', '-----BEGIN PGP PRIVATE KEY BLOCK-----\n'],
  ['an armored public key', 'SIGNATURE_UNRECOGNIZED', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n'],
  ['a public key', 'SIGNATURE_UNRECOGNIZED', fixture('keys/rsa2048.gpg')],
  ['a sigstore signature', 'SIGNATURE_SIGSTORE', '\0sigstore-json\n{}'],
  ['a signature behind a prefix', 'SIGNATURE_PREFIXED', '\0simple-signing\n\x90'],
  ['another prefix', 'SIGNATURE_UNRECOGNIZED', '\0simple-signing'],
  ['HTML', 'SIGNATURE_HTML', '<!DOCTYPE html>'],
  ['HTML in capitals behind a byte order mark', 'SIGNATURE_HTML', Buffer.from('\ufeff\n<HTML>')],
  ['HTML that starts with a comment', 'SIGNATURE_HTML', '<!-- proxy --><p>'],
  ['XML of another kind', 'SIGNATURE_UNRECOGNIZED', '<Error><Code>NoSuchKey</Code>'],
  ['a JSON object', 'SIGNATURE_JSON', '\n {"critical":{}}'],
  ['a JSON array', 'SIGNATURE_JSON', '[]'],
  ['a literal', 'SIGNATURE_UNSIGNED', Uint8Array.of(0xcb, 1, 0x62)],
  ['an encrypted message', 'SIGNATURE_ENCRYPTED', Uint8Array.of(0x85, 1, 0)],
  ['a text file', 'SIGNATURE_UNRECOGNIZED', 'hello'],
];
for (const [what, code, bytes] of looks)
  test(`requireOpenPgp calls ${what} ${code}`, () => {
    const given = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    assert.throws(() => requireOpenPgp(given), { name: 'AppError', code });
  });

test('requireOpenPgp looks at the start alone, however long the rest is', () => {
  const late = Buffer.concat([Buffer.alloc(4_000_000, ' '), Buffer.from('-----BEGIN PGP MESSAGE-----')]);
  const started = performance.now();
  assert.throws(() => requireOpenPgp(late), { code: 'SIGNATURE_UNRECOGNIZED' });
  assert.ok(performance.now() - started < 100);
});
