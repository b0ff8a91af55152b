// Which requests are plain, and where they end. That those are answered as node:http would is front-same.test.ts; here
// is what must never be taken for plain, and what must be, or it would cost several times as much.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReadPlainGet, type PlainGet } from '../../server/http/plain-get.ts';

const PATH = `/registry.example.com/acme/app@sha256=${'a1'.repeat(32)}/signature-1`;
const HOST = 'Host: sigs.example.com\r\n';
const get = (target: string, fields: string = HOST) => `GET ${target} HTTP/1.1\r\n${fields}\r\n`;

/** A reader that has seen nothing yet, on the text from its beginning. */
const read = (text: string) => createReadPlainGet()(text, 0);

type Plain = readonly [what: string, text: string, path?: string, close?: boolean];

const PLAIN: readonly Plain[] = [
  [
    'what Go sends, and so skopeo, podman, buildah and CRI-O',
    get(PATH, `${HOST}User-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n`),
  ],
  [
    'the same without keep-alive, as before containers/image 5.25',
    get(PATH, `${HOST}User-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\nConnection: close\r\n`),
    PATH,
    true,
  ],
  [
    'Go with a user and password in the base',
    get(PATH, `${HOST}User-Agent: Go-http-client/1.1\r\nAuthorization: Basic dTpw\r\nAccept-Encoding: gzip\r\n`),
  ],
  ['curl', get(PATH, 'Host: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n')],
  [
    'wget',
    get(
      PATH,
      `User-Agent: Wget/1.21.3\r\nAccept: */*\r\nAccept-Encoding: identity\r\n${HOST}Connection: Keep-Alive\r\n`,
    ),
  ],
  ['a proxy in front', get(PATH, `${HOST}X-Forwarded-For: 192.0.2.1, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n`)],
  ['a range, which is ignored', get(PATH, `${HOST}Range: bytes=0-9\r\n`)],
  ['a cookie, which is not looked at', get(PATH, `${HOST}Cookie: a=b; c=d\r\n`)],
  ['a query', get(`${PATH}?token=abc`)],
  ['a query with another path in it', get(`${PATH}?/x?y`)],
  ['an empty query', get(`${PATH}?`)],
  ['repeated slashes', get(`//${PATH}`), `//${PATH}`],
  ['escapes', get(PATH.replace('@', '%40')), PATH.replace('@', '%40')],
  ['the shortest', get('/', 'host:\r\n'), '/'],
  ['white space around values', get(PATH, 'Host: \t x \t \r\nConnection:\tclose \r\n'), PATH, true],
  ['names in any case', get(PATH, 'hOST: x\r\ncONNECTION: CLOSE\r\n'), PATH, true],
  ['empty fields', get(PATH, `X-Empty:\r\n${HOST}X-Blank: \t\r\n`)],
  ['a hundred fields', get(PATH, `${'A: b\r\n'.repeat(99)}${HOST}`)],
  ['eight KiB', get(`${PATH}?${'q'.repeat(8 * 1024 - get(`${PATH}?`).length + 2)}`)],
];

test('a plain request', async (t) => {
  for (const [what, text, path = PATH, close = false] of PLAIN)
    await t.test(`is ${what}`, () => {
      const authorization = /^authorization: (.*)\r$/im.exec(text)?.[1];
      assert.deepEqual(read(text), { path, close, authorization, end: text.length });
    });

  await t.test('ends where the next begins', () => {
    const one = get(PATH);
    assert.equal(read(one + one)?.end, one.length);
    assert.deepEqual(createReadPlainGet()(`${get('/x')}${one}rest`, get('/x').length), {
      path: PATH,
      close: false,
      authorization: undefined,
      end: get('/x').length + one.length,
    } satisfies PlainGet);
  });
});

