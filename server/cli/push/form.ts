// multipart/form-data in one piece, as fetch would stream it from a FormData (RFC 7578): signatures are small and many, and
// a stream for each costs more than everything else that a push does.
import { randomUUID } from 'node:crypto';

export type FormPart = { readonly target: string | null; readonly bytes: Uint8Array };

export function formatForm(parts: readonly FormPart[]): { contentType: string; body: Uint8Array<ArrayBuffer> } {
  // Random, so that no signature can hold it but by intent, and then it would only spoil its own upload.
  const boundary = `lookaside-${randomUUID()}`;
  const pieces = parts.flatMap(({ target, bytes }, index) => [
    Buffer.from(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\n` +
        `Content-Disposition: form-data; name="signature"; filename="${escaped(target ?? 'signature')}"\r\n` +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    bytes,
  ]);
  const body = Buffer.concat([...pieces, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { contentType: `multipart/form-data; boundary=${boundary}`, body };
}

/** As browsers escape it: a directory may have any name. */
function escaped(name: string): string {
  return name.toWellFormed().replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}
