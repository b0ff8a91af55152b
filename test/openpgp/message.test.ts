import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../server/domain/limits.ts';
import { inspect } from '../../server/openpgp/message.ts';
import { TAG } from '../../server/openpgp/packets.ts';
import { fixture } from '../support/server.ts';
import { compressed, oldPacket, packet, packetInParts, realMessage, spoilt } from './packet-writing.ts';

const { onePass, literal, signature } = realMessage();
const [ONE, LIT, SIG] = [packet(TAG.onePass, onePass), packet(TAG.literal, literal), packet(TAG.signature, signature)];

function message({ one = ONE, lit = LIT, sig = SIG }: { one?: Buffer; lit?: Buffer; sig?: Buffer } = {}): Buffer {
  return Buffer.concat([one, lit, sig]);
}

function layers(count: number): Buffer {
  let bytes = message();
  for (let layer = 0; layer < count; layer++) bytes = compressed(bytes);
  return bytes;
}

/** Both packets say that the signature is over text, which is `text`. */
function textMessage(text: string): Buffer {
  return message({
    one: packet(TAG.onePass, spoilt(onePass, 1, 1)),
    lit: packet(TAG.literal, Buffer.concat([Buffer.from('t\0\0\0\0\0'), Buffer.from(text)])),
    sig: packet(TAG.signature, spoilt(signature, 1, 1)),
  });
}

/** A literal with one format, and the same name, date and contents. */
function format(letter: string): Buffer {
  return packet(TAG.literal, spoilt(literal, 0, letter.charCodeAt(0)));
}

