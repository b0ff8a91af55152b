// How many parts a multipart form has, counted on its way in. The parser leaves out a part whose headers it cannot make
// sense of and says nothing; whoever uploaded it would read an answer without a refusal and take it for stored.
import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';

/** To be asked when the form has been read: the delimiters it had, without the last. */
export function countParts(req: IncomingMessage): () => number {
  const delimiter = Buffer.from(`\r\n--${boundaryOf(req.headers['content-type'])}`, 'latin1');
  // As if a line had ended before the form: the first delimiter may be its first bytes.
  let unread: Buffer = Buffer.from('\r\n');
  let count = 0;
  req.on('data', (chunk: Buffer) => {
    const text = Buffer.concat([unread, chunk]);
    let at = 0;
    for (let found = text.indexOf(delimiter); found >= 0; found = text.indexOf(delimiter, at)) {
      count++;
      at = found + delimiter.length;
    }
    // Less than a delimiter: it may go on in the next chunk.
    unread = text.subarray(Math.max(at, text.length - delimiter.length + 1));
  });
  return () => count - 1;
}

/** What has none is refused by the parser. */
function boundaryOf(contentType = ''): string {
  try {
    return new MIMEType(contentType).params.get('boundary') ?? '';
  } catch {
    return '';
  }
}
