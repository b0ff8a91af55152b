// Reads requests of the plainest kind, which are nearly all that a signature store gets: a complete GET of HTTP/1.1 in
// one piece, without a body, without conditions. Whatever is written otherwise is not refused here but left to
// node:http, so this needs to know only what is certainly plain, and nothing about the rest of HTTP.

export type PlainGet = {
  /** Of the target, without the query. */
  readonly path: string;
  /** Whether the client wants the connection closed after the answer. */
  readonly close: boolean;
  /** The value of the field of this name. */
  readonly authorization?: string | undefined;
  /** Where the next request begins. */
  readonly end: number;
};

export type ReadPlainGet = (text: string, from: number) => PlainGet | null;

const VERSION = ' HTTP/1.1\r\n';
/** Characters that mean the same to every parser; no `#`, no quotes, no brackets. */
const TARGET = /^\/[\w.~:@=%+/!$&'()*,;-]*(?:\?[\w.~:@=%+/!$&'()*,;?-]*)?$/;
/** With one way to match, so that a line costs no more than its length. */
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~]*)$/;
/** Fields that say where a request ends, how the connection goes on, or on what condition to answer. */
const MEANS_MORE =
  /^(?:content-length|transfer-encoding|te|trailer|expect|upgrade|http2-settings|proxy-connection|if-.*)$/;
/** Of one request, its target included. node:http takes 16 KiB and a thousand fields, and says so with a status. */
const HEAD_LENGTH = 8 * 1024;
const FIELDS = 100;
/** Clients of one kind send the same fields with every request. */
const REMEMBERED = 64;
/** Not remembered, like anything else that holds a credential. */
const SECRET = /^(?:authorization|proxy-authorization|cookie):/im;

type Fields = Pick<PlainGet, 'close' | 'authorization'>;

/** Remembers which fields were found plain, so as to look at them once and not once a request. */
export function createReadPlainGet(): ReadPlainGet {
  const known = new Map<string, Fields | null>();

  function fieldsOf(text: string): Fields | null {
    const before = known.get(text);
    if (before !== undefined) return before;
    const fields = readFields(text);
    if (SECRET.test(text)) return fields;
    if (known.size >= REMEMBERED) known.clear();
    // A copy: a slice would keep the whole piece of the connection it was cut from.
    known.set(Buffer.from(text, 'latin1').toString('latin1'), fields);
    return fields;
  }

  return (text, from) => {
    if (!text.startsWith('GET /', from)) return null;
    const targetEnd = text.indexOf(VERSION, from);
    if (targetEnd < 0) return null;
    const fieldsAt = targetEnd + VERSION.length;
    const fieldsEnd = text.indexOf('\r\n\r\n', fieldsAt) + 2;
    if (fieldsEnd < fieldsAt || fieldsEnd - from > HEAD_LENGTH) return null;
    const target = text.slice(from + 4, targetEnd);
    if (!TARGET.test(target)) return null;
    const fields = fieldsOf(text.slice(fieldsAt, fieldsEnd));
    if (fields === null) return null;
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    return { path, close: fields.close, authorization: fields.authorization, end: fieldsEnd + 2 };
  };
}

/** Of all fields of a request, each ending with CR LF. Null: not plain. */
function readFields(text: string): Fields | null {
  let hosts = 0;
  let connections = 0;
  let close = false;
  let authorization: string | undefined;
  const lines = text.split('\r\n').slice(0, -1);
  if (lines.length > FIELDS) return null;
  for (const line of lines) {
    const match = FIELD.exec(line);
    if (!match) return null;
    const name = (match[1] as string).toLowerCase();
    if (MEANS_MORE.test(name)) return null;
    const value = (match[2] as string).trim();
    if (name === 'host') hosts++;
    if (name === 'authorization') {
      if (authorization !== undefined) return null;
      authorization = value;
    }
    if (name !== 'connection') continue;
    if (!/^(?:close|keep-alive)$/i.test(value)) return null;
    connections++;
    close = value.toLowerCase() === 'close';
  }
  return hosts === 1 && connections <= 1 ? { close, authorization } : null;
}