test('inspect returns what a reader needs to verify', () => {
  const found = inspect(fixture('signatures/rsa2048.sig'));
  assert.match(found.keyId, /^[0-9A-F]{16}$/);
  assert.deepEqual([found.signatureType, found.keyAlgorithm, found.hashAlgorithm], [0, 1, 10]);
  assert.equal(found.literal.format, 'b');
  assert.match(Buffer.from(found.literal.data).toString(), /^\{"critical"/);
});

const fair: readonly [what: string, bytes: Buffer][] = [
  ['not compressed', message()],
  ['a one-pass packet of the old format', message({ one: oldPacket(TAG.onePass, onePass, 1) })],
  ['a literal in parts', message({ lit: packetInParts(TAG.literal, literal, 5) })],
  ['a text literal', message({ lit: format('t') })],
  ['a UTF-8 literal', message({ lit: format('u') })],
  ['a text signature over CR LF', textMessage('a\r\nb\r\n')],
  ['a text signature over one line', textMessage('a')],
  ['as many layers of compression as may be', layers(LIMITS.compressionLayers)],
  ['"compressed" without compression', compressed(message(), 0)],
];
for (const [what, bytes] of fair) test(`inspect takes a message that is ${what}`, () => void inspect(bytes));

const breaks: readonly [why: string, code: string, bytes: Buffer][] = [
  ['the one-pass packet is of version 6', 'UNSUPPORTED', message({ one: packet(4, spoilt(onePass, 0, 6)) })],
  [
    'the one-pass packet is too long',
    'UNSUPPORTED',
    message({ one: packet(4, Buffer.concat([onePass, Buffer.of(1)])) }),
  ],
  ['the one-pass packet is too short', 'UNSUPPORTED', message({ one: packet(4, onePass.subarray(0, -1)) })],
  ['the one-pass packet comes in parts', 'UNSUPPORTED', message({ one: packetInParts(4, onePass, 2) })],
  ['the signature is over a key', 'UNSUPPORTED', message({ one: packet(4, spoilt(onePass, 1, 0x1f)) })],
  ['another signature is announced', 'SEVERAL_SIGNERS', message({ one: packet(4, spoilt(onePass, 12, 0)) })],
  ['the signature is of version 3', 'UNSUPPORTED', message({ sig: packet(2, spoilt(signature, 0, 3)) })],
  ['the signature is of version 6', 'UNSUPPORTED', message({ sig: packet(2, spoilt(signature, 0, 6)) })],
  ['the signature packet is empty', 'UNSUPPORTED', message({ sig: packet(2, Buffer.alloc(0)) })],
  ['the signature comes in parts', 'MALFORMED', message({ sig: packetInParts(2, signature, 5) })],
  ['the signature has no length', 'MALFORMED', message({ sig: oldPacket(2, signature, 0) })],
  ['only the signature says text', 'MALFORMED', message({ sig: packet(2, spoilt(signature, 1, 1)) })],
  ['only the one-pass packet says text', 'MALFORMED', message({ one: packet(4, spoilt(onePass, 1, 1)) })],
  ['the hashes differ', 'MALFORMED', message({ sig: packet(2, spoilt(signature, 3, 8)) })],
  ['the algorithms differ', 'MALFORMED', message({ sig: packet(2, spoilt(signature, 2, 22)) })],
  [
    'the hash is MD5',
    'UNSUPPORTED',
    message({ one: packet(4, spoilt(onePass, 2, 1)), sig: packet(2, spoilt(signature, 3, 1)) }),
  ],
  [
    'the key is for encryption',
    'UNSUPPORTED',
    message({ one: packet(4, spoilt(onePass, 3, 16)), sig: packet(2, spoilt(signature, 2, 16)) }),
  ],
  ['the literal has no length', 'TRUNCATED', message({ lit: oldPacket(11, literal, 0) })],
  ['the literal is empty', 'UNSUPPORTED', message({ lit: packet(11, Buffer.alloc(0)) })],
  ['the literal is a MIME part', 'UNSUPPORTED', message({ lit: format('m') })],
  ['the literal ends in its header', 'MALFORMED', message({ lit: packet(11, Buffer.from('b\0\0\0')) })],
  [
    'the file name is longer than the literal',
    'MALFORMED',
    message({ lit: packet(11, Buffer.from('b\xff\0\0\0\0', 'latin1')) }),
  ],
  ['text ends in a bare line feed', 'MALFORMED', textMessage('a\r\nb\n')],
  ['text starts with a bare line feed', 'MALFORMED', textMessage('\na')],
  ['text has a bare carriage return', 'MALFORMED', textMessage('a\rb\r\n')],
  ['text ends in a carriage return', 'MALFORMED', textMessage('a\r\nb\r')],
  ['it is compressed once too often', 'NESTED', layers(LIMITS.compressionLayers + 1)],
];

// Each wrong sequence of packets has its name (shapes.ts).
const sequences: readonly [why: string, code: string, packets: readonly Buffer[]][] = [
  ['nothing but an announcement', 'TRUNCATED', [ONE]],
  ['no signature at the end', 'TRUNCATED', [ONE, LIT]],
  ['no literal', 'MALFORMED', [ONE, SIG]],
  ['two announcements', 'SEVERAL_SIGNERS', [ONE, ONE, LIT, SIG, SIG]],
  ['two signatures', 'SEVERAL_SIGNERS', [ONE, LIT, SIG, SIG]],
  ['two literals', 'MALFORMED', [ONE, LIT, LIT, SIG]],
  ['another message behind it', 'SEVERAL_MESSAGES', [message(), message()]],
  ['a compressed packet behind it', 'SEVERAL_MESSAGES', [message(), layers(1)]],
  ['an unsigned literal behind it', 'SEVERAL_MESSAGES', [message(), LIT]],
  ['a key behind it', 'TRAILING_DATA', [message(), fixture('keys/rsa2048.gpg')]],
  ['a marker behind it', 'TRAILING_DATA', [message(), packet(10, Buffer.from('PGP'))]],
  ['a newline behind it', 'TRAILING_DATA', [message(), Buffer.from('\n')]],
  ['a marker before it', 'MALFORMED', [compressed(Buffer.concat([packet(10, Buffer.from('PGP')), message()]))]],
  ['the signature first', 'NOT_ONE_PASS', [SIG, LIT]],
  ['the signature last, unannounced', 'NOT_ONE_PASS', [compressed(Buffer.concat([LIT, SIG]))]],
  ['a signature alone', 'DETACHED', [SIG]],
  ['two signatures alone', 'DETACHED', [SIG, SIG]],
  ['a literal alone', 'UNSIGNED', [compressed(LIT)]],
  ['an unsigned literal before it', 'UNSIGNED', [compressed(Buffer.concat([LIT, message()]))]],
  ['nothing inside', 'TRUNCATED', [compressed(Buffer.alloc(0))]],
  ['a message encrypted to a key inside', 'ENCRYPTED', [compressed(packet(1, Buffer.alloc(20, 3)))]],
  ['a message encrypted with a password inside', 'ENCRYPTED', [compressed(packet(3, Buffer.alloc(20, 4)))]],
  ['encrypted data inside', 'ENCRYPTED', [compressed(packet(18, Buffer.alloc(20, 1)))]],
  ['a compressed packet, then another', 'SEVERAL_MESSAGES', [oldPacket(8, layers(1).subarray(1), 2), layers(1)]],
  ['a compressed packet, then a signature', 'SEVERAL_SIGNERS', [oldPacket(8, layers(1).subarray(1), 2), SIG]],
];
for (const [why, code, bytes] of [...breaks, ...sequences.map(([w, c, p]) => [w, c, Buffer.concat(p)] as const)])
  test(`inspect refuses with SIGNATURE_${code}: ${why}`, () =>
    assert.throws(() => inspect(bytes), { name: 'AppError', code: `SIGNATURE_${code}` }));
