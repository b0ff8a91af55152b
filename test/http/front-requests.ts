// Requests as text, over the grammar of lookaside paths and beyond it: what clients send, and what they should not.
import fc from 'fast-check';
import { BUSYBOX, HEX, IMAGE, MIRROR, REPOSITORY } from './front-scene.ts';

type Fields = readonly string[];
type Asked = { readonly method: string; readonly target: string; readonly version: string; readonly fields: Fields };

const from = <Values extends readonly string[]>(...values: Values) => fc.constantFrom(...values);
/** Mostly the first. */
const mostly = (usual: fc.Arbitrary<string>, other: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: other });

const number = mostly(from('1', '2', '3'), from('0', '01', '127', '128', '999', '1000', '-1', '+1', '1/', '', '1.gpg'));
const directory = mostly(
  from(`/${REPOSITORY}@sha256=`, `/${REPOSITORY}@sha256=`, `${MIRROR}/acme/app@sha256=`),
  from(
    `/${BUSYBOX}@sha256=`,
    '/library/busybox@sha256=',
    '/index.docker.io/library/busybox@sha256=',
    '/busybox@sha256=',
    '/sha256=',
    `${MIRROR}/sha256=`,
    `${MIRROR}@sha256=`,
    `/${MIRROR}//acme/app@sha256=`,
    `${MIRROR}s/acme/app@sha256=`,
    '/registry.example.com/sha256=',
    '/registry.example.com/acme/sha256=',
    `/${REPOSITORY}/sha256=`,
    '/registry.example.com/acm/sha256=',
    `/${REPOSITORY.toUpperCase()}@sha256=`,
    '/registry.example.com/acme/../acme/app@sha256=',
    '/registry.example.com/acme/%2e%2e/app@sha256=',
    '/registry.example.com%2Facme/app@sha256=',
    `/${REPOSITORY}@sha512=`,
    `/api/v1/${REPOSITORY}@sha256=`,
    '/@sha256=',
    `/${'a/'.repeat(200)}app@sha256=`,
  ),
);
const hex = mostly(from(HEX), from(HEX.toUpperCase(), '0'.repeat(64), HEX.slice(1), ''));
const slot = fc.tuple(directory, hex, number).map(([dir, digest, n]) => `${dir}${digest}/signature-${n}`);
const spelled = fc.tuple(slot, mostly(from('as it is'), from('@', '=', '/', '//', 'a', '-'))).map(([path, what]) => {
  const other = { '@': '%40', '=': '%3d', '/': '//', '//': '%2F', a: '%61', '-': '%2D' }[what];
  return other ? path.replaceAll(what === '//' ? '/' : what, other).replace(/^%2F/, '/') : path;
});
const reserved = from(
  ...['/', '/livez', '/readyz', '/livez/', '/api/v1/keys', '/api', '/apiary', '/api//v1', '/ui/', '/ui', '/uix'],
  ...['/favicon.ico', '/.git/config', '//', '/%6civez', '/%', '*', '', 'signature-1', '/a b', '/api/v1/openapi.json'],
);
const odd = from(
  '%00',
  '%0a',
  '%',
  '%ff',
  '%zz',
  '#',
  '#x',
  '?',
  '\\',
  '"',
  '<',
  '|',
  '^',
  '`',
  '{',
  ' ',
  '\t',
  '\x7f',
  '\xe4',
);
const path = fc
  .tuple(mostly(spelled, reserved), mostly(from(''), odd), fc.nat(150))
  .map(([text, insert, at]) => text.slice(0, at) + insert + text.slice(at));
const query = mostly(
  from(''),
  from(
    '?',
    '?token=abc',
    `?${IMAGE}2`,
    '??',
    '?a=%',
    '?a#b',
    '?a b',
    '?[]',
    '?"',
    `?${'q'.repeat(7_800)}`,
    `?${'q'.repeat(16_300)}`,
  ),
);
const origin = mostly(from(''), from('http://sigs.example.com', 'HTTPS://x:1', 'ftp://x', 'http://', '/', 'x'));
const target = fc.tuple(origin, path, query).map((parts) => parts.join(''));

