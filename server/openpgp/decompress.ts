// Decompression with a ceiling: the output is counted while it grows, so a bomb costs what a claim may cost.
import { inflateRawSync, inflateSync } from 'node:zlib';
import bunzip from 'seek-bzip';
import { AppError } from '../domain/errors.ts';
import { LIMITS } from '../domain/limits.ts';
import { malformed } from './packets.ts';

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
      return bunzipped(compressed);
    default:
      throw new AppError(
        'SIGNATURE_UNSUPPORTED',
        `compression algorithm ${untrustedBody[0]} is unknown; sign with gpg --compress-algo zip`,
      );
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
    if (code === 'Z_BUF_ERROR')
      throw new AppError('SIGNATURE_TRUNCATED', 'the compressed data ends early; copy the whole file', { cause });
    throw malformed('the compressed data is damaged');
  }
  // A packet of indeterminate length reaches to the end of the file, so what follows the stream is trailing data.
  if (result.engine.bytesWritten < compressed.length) throw trailing(compressed.length - result.engine.bytesWritten);
  return result.buffer;
}

function bunzipped(compressed: Uint8Array): Uint8Array {
  const out: number[] = [];
  let read = 0;
  const input = { readByte: () => compressed[read++] ?? -1, eof: () => read >= compressed.length };
  const output = {
    writeByte(byte: number): void {
      if (out.length === LIMITS.decompressedBytes) throw expands();
      out.push(byte);
    },
    flush(): void {},
  };
  try {
    bunzip.decode(input, output);
  } catch (cause) {
    throw cause instanceof AppError ? cause : malformed('the compressed data is damaged');
  }
  if (read < compressed.length) throw trailing(compressed.length - read);
  return Uint8Array.from(out);
}

function trailing(left: number): AppError {
  return new AppError('SIGNATURE_TRAILING_DATA', `${left} bytes follow the compressed message; upload one message only`);
}

function expands(): AppError {
  return new AppError(
    'SIGNATURE_EXPANDS',
    `the signature expands to more than ${LIMITS.decompressedBytes} bytes; a claim is under 1 KiB`,
  );
}
