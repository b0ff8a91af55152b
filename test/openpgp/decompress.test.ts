import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeflate, createDeflateRaw, deflateRawSync, deflateSync } from 'node:zlib';
import { LIMITS } from '../../server/domain/limits.ts';
import { decompress } from '../../server/openpgp/decompress.ts';
import { inspect } from '../../server/openpgp/message.ts';
import { compressed, packet, realMessage } from './packet-writing.ts';

const TEXT = Buffer.from('a claim, say '.repeat(20));
const FULL = Buffer.alloc(LIMITS.decompressedBytes, ' ');
const [NONE, ZIP, ZLIB, BZIP2] = [0, 1, 2, 3].map((algorithm) => Buffer.of(algorithm)) as [
  Buffer,
  Buffer,
  Buffer,
  Buffer,
];
const join = (...parts: readonly Uint8Array[]) => Buffer.concat(parts);

for (const [what, body, content] of [
  ['nothing, which is also a compression', join(NONE, TEXT), TEXT],
  ['ZIP', join(ZIP, deflateRawSync(TEXT)), TEXT],
  ['ZLIB', join(ZLIB, deflateSync(TEXT)), TEXT],
  ['ZIP up to the last byte of the limit', join(ZIP, deflateRawSync(FULL)), FULL],
  ['ZLIB up to the last byte of the limit', join(ZLIB, deflateSync(FULL)), FULL],
] as const)
  test(`decompress undoes ${what}`, () => assert.ok(content.equals(decompress(body))));

const over = Buffer.alloc(LIMITS.decompressedBytes + 1);
const checksum = deflateSync(TEXT);
checksum[checksum.length - 1] = (checksum.at(-1) ?? 0) ^ 1;
const breaks: readonly [why: string, code: string, body: Uint8Array][] = [
  ['no algorithm', 'TRUNCATED', new Uint8Array()],
  ['no data', 'TRUNCATED', ZIP],
  ['half of the data', 'TRUNCATED', join(ZIP, deflateRawSync(TEXT).subarray(0, -4))],
  ['half of a checksum', 'TRUNCATED', join(ZLIB, deflateSync(TEXT).subarray(0, -2))],
  ['a wrong checksum', 'MALFORMED', join(ZLIB, checksum)],
  ['ZLIB that is called ZIP', 'MALFORMED', join(ZIP, deflateSync(TEXT))],
  ['ZIP that is called ZLIB', 'MALFORMED', join(ZLIB, deflateRawSync(TEXT))],
  ['a dictionary that nobody has', 'MALFORMED', join(ZLIB, deflateSync(TEXT, { dictionary: Buffer.from('a claim') }))],
  ['BZip2', 'UNSUPPORTED', join(BZIP2, Buffer.from('BZh9'))],
  ['an unknown algorithm', 'UNSUPPORTED', join(Buffer.of(100), TEXT)],
  ['one byte too many of ZIP', 'EXPANDS', join(ZIP, deflateRawSync(over))],
  ['one byte too many of ZLIB', 'EXPANDS', join(ZLIB, deflateSync(over))],
  ['a byte behind ZIP', 'TRAILING_DATA', join(ZIP, deflateRawSync(TEXT), Buffer.of(0))],
  ['a byte behind ZLIB', 'TRAILING_DATA', join(ZLIB, deflateSync(TEXT), Buffer.of(0))],
  ['far more than a byte behind ZIP', 'TRAILING_DATA', join(ZIP, deflateRawSync(TEXT), Buffer.alloc(100_000, 'x'))],
  ['another message behind ZIP', 'SEVERAL_MESSAGES', join(ZIP, deflateRawSync(TEXT), compressed(TEXT))],
  ['a signature behind ZIP', 'SEVERAL_SIGNERS', join(ZIP, deflateRawSync(TEXT), packet(2, realMessage().signature))],
];
for (const [why, code, body] of breaks)
  test(`decompress refuses ${why}`, () =>
    assert.throws(() => decompress(body), { name: 'AppError', code: `SIGNATURE_${code}` }));

const BOMB_MIB = 128;
/** What the process may grow by when it meets one; the limit itself is 1 MiB. */
const GROWTH_MIB = 24;

/** Made piece by piece, or the making would hide what the reading costs. */
async function bomb(deflate: ReturnType<typeof createDeflate>): Promise<Buffer> {
  const megabyte = Buffer.alloc(2 ** 20);
  const made: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => made.push(chunk));
  for (let written = 0; written < BOMB_MIB; written++)
    await new Promise<void>((resolve, reject) =>
      deflate.write(megabyte, (error) => (error ? reject(error) : resolve())),
    );
  await new Promise<void>((resolve) => deflate.once('end', resolve).end());
  return Buffer.concat(made);
}

function refusedCheaply(read: () => unknown): void {
  const before = process.resourceUsage().maxRSS;
  assert.throws(read, { code: 'SIGNATURE_EXPANDS' });
  const grownMib = (process.resourceUsage().maxRSS - before) / 1024;
  assert.ok(grownMib < GROWTH_MIB, `the process grew by ${grownMib} MiB`);
}

test('decompress meets a bomb with no more memory than a claim may take', async () => {
  const zlib = join(ZLIB, await bomb(createDeflate()));
  refusedCheaply(() => decompress(zlib));
});

test('inspect meets a bomb in a bomb with no more memory than a claim may take', async () => {
  const zip = packet(8, join(ZIP, await bomb(createDeflateRaw())));
  const twice = compressed(zip);
  assert.ok(twice.length < 4096);
  refusedCheaply(() => inspect(twice));
});
