// Whatever bytes arrive: an answer or an AppError, soon. A stray exception would be a 500 with a stack in the log
// for every such upload, and a slow one a way to keep a worker busy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { AppError } from '../../server/domain/errors.ts';
import type { Fingerprint, KeyId } from '../../server/domain/fingerprint.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { LIMITS } from '../../server/domain/limits.ts';
import { dearmor } from '../../server/openpgp/dearmor.ts';
import { decompress } from '../../server/openpgp/decompress.ts';
import { signatureIdentity } from '../../server/openpgp/identity.ts';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import { inspect } from '../../server/openpgp/message.ts';
import { readPackets, TAG } from '../../server/openpgp/packets.ts';
import { requirePlainSelfSignature, requirePlainSignature } from '../../server/openpgp/subpackets.ts';
import { fixture } from '../support/server.ts';
import { damaged } from './damaged.ts';
import { bigEndian, compressed, oldPacket, packet, packetInParts, realMessage } from './packet-writing.ts';

/** For one input, on a machine that has other things to do as well. */
const SOON_MS = 2_000;

async function answersSoon(read: () => unknown): Promise<void> {
  const started = performance.now();
  try {
    await read();
  } catch (error) {
    assert.ok(error instanceof AppError, error instanceof Error ? error.stack : String(error));
  }
  assert.ok(performance.now() - started < SOON_MS);
}

/** Well-formed packets of any kind with any content, in any order. */
function packets(tags: readonly number[]): fc.Arbitrary<Uint8Array> {
  const one = fc
    .tuple(fc.constantFrom(...tags), fc.uint8Array({ maxLength: 80 }), fc.nat({ max: 3 }))
    .map(([tag, body, form]) =>
      form === 0 ? packetInParts(tag, body, 3) : form === 1 && tag < 16 ? oldPacket(tag, body, 2) : packet(tag, body),
    );
  return fc.array(one, { maxLength: 6 }).map((list) => Buffer.concat(list));
}

const headed = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.of(0x90), bytes]));
const MESSAGES = [
  'rsa2048',
  'rsa2048-uncompressed',
  'zlib',
  'ed25519-uncompressed',
  'partial-literal',
  'two-signers',
].map((name) => fixture(`signatures/${name}.sig`));
const KEYS = ['rsa2048', 'ed25519', 'ecdsa-p256', 'revoked', 'subkey', 'revocation-certificate'].map((name) =>
  fixture(`keys/${name}.asc`),
);
const BINARY_KEYS = await Promise.all(
  KEYS.map(async (bytes) => {
    const { keys, revocations } = await readKeyFile(bytes);
    return keys[0]?.material ?? revocations[0]?.packets ?? bytes;
  }),
);

async function holds(
  input: fc.Arbitrary<Uint8Array>,
  read: (bytes: Uint8Array) => unknown,
  runs: number,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, (bytes) => answersSoon(() => read(bytes))),
    { numRuns: runs },
  );
}

test('readPackets gives back every byte of what it reads, or an AppError', async () => {
  const read = (bytes: Uint8Array) => {
    const sum = readPackets(bytes).reduce((total, { body }) => total + body.length, 0);
    assert.ok(sum <= bytes.length);
  };
  await holds(
    fc.oneof(headed, fc.uint8Array({ maxLength: 300 }), packets(Object.values(TAG).filter((tag) => tag > 0))),
    read,
    2000,
  );
});

test('inspect answers noise', () => holds(fc.oneof(headed, fc.uint8Array()), inspect, 2000));
test('inspect answers packets in any order', () =>
  holds(packets([TAG.onePass, TAG.literal, TAG.signature, TAG.compressed]), inspect, 2000));
test('inspect answers compressed packets in any order', () =>
  holds(
    packets([TAG.onePass, TAG.literal, TAG.signature, TAG.encrypted]).map((bytes) => compressed(bytes)),
    inspect,
    1000,
  ));
test('inspect answers damaged messages', () => holds(damaged(MESSAGES), inspect, 3000));
test('dearmor answers damaged armor', () => holds(damaged([fixture('signatures/armored.sig')]), dearmor, 500));