const fields = (lines: string) => get(PATH, HOST + lines);
const NOT_PLAIN: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ...['HEAD', 'POST', 'PUT', 'OPTIONS', 'get', ' GET', 'GETX', '\r\nGET'].map(
    (method) => [`the method ${JSON.stringify(method)}`, `${method}${get(PATH).slice(3)}`] as const,
  ),
  ...['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', 'HTTP/1.1 ', ' HTTP/1.1', 'HTTP/1.10', 'HTTP/01.1', ''].map(
    (version) => [`the version ${JSON.stringify(version)}`, get(PATH).replace('HTTP/1.1', version)] as const,
  ),
  ...['#', '"', '<', '[', '{', '|', '\\', '^', '`', ' ', '\t', '\0', '\x7f', '\x80', '\xff', '\r', '\n'].map(
    (odd) => [`a target with ${JSON.stringify(odd)}`, get(`${PATH}${odd}x`)] as const,
  ),
  ['a query with a fragment', get(`${PATH}?a#b`)],
  ['an absolute target', get(`http://sigs.example.com${PATH}`)],
  ['a target that is an asterisk', get('*')],
  ['a target without a slash', get('x')],
  ['no host', get(PATH, 'User-Agent: x\r\n')],
  ['no fields', `GET ${PATH} HTTP/1.1\r\n\r\n`],
  ['no fields, with a request after it', `GET ${PATH} HTTP/1.1\r\n\r\n${get(PATH)}`],
  ['two hosts', fields('Host: sigs.example.com\r\n')],
  ['two hosts, one in small letters', fields('host: other\r\n')],
  ['two connections', fields('Connection: close\r\nConnection: close\r\n')],
  ...['', 'upgrade', 'close, keep-alive', 'keep-alive,', 'close close', '"close"', 'te', 'closed', 'x-hop'].map(
    (value) => [`the connection ${JSON.stringify(value)}`, fields(`Connection: ${value}\r\n`)] as const,
  ),
  ...[
    'Content-Length: 0',
    'content-length: 5',
    'Transfer-Encoding: chunked',
    'TE: trailers',
    'Trailer: x',
    'Expect: 100-continue',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQ',
    'Proxy-Connection: close',
    'If-None-Match: *',
    'If-Modified-Since: yesterday',
    'If-Match: "x"',
    'If-Range: "x"',
    'if-anything: x',
  ].map((line) => [line, fields(`${line}\r\n`)] as const),
  ...[
    'Name : value',
    'Name\t: value',
    ' Name: value',
    '\tfolded',
    ': value',
    'no colon',
    'Na me: value',
    'Na(me: value',
    'N\0me: value',
    'N\x80me: value',
    'Name: v\0lue',
    'Name: v\x7flue',
    'Name: v\xe4lue',
    'Name: a\nHost: b',
    'Name: a\rHost: b',
    'Name: a\r',
    'Name: a\n',
    '',
  ].map((line) => [`the line ${JSON.stringify(line)}`, get(PATH, `${line}\r\n${HOST}`)] as const),
  ['line feeds alone', get(PATH).replaceAll('\r\n', '\n')],
  ['a line feed alone after the first line', get(PATH).replace('\r\n', '\n')],
  ['a line feed alone at the end', get(PATH).replace(/\r\n$/, '\n')],
  ['carriage returns alone', get(PATH).replaceAll('\r\n', '\r')],
  ['more than a hundred fields', get(PATH, `${'A: b\r\n'.repeat(100)}${HOST}`)],
  ['a field of eight KiB', fields(`A: ${'b'.repeat(8 * 1024)}\r\n`)],
  ['a query of eight KiB', get(`${PATH}?${'q'.repeat(8 * 1024)}`)],
];

test('not a plain request', async (t) => {
  for (const [what, text] of NOT_PLAIN) await t.test(`is one with ${what}`, () => assert.equal(read(text), null));

  await t.test('is one cut anywhere', () => {
    const whole = get(PATH, `${HOST}User-Agent: Go-http-client/1.1\r\n`);
    for (let length = 0; length < whole.length; length++) assert.equal(read(whole.slice(0, length)), null);
  });
});

test('what was found about fields', async (t) => {
  await t.test('is remembered for the same fields, and for no others', () => {
    const pool = [...PLAIN, ...NOT_PLAIN].map(([, text]) => text);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pool), { maxLength: 300 }), (texts) => {
        const remembering = createReadPlainGet();
        for (const text of texts) assert.deepEqual(remembering(text, 0), read(text));
      }),
    );
  });
  await t.test('is found in time that grows with their length alone', () => {
    const remembering = createReadPlainGet();
    const blanks = `X:${' \t'.repeat(3_900)}`;
    for (const line of [
      `${blanks}\x80`,
      `X: a${blanks}\x80`,
      `${'x'.repeat(7_800)}\x80`,
      `X: ${'a '.repeat(3_900)}\x80`,
    ]) {
      const started = performance.now();
      for (let turn = 0; turn < 20; turn++) assert.equal(remembering(fields(`N: ${turn}\r\n${line}\r\n`), 0), null);
      const took = performance.now() - started;
      assert.ok(took < 100, `${Math.round(took)} ms for 20 requests`);
    }
  });
});