const host = mostly(
  from('Host: sigs.example.com'),
  from('Host:', 'host:x', 'HOST: \t x \t ', 'Host: a b', 'Host: \xe4'),
);
const connection = from(
  ...[
    'close',
    'keep-alive',
    'Close',
    'KEEP-ALIVE',
    '',
    'close, keep-alive',
    'keep-alive, close',
    'keep-alive,',
    ', close',
  ],
  ...['upgrade', 'upgrade, close', 'te', 'x', 'clos', 'close ', '\tclose', 'close;x', '"close"', 'Host', 'close\x0b'],
).map((value) => `Connection: ${value}`);
const harmless = from(
  ...[
    'User-Agent: Go-http-client/1.1',
    'Accept-Encoding: gzip',
    'Accept: */*',
    'Authorization: Bearer x',
    'Cookie: a=b',
  ],
  ...[
    'Range: bytes=0-9',
    'X-Forwarded-For: 192.0.2.1',
    'X:',
    'X: \t',
    'X:y',
    "!#$%&'*+-.^_`|~09: y",
    'X: \t"[]{}\\',
    'Keep-Alive: 5',
  ],
  ...[
    'Cache-Control: no-cache',
    'Origin: https://x',
    'Via: 1.1 x',
    'DNT: 1',
    'Accept: a',
    'Accept: b',
    'constructor: x',
    '__proto__: x',
  ],
);
const meaning = from(
  ...[
    'Content-Length: 0',
    'Content-Length: +0',
    'Content-Length: 5',
    'Content-Length: -1',
    'Content-Length:',
    'Content-Length: 0, 0',
  ],
  ...[
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: \tchunked',
    'Transfer-Encoding: x',
  ],
  ...[
    'Transfer-Encoding:',
    'TE: trailers',
    'Trailer: X',
    'Expect: 100-continue',
    'Expect: x',
    'Upgrade: h2c',
    'Upgrade: websocket',
  ],
  ...[
    'HTTP2-Settings: AAMAAABkAAQ',
    'Proxy-Connection: close',
    'Proxy-Connection: keep-alive',
    'If-None-Match: *',
    'If-None-Match:',
  ],
  ...[
    'If-None-Match: "x"',
    'If-Modified-Since: Fri, 31 Dec 2100 00:00:00 GMT',
    'If-Modified-Since: x',
    'If-Match: "x"',
  ],
  ...['If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT', 'If-Range: "x"', 'X-HTTP-Method-Override: PUT'],
);
const strange = from(
  ...[
    'X : y',
    'X\t: y',
    ' X: y',
    '\tfolded',
    ': y',
    'no colon',
    'X y: z',
    'X(: y',
    'X\0: y',
    'X\xe4: y',
    'X: \0',
    'X: \x7f',
  ],
  ...[
    'X: \xe4',
    'X: a\nHost: b',
    'X: a\rHost: b',
    'X: a\r',
    'X: a\n',
    '',
    'X: a\r\n b',
    'Content-Length : 5',
    'Host : y',
  ],
);
const long = from(
  `X: ${'y'.repeat(7_900)}`,
  `X: ${'y'.repeat(8_192)}`,
  `X: ${'y'.repeat(16_000)}`,
  `X: ${'y'.repeat(16_384)}`,
  `X:${' '.repeat(8_000)}y`,
  `${'X'.repeat(8_000)}: y`,
  Array(98).fill('A: b').join('\r\n'),
  Array(100).fill('A: b').join('\r\n'),
  Array(998).fill('A:').join('\r\n'),
  Array(1_000).fill('A:').join('\r\n'),
);
const anyField = fc.oneof(
  { weight: 12, arbitrary: harmless },
  { weight: 4, arbitrary: connection },
  { weight: 2, arbitrary: meaning },
  { weight: 2, arbitrary: strange },
  { weight: 1, arbitrary: long },
  { weight: 1, arbitrary: host },
);
/** Nearly always with a host, anywhere among the others. */
const fields = fc
  .tuple(fc.array(anyField, { maxLength: 4 }), fc.array(host, { maxLength: 1 }), host, fc.nat(4), fc.nat(9))
  .map(([lines, maybe, sure, at, rare]) => lines.toSpliced(at, 0, ...(rare === 0 ? maybe : [sure])));

const request = fc.record<Asked>({
  method: mostly(from('GET'), from('HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'get', 'GE', 'GETX', 'PRI', '')),
  target,
  version: mostly(from('HTTP/1.1'), from('HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', 'HTTP/1.10', 'HTTP/1.1 ', '')),
  fields,
});
const plainly = fc
  .tuple(spelled, mostly(from(''), from('?', '?token=abc')), fc.array(fc.oneof(harmless, connection), { maxLength: 2 }))
  .map(([path, query, lines]) =>
    ['GET ', path, query, ' HTTP/1.1\r\nHost: x\r\n', ...lines.map((l) => `${l}\r\n`), '\r\n'].join(''),
  );
const anyhow = fc
  .tuple(
    request,
    mostly(from('\r\n'), from('\n', '\r', '\r\r\n')),
    mostly(from(''), from('\r\n', '\n', ' ', '\r\n\r\n', '\0')),
  )
  .map(([{ method, target, version, fields }, lineEnd, before]) => {
    const head = [`${method} ${target} ${version}`, ...fields, '', ''].join('\r\n');
    return before + (lineEnd === '\r\n' ? head : head.replaceAll('\r\n', lineEnd));
  });
const written = fc.oneof(plainly, anyhow);
const after = mostly(from(''), from('hello', '0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n', '\r\n', 'GET'));
/** One request, or a few in one segment, and perhaps what could be a body. */
export const segment = fc
  .tuple(
    fc.oneof({ weight: 4, arbitrary: fc.tuple(written) }, fc.array(written, { minLength: 2, maxLength: 4 })),
    after,
  )
  .map(([requests, rest]) => requests.join('') + rest);