/** Both areas of a version 4 signature with what is nearly subpackets in them: lengths of each form, right and wrong. */
const area = fc
  .array(
    fc.tuple(
      fc.constantFrom<'short' | 'two' | 'five' | 'lie'>('short', 'short', 'two', 'five', 'lie'),
      fc.oneof(fc.constantFrom(2, 3, 4, 9, 16, 20, 27, 33, 0x82, 0x94, 0xa1), fc.nat(255)),
      fc.uint8Array({ maxLength: 24 }),
    ),
    { maxLength: 8 },
  )
  .map((subpackets) =>
    Buffer.concat(
      subpackets.map(([form, type, body]) => {
        const content = Buffer.concat([Buffer.of(type), body]);
        if (form === 'two') return Buffer.concat([Buffer.of(192, (content.length - 192) & 255), content]);
        if (form === 'five') return Buffer.concat([Buffer.of(255), bigEndian(content.length, 4), content]);
        return Buffer.concat([Buffer.of((content.length + (form === 'lie' ? 3 : 0)) & 255), content]);
      }),
    ),
  );
const signatureBodies = fc
  .tuple(area, area, fc.uint8Array({ maxLength: 40 }), fc.nat(4))
  .map(([hashed, unhashed, rest, lie]) =>
    Buffer.concat([
      Buffer.of(4, 0, 1, 8),
      bigEndian(hashed.length, 2),
      hashed,
      bigEndian(unhashed.length + (lie === 4 ? 5 : 0), 2),
      unhashed,
      rest,
    ]),
  );
const KEY_ID = '0123456789ABCDEF' as KeyId;
const SOME_KEY = { fingerprint: `${'0'.repeat(24)}${KEY_ID}` as Fingerprint, createdAt: 0 as Instant };

test('requirePlainSignature answers subpackets of every kind', () =>
  holds(
    fc.oneof(signatureBodies, damaged([realMessage().signature])),
    (bytes) => requirePlainSignature(bytes, KEY_ID),
    3000,
  ));
test('requirePlainSelfSignature answers subpackets of every kind', () =>
  holds(
    fc.oneof(signatureBodies, damaged([realMessage().signature])),
    (bytes) => requirePlainSelfSignature(bytes, SOME_KEY),
    3000,
  ));
test('signatureIdentity answers signatures of every kind', () =>
  holds(
    fc.oneof(signatureBodies, damaged([realMessage().signature])),
    (bytes) => signatureIdentity(bytes, SOME_KEY.fingerprint),
    3000,
  ));
test('decompress gives back what was packed, nothing above its bound, or an AppError', async () => {
  const bodies = fc
    .tuple(fc.constantFrom(0, 1, 2, 3, 9), fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 50, 2_000))
    .map(([algorithm, bytes, times]) => {
      const content = Buffer.concat(Array.from({ length: times }, () => bytes));
      return { algorithm, content, body: Buffer.concat([Buffer.of(algorithm), packed(algorithm, content)]) };
    });
  await fc.assert(
    fc.asyncProperty(bodies, ({ algorithm, content, body }) =>
      answersSoon(() => {
        const unpacked = decompress(body);
        assert.ok(algorithm === 0 || unpacked.length <= LIMITS.decompressedBytes);
        assert.ok(content.equals(unpacked));
      }),
    ),
    { numRuns: 300 },
  );
  await holds(damaged([compressed(realMessage().literal).subarray(1)]), decompress, 1000);
});

function packed(algorithm: number, content: Buffer): Buffer {
  if (algorithm === 1) return deflateRawSync(content);
  return algorithm === 2 ? deflateSync(content) : content;
}

test('readKeyFile answers noise', () => holds(fc.oneof(headed, fc.uint8Array()), readKeyFile, 1000));
test('readKeyFile answers packets in any order', () =>
  holds(
    packets([TAG.publicKey, TAG.publicSubkey, TAG.userId, TAG.userAttribute, TAG.signature, 10]),
    readKeyFile,
    1000,
  ));
test('readKeyFile answers damaged armor', () => holds(damaged(KEYS), readKeyFile, 500));
test('readKeyFile answers damaged keys', () => holds(damaged(BINARY_KEYS), readKeyFile, 1000));
