import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LIMITS } from '../../server/domain/limits.ts';
import { readPackets, TAG } from '../../server/openpgp/packets.ts';
import { oldPacket, packet, packetInParts } from './packet-writing.ts';

const BODY = Buffer.from('some bytes');
const LONG = Buffer.alloc(9000, 'x');

const forms: readonly [form: string, bytes: Buffer, body: Buffer, length: string][] = [
  ['the new format', packet(11, BODY), BODY, 'definite'],
  ['the new format with a length of two octets', packet(11, LONG.subarray(0, 200)), LONG.subarray(0, 200), 'definite'],
  ['the new format with a length of five octets', packet(11, LONG), LONG, 'definite'],
  ['the new format in parts', packetInParts(11, LONG, 9), LONG, 'partial'],
  [
    'the new format in parts that leave nothing over',
    packetInParts(11, LONG.subarray(0, 1024), 9),
    LONG.subarray(0, 1024),
    'partial',
  ],
  ['the old format with a length of one octet', oldPacket(11, BODY, 1), BODY, 'definite'],
  ['the old format with a length of two octets', oldPacket(11, BODY, 2), BODY, 'definite'],
  ['the old format with a length of four octets', oldPacket(11, LONG, 4), LONG, 'definite'],
  ['the old format without a length', oldPacket(11, LONG, 0), LONG, 'rest'],
  ['an empty packet', packet(11, Buffer.alloc(0)), Buffer.alloc(0), 'definite'],
];
for (const [form, bytes, body, length] of forms)
  test(`readPackets reads ${form}`, () => {
    const [only, ...others] = readPackets(bytes);
    assert.deepEqual([only?.tag, Buffer.from(only?.body ?? []), only?.length], [11, body, length]);
    assert.deepEqual(others, []);
  });

test('readPackets reads one packet after the other, in both formats', () => {
  const bytes = Buffer.concat([
    packet(4, BODY),
    oldPacket(11, LONG, 2),
    packetInParts(2, LONG, 10),
    oldPacket(8, BODY, 0),
  ]);
  assert.deepEqual(
    readPackets(bytes).map(({ tag }) => tag),
    [4, 11, 2, 8],
  );
});

test('readPackets reads nothing out of nothing', () => {
  assert.deepEqual(readPackets(new Uint8Array()), []);
});

const breaks: readonly [why: string, bytes: Uint8Array, code: string][] = [
  ['a byte that starts no packet', Buffer.from('text'), 'SIGNATURE_MALFORMED'],
  [
    'a byte that starts no packet, after one',
    Buffer.concat([packet(4, BODY), Buffer.from('text')]),
    'SIGNATURE_MALFORMED',
  ],
  ['a header without a length', Buffer.of(0xcb), 'SIGNATURE_TRUNCATED'],
  ['half of a length', Buffer.of(0xcb, 200), 'SIGNATURE_TRUNCATED'],
  ['half of a length of five octets', Buffer.of(0xcb, 255, 0, 0), 'SIGNATURE_TRUNCATED'],
  ['a body that is cut short', packet(11, BODY).subarray(0, -1), 'SIGNATURE_TRUNCATED'],
  ['an old body that is cut short', oldPacket(11, BODY, 4).subarray(0, -1), 'SIGNATURE_TRUNCATED'],
  ['a length of 4 GiB', Buffer.of(0xcb, 255, 255, 255, 255, 255, 1, 2, 3), 'SIGNATURE_TRUNCATED'],
  ['a part of 1 GiB', Buffer.of(0xcb, 254, 1, 2, 3), 'SIGNATURE_TRUNCATED'],
  ['parts without a last one', packetInParts(11, LONG, 9).subarray(0, 514), 'SIGNATURE_TRUNCATED'],
  ['parts of one byte each', packetInParts(11, LONG, 0), 'SIGNATURE_MALFORMED'],
  [
    'more packets than the limit',
    Buffer.concat(Array(LIMITS.packets + 1).fill(packet(4, BODY))),
    'SIGNATURE_MALFORMED',
  ],
];
for (const [why, bytes, code] of breaks)
  test(`readPackets refuses ${why}`, () => assert.throws(() => readPackets(bytes), { name: 'AppError', code }));

test('readPackets takes as many packets as it is told to', () => {
  const bytes = Buffer.concat(Array(LIMITS.packets + 1).fill(packet(4, BODY)));
  assert.equal(readPackets(bytes, LIMITS.packets + 1).length, LIMITS.packets + 1);
});

// A whole message with something behind it has another remedy than one that is cut short.
for (const [where, before] of [
  ['the third packet', [packet(4, BODY), packet(11, BODY), packet(2, BODY)]],
  ['a compressed packet', [packet(8, BODY)]],
] as const)
  test(`readPackets calls unreadable bytes behind ${where} garbage`, () => {
    for (const rest of [Buffer.from('text'), Buffer.of(0), Buffer.of(0xcb, 200), packet(11, BODY).subarray(0, -1)]) {
      const last = readPackets(Buffer.concat([...before, rest])).at(-1);
      assert.equal(last?.tag, TAG.garbage);
      assert.deepEqual(Buffer.from(last?.body ?? []), rest);
    }
  });
