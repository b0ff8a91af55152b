// Request smuggling: bytes that one reader takes for a body and another for a request. The front has a reader of its own,
// so whatever leaves room for doubt is not for it: it must answer nothing that node:http would refuse, and never look
// for a request inside a body.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertSame, exchange } from '../http/front-answers.ts';
import { frontScene, IMAGE } from '../http/front-scene.ts';

const get = (fields: string, rest = '') => `GET ${IMAGE}1 HTTP/1.1\r\nHost: x\r\n${fields}\r\n${rest}`;
const post = (fields: string, rest = '') => `POST /livez HTTP/1.1\r\nHost: x\r\n${fields}\r\n${rest}`;
/** What must not be answered: its answer is the only one with the second signature. */
const INSIDE = `GET ${IMAGE}2 HTTP/1.1\r\nHost: x\r\n\r\n`;
const CHUNK = `${INSIDE.length.toString(16)}\r\n${INSIDE}\r\n0\r\n\r\n`;
const LENGTH = `Content-Length: ${INSIDE.length}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

const TRICKS: readonly (readonly [what: string, text: string])[] = [
  ['a body of a length', post(LENGTH, INSIDE)],
  ['a body of a length to a GET', get(LENGTH, INSIDE)],
  ['a body in chunks', post(CHUNKED, CHUNK)],
  ['a body in chunks to a GET', get(CHUNKED, CHUNK)],
  ['a length and chunks', get(LENGTH + CHUNKED, CHUNK)],
  ['chunks and a length', get(CHUNKED + LENGTH, CHUNK)],
  ['two lengths', get(`Content-Length: 0\r\n${LENGTH}`, INSIDE)],
  ['two lengths, the other way', get(`${LENGTH}Content-Length: 0\r\n`, INSIDE)],
  ['the same length twice', get(LENGTH + LENGTH, INSIDE)],
  ['a list of lengths', get(`Content-Length: ${INSIDE.length}, ${INSIDE.length}\r\n`, INSIDE)],
  ...['+5', '-5', '0x5', '5 ', '05', '5;', '5,', '٥', '1e1', ' ', '99999999999999999999'].map(
    (value) => [`the length ${JSON.stringify(value)}`, get(`Content-Length: ${value}\r\n`, INSIDE)] as const,
  ),
  ...[
    'Transfer-Encoding : chunked',
    'Transfer-Encoding\t: chunked',
    'Transfer-Encoding:\tchunked',
    'Transfer-Encoding:chunked',
    'Transfer-Encoding: \x0bchunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: identity, chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding: CHUNKED',
    'transfer-encoding: chunked',
    'Transfer-Encoding:\r\n chunked',
    'Transfer-Encoding: chunked\r\n ,identity',
    'X: y\nTransfer-Encoding: chunked',
    'X: y\rTransfer-Encoding: chunked',
    'X: y\r\n\tTransfer-Encoding: chunked',
    '\0Transfer-Encoding: chunked',
    'Transfer-Encoding\0: chunked',
    'Content-Length : 5',
    'Content-Length\x0b: 5',
    'Content\rLength: 5',
    'X: y\nContent-Length: 5',
    'X: y\rContent-Length: 5',
    '(Content-Length): 5',
    'Content-Length: 5\r',
    'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQ',
    'Connection: close, Content-Length',
    'Expect: 100-continue\r\nContent-Length: 5',
    'Host: y',
    'Host : y',
    ' Host: y',
  ].map((lines) => [JSON.stringify(lines), get(`${lines}\r\n`, CHUNK)] as const),
  ['a request without a version', `GET ${IMAGE}1\r\n${INSIDE}`],
  ['a request that ends with line feeds', `GET ${IMAGE}1 HTTP/1.1\nHost: x\n\n${INSIDE}`],
  ['fields that end with line feeds', `GET ${IMAGE}1 HTTP/1.1\r\nHost: x\n\n${INSIDE}`],
  ['a carriage return too many', `GET ${IMAGE}1 HTTP/1.1\r\nHost: x\r\r\n\r\n${INSIDE}`],
  ['a form feed for a blank', `GET ${IMAGE}1\fHTTP/1.1\r\nHost: x\r\n\r\n${INSIDE}`],
  ['a request in the target', `GET ${IMAGE}1 HTTP/1.1\r\nX: GET /livez HTTP/1.1\r\n\r\n${INSIDE}`],
  ['an HTTP/2 preface', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${INSIDE}`],
];

test('a smuggled request', async (t) => {
  const { front, plain, stored } = await frontScene(t);

  for (const [what, text] of TRICKS)
    await t.test(`is not answered behind ${what} unless node:http does`, async () => {
      const before = front.requests.inFront;
      const [answered, expected] = [await exchange(front.port, text), await exchange(plain.port, text)];
      assert.equal(front.requests.inFront, before, 'nothing of this is plain');
      assertSame(answered, expected, what);
      const body = /^(?:a body|a length and|chunks and)/.test(what);
      if (body) assert.ok(!answered.answers.some(({ status, body }) => status === 200 && body === stored[1]));
    });

  await t.test('is not answered behind a plain one either', async () => {
    for (const [what, text] of TRICKS) {
      const first = `GET ${IMAGE}3 HTTP/1.1\r\nHost: x\r\n\r\n`;
      const [answered, alone] = [await exchange(front.port, first + text), await exchange(plain.port, text)];
      assert.equal(answered.answers[0]?.status, 404);
      const behind = { ...answered, answers: answered.answers.slice(1) };
      assertSame(behind, alone, what);
    }
  });
});
