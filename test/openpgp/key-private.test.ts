// A private key that somebody registers by mistake must be refused in every dress it comes in, and the words must say
// that it is to be replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import { type Packet, readPackets, TAG } from '../../server/openpgp/packets.ts';
import { type GpgHome, gpgHome } from '../support/gpg.ts';
import { fixture } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { damaged } from './damaged.ts';
import { gpg } from './gpg.ts';
import { oldPacket, packet, packetInParts } from './packet-writing.ts';

const PUBLIC = fixture('keys/ed25519.asc');
const PUBLIC_BINARY = fixture('keys/rsa2048.gpg');

function armored(bytes: Uint8Array, what: string): Buffer {
  const lines = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n');
  return Buffer.from(`-----BEGIN PGP ${what}-----\n\n${lines}\n-----END PGP ${what}-----\n`);
}

async function keyWithSubkey(home: GpgHome): Promise<string> {
  const { fingerprint } = await home.generate('mistaken', 'ed25519');
  await gpg(home, ['--quick-add-key', fingerprint, 'ed25519', 'sign', 'never']);
  return fingerprint;
}

test('readKeyFile refuses a private key', needs('gpg'), async (t) => {
  const home = gpgHome(t);
  const fingerprint = await keyWithSubkey(home);
  const secret = await gpg(home, ['--export-secret-keys', fingerprint]);
  const packets = readPackets(secret);
  const rewrite = (form: (packet: Packet) => Uint8Array) => Buffer.concat(packets.map(form));
  // The primary key public, a subkey secret: what a careless tool might put together.
  const subkeyAlone = rewrite(({ tag, body }) => {
    if (tag !== TAG.secretKey) return packet(tag, body);
    return packet(TAG.publicKey, readPackets(PUBLIC_BINARY)[0]?.body ?? body);
  });
  const forms: readonly [form: string, bytes: Uint8Array][] = [
    ['in binary', secret],
    ['in armor', await gpg(home, ['--armor', '--export-secret-keys', fingerprint])],
    ['in armor that is called public', armored(secret, 'PUBLIC KEY BLOCK')],
    ['whose secret subkey alone is there', await gpg(home, ['--export-secret-subkeys', fingerprint])],
    ['whose secret subkey hides in a public block', armored(subkeyAlone, 'PUBLIC KEY BLOCK')],
    ['behind a public key', Buffer.concat([PUBLIC_BINARY, secret])],
    ['in armor behind a public key', Buffer.concat([PUBLIC, armored(secret, 'PRIVATE KEY BLOCK')])],
    ['in armor called public behind a public key', Buffer.concat([PUBLIC, armored(secret, 'PUBLIC KEY BLOCK')])],
    ['in front of a public key', Buffer.concat([secret, PUBLIC_BINARY])],
    ['behind a text', Buffer.concat([Buffer.from('my key:\n'), armored(secret, 'PRIVATE KEY BLOCK')])],
    ['behind a revocation certificate', Buffer.concat([packet(TAG.signature, Buffer.of(4)), secret])],
    ['with headers of the new format', rewrite(({ tag, body }) => packet(tag, body))],
    ['with long headers of the old format', rewrite(({ tag, body }) => oldPacket(tag, body, 4))],
    ['in parts', rewrite(({ tag, body }) => packetInParts(tag, body, 5))],
  ];
  for (const [form, bytes] of forms)
    await t.test(form, () =>
      assert.rejects(readKeyFile(bytes), { name: 'AppError', code: 'KEY_PRIVATE', message: /replace it/ }),
    );
});

test('readKeyFile keeps nothing of what it cannot read as a public key', needs('gpg'), async (t) => {
  const home = gpgHome(t);
  const secret = await gpg(home, ['--export-secret-keys', await keyWithSubkey(home)]);
  const forms: readonly [form: string, bytes: Uint8Array][] = [
    ['in base64 without armor', Buffer.from(secret.toString('base64'))],
    ['in armor of a message', armored(secret, 'MESSAGE')],
    ['in UTF-16', Buffer.from(armored(secret, 'PRIVATE KEY BLOCK').toString(), 'utf16le')],
    ['behind a newline', Buffer.concat([Buffer.from('\n'), secret])],
    ['behind bytes that are no packet', Buffer.concat([PUBLIC_BINARY, Buffer.from('\0'), secret])],
    ['cut short', secret.subarray(0, 40)],
  ];
  for (const [form, bytes] of forms)
    await t.test(form, () => assert.rejects(readKeyFile(bytes), { name: 'AppError', code: /^KEY_(INVALID|PRIVATE)$/ }));
});

// Two parsers read a key, ours and that of openpgp.js: where they disagreed, a secret packet could slip through.
test('readKeyFile keeps no secret packet of a damaged private key', needs('gpg'), async (t) => {
  const home = gpgHome(t);
  const secret = await gpg(home, ['--export-secret-keys', await keyWithSubkey(home)]);
  const kept = async (bytes: Uint8Array) => {
    const { keys } = await readKeyFile(bytes).catch(() => ({ keys: [] }));
    for (const { material } of keys)
      for (const { tag } of readPackets(material)) assert.ok(tag !== TAG.secretKey && tag !== TAG.secretSubkey);
  };
  const input = damaged([secret, Buffer.concat([PUBLIC_BINARY, secret]), Buffer.concat([secret, PUBLIC_BINARY])]);
  await fc.assert(fc.asyncProperty(input, kept), { numRuns: 1000 });
});
