// Decompression with a ceiling: zlib stops when the output reaches it, so a bomb costs what a claim may cost.
import { inflateRawSync, inflateSync } from 'node:zlib';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { malformed, truncated } from './packets.ts';
import { followedBy } from './shapes.ts';

/** Contents of a compressed data packet (RFC 4880 §5.6), at most LIMITS.decompressedBytes. */
export function decompress(untrustedBody: Uint8Array): Uint8Array {
  const compressed = untrustedBody.subarray(1);
  switch (untrustedBody[0]) {
    case 0:
      return compressed;
    case 1:
      return inflated(compressed, inflateRawSync);
    case 2:
      return inflated(compressed, inflateSync);
    case 3:
      // GnuPG reads it, but no signer writes it unasked, and it would be a second decompressor to keep safe.
      throw unsupported('BZip2 compression');
    case undefined:
      throw truncated('the compressed data is missing');
    default:
      throw unsupported(`compression algorithm ${untrustedBody[0]}`);
  }
}

type Inflate = typeof inflateRawSync;
/** What zlib returns with `info: true`; the typings know only the buffer. */
type WithInfo = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

function inflated(compressed: Uint8Array, inflate: Inflate): Uint8Array {
  let result: WithInfo;
  try {
    result = inflate(compressed, { maxOutputLength: LIMITS.decompressedBytes, info: true }) as unknown as WithInfo;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw expands();
    if (code === 'Z_BUF_ERROR') throw truncated('the compressed data ends early');
    throw malformed('the compressed data is damaged');
  }
  // A packet of indeterminate length reaches to the end of the file, so what follows the stream is trailing data.
  if (result.engine.bytesWritten < compressed.length) throw followedBy(compressed.subarray(result.engine.bytesWritten));
  return result.buffer;
}

function unsupported(what: string): AppError {
  return new AppError('SIGNATURE_UNSUPPORTED', `${what} is not taken here; sign with gpg --compress-algo zip`);
}

export function expands(): AppError {
  return new AppError(
    'SIGNATURE_EXPANDS',
    `the signature holds more than ${LIMITS.decompressedBytes} bytes; a claim is under 1 KiB`,
  );
}
