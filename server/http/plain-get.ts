// Reads requests of the plainest kind, which are nearly all that a signature store gets: a complete GET of HTTP/1.1 in
// one piece, without a body, without conditions. Whatever is written otherwise is not refused here but left to
// node:http, so this needs to know only what is certainly plain, and nothing about the rest of HTTP.

export type PlainGet = {
  /** Of the target, without the query. */
  readonly path: string;
  /** Whether the client wants the connection closed after the answer. */
  readonly close: boolean;
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

type FieldsVerdict = 'keep' | 'close' | 'not plain';

/** Remembers which fields were found plain, so as to look at them once and not once a request. */
export function createReadPlainGet(): ReadPlainGet {
  const verdicts = new Map<string, FieldsVerdict>();

  function judge(fields: string): FieldsVerdict {
    const known = verdicts.get(fields);
    if (known !== undefined) return known;
    const verdict = readFields(fields);
    if (verdicts.size >= REMEMBERED) verdicts.clear();
    // A copy: a slice would keep the whole piece of the connection it was cut from.
    verdicts.set(Buffer.from(fields, 'latin1').toString('latin1'), verdict);
    return verdict;
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
    const verdict = judge(text.slice(fieldsAt, fieldsEnd));
    if (verdict === 'not plain') return null;
    const query = target.indexOf('?');
    const path = query < 0 ? target : target.slice(0, query);
    return { path, close: verdict === 'close', end: fieldsEnd + 2 };
  };
}

/** Of all fields of a request, each ending with CR LF. */
function readFields(text: string): FieldsVerdict {
  let hosts = 0;
  let connections = 0;
  let close = false;
  const lines = text.split('\r\n').slice(0, -1);
  if (lines.length > FIELDS) return 'not plain';
  for (const line of lines) {
    const match = FIELD.exec(line);
    if (!match) return 'not plain';
    const name = (match[1] as string).toLowerCase();
    if (MEANS_MORE.test(name)) return 'not plain';
    if (name === 'host') hosts++;
    if (name !== 'connection') continue;
    const value = (match[2] as string).trim().toLowerCase();
    if (!/^(?:close|keep-alive)$/.test(value)) return 'not plain';
    connections++;
    close = value === 'close';
  }
  if (hosts !== 1 || connections > 1) return 'not plain';
  return close ? 'close' : 'keep';
}
