// Two readings of one signature: openpgp.js's own and the one by OpenSSL directly. They must agree about real signatures of
// every algorithm and hash, about the same with a byte changed anywhere, and about signatures held against another key.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LiteralDataPacket, type PublicKeyPacket, readKey, SignaturePacket } from 'openpgp';
import { createRequireMadeOver } from '../../server/openpgp/cryptography.ts';
import { readKeyFile } from '../../server/openpgp/key-material.ts';
import { inspect, type UntrustedMessage } from '../../server/openpgp/message.ts';
import { OPENPGP } from '../../server/openpgp/settings.ts';
import { fixture } from '../support/server.ts';
import { CORPUS } from './corpus.ts';
import { damaged } from './damaged.ts';

type Spoken = { readonly name: string; readonly message: UntrustedMessage };
type Verdict = 'holds' | 'does not hold';

const ALGORITHMS = new Set([1, 3, 19, 22]);

/** Key packets of all fixtures that can sign here, primary keys and subkeys. */
const KEYS: PublicKeyPacket[] = [];
for (const name of new Set(CORPUS.flatMap(({ keys }) => keys))) {
  const { keys } = await readKeyFile(fixture(`keys/${name}.asc`)).catch(() => ({ keys: [] }));
  for (const { material } of keys) {
    const whole = await readKey({ binaryKey: material, config: OPENPGP });
    for (const { keyPacket } of [whole, ...whole.subkeys]) KEYS.push(keyPacket as PublicKeyPacket);
  }
}

const MESSAGES: Spoken[] = CORPUS.filter(({ expect }) => expect === 'accepted').map(({ name, file }) => ({
  name,
  message: inspect(fixture(file)),
}));

/** One of each kind. */
const KINDS: readonly Spoken[] = [
  ...new Map(
    MESSAGES.map((spoken) => [
      [spoken.message.keyId, spoken.message.hashAlgorithm, spoken.message.signatureType].join(' '),
      spoken,
    ]),
  ).values(),
];

function keysOf(message: UntrustedMessage): PublicKeyPacket[] {
  return KEYS.filter((key) => key.getKeyID().toHex().toUpperCase() === message.keyId);
}

function readSignature(body: Uint8Array): SignaturePacket | null {
  const signature = new SignaturePacket();
  try {
    (signature as unknown as { read(body: Uint8Array, config: typeof OPENPGP): void }).read(body, OPENPGP);
    return signature;
  } catch {
    return null;
  }
}

async function verdict(check: () => unknown): Promise<Verdict> {
  try {
    await check();
    return 'holds';
  } catch {
    return 'does not hold';
  }
}

/** Both readings; null for what neither is asked about. */
async function verdicts(message: UntrustedMessage, body: Uint8Array, content: Uint8Array, key: PublicKeyPacket) {
  const signature = readSignature(body);
  const asked = signature?.version === 4 && signature.signatureType === message.signatureType;
  if (!signature || !asked || !ALGORITHMS.has(signature.publicKeyAlgorithm ?? 0)) return null;
  const literal = new LiteralDataPacket();
  (literal as unknown as { setBytes(data: Uint8Array, format: number): void }).setBytes(content, 0x62);
  const noDate = null as unknown as Date;
  return {
    ours: await verdict(() => createRequireMadeOver(key)(signature, content)),
    theirs: await verdict(() => signature.verify(key, message.signatureType, literal, noDate, false, OPENPGP)),
  };
}

test('OpenSSL and openpgp.js agree about a signature', async (t) => {
  await t.test('that is real, of every algorithm and hash', async () => {
    const seen = new Set<string>();
    for (const { name, message } of MESSAGES) {
      const [key] = keysOf(message);
      assert.ok(key, name);
      const both = await verdicts(message, message.signature, message.literal.data, key);
      assert.deepEqual(both, { ours: 'holds', theirs: 'holds' }, name);
      seen.add(`algorithm ${message.keyAlgorithm}`).add(`hash ${message.hashAlgorithm}`);
    }
    for (const what of ['algorithm 1', 'algorithm 19', 'algorithm 22', 'hash 2', 'hash 8', 'hash 10'])
      assert.ok(seen.has(what), `${what} is not in the corpus`);
  });

  await t.test('that is held against any other key', async () => {
    for (const { name, message } of MESSAGES)
      for (const key of KEYS.filter((each) => !keysOf(message).includes(each))) {
        const both = await verdicts(message, message.signature, message.literal.data, key);
        assert.deepEqual(both, { ours: 'does not hold', theirs: 'does not hold' }, name);
      }
  });

  await t.test('that has another byte anywhere', async () => {
    for (const { name, message } of KINDS) {
      const [key] = keysOf(message);
      for (let at = 0; at < message.signature.length; at++) {
        const body = Buffer.from(message.signature);
        body[at] = (body[at] ?? 0) ^ (1 << (at % 8));
        const both = await verdicts(message, body, message.literal.data, key as PublicKeyPacket);
        if (both) assert.equal(both.ours, both.theirs, `${name}, byte ${at}`);
      }
    }
  });

  await t.test('that is damaged in any way, over content that may be', async () => {
    const pairs = KINDS.map(({ message }) => message);
    const input = fc.constantFrom(...pairs).chain((message) =>
      fc.record({
        message: fc.constant(message),
        body: fc.oneof(fc.constant(message.signature), damaged([message.signature])),
        content: fc.oneof(fc.constant(message.literal.data), damaged([message.literal.data])),
      }),
    );
    await fc.assert(
      fc.asyncProperty(input, async ({ message, body, content }) => {
        const both = await verdicts(message, body, content, keysOf(message)[0] as PublicKeyPacket);
        if (both) assert.equal(both.ours, both.theirs);
      }),
      { numRuns: 3000 },
    );
  });

  await t.test('whose numbers have zeros before them, or are zero, or larger than the key', async () => {
    for (const { name, message } of KINDS) {
      const [key] = keysOf(message);
      for (const numbers of strangeNumbers(message)) {
        const both = await verdicts(message, numbers, message.literal.data, key as PublicKeyPacket);
        if (both) assert.equal(both.ours, both.theirs, name);
      }
    }
  });
});

/** The signature packet with its multi-precision integers written in other ways. */
function strangeNumbers({ signature, keyAlgorithm }: UntrustedMessage): Buffer[] {
  const body = Buffer.from(signature);
  const unhashed = 6 + body.readUInt16BE(4);
  const start = unhashed + 2 + body.readUInt16BE(unhashed) + 2;
  const numbers: Buffer[] = [];
  for (let at = start; at < body.length; ) {
    const length = Math.ceil(body.readUInt16BE(at) / 8);
    numbers.push(body.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const head = body.subarray(0, start);
  const write = (number: Uint8Array) => {
    const bits = Buffer.alloc(2);
    bits.writeUInt16BE(number.length * 8);
    return Buffer.concat([bits, number]);
  };
  const zero = Buffer.alloc(1);
  const others: ((number: Buffer) => Buffer)[] = [
    (number) => Buffer.concat([zero, number]),
    (number) => Buffer.concat([number, zero]),
    () => Buffer.alloc(0),
    () => zero,
    () => Buffer.of(1),
    (number) => Buffer.alloc(number.length, 0xff),
    (number) => number.subarray(1),
  ];
  const each = others.flatMap((other) =>
    numbers.map((_, index) =>
      Buffer.concat([head, ...numbers.map((number, place) => write(place === index ? other(number) : number))]),
    ),
  );
  assert.equal(numbers.length, keyAlgorithm < 4 ? 1 : 2);
  return [...each, Buffer.concat([head, ...numbers.toReversed().map(write)])];
}
