// What the clients of a store send, to the letter, and what they get. The same bytes are sent once more in two pieces,
// which leaves them to node:http: the answers must be the same.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { exchange, exchangePatiently, type RawAnswer } from './front-answers.ts';
import { BUSYBOX, frontScene, HEX, IMAGE, REPOSITORY } from './front-scene.ts';

const GO = 'Host: sigs.example.com\r\nUser-Agent: Go-http-client/1.1\r\nAccept-Encoding: gzip\r\n';
const KEPT = ['Connection: keep-alive', 'Keep-Alive: timeout=75'];
const ENDED = ['Connection: close'];

const missed = (connection: readonly string[]): RawAnswer => ({
  status: 404,
  fields: ['Cache-Control: no-store', 'Content-Length: 0', 'Date: <now>', ...connection].sort(),
  body: '',
});

type Found = (connection?: readonly string[]) => RawAnswer;
type Row = readonly [what: string, text: string, answer: RawAnswer, after?: 'open' | 'closed'];
/** Requests with their answers, given what is found. */
const exchanges = (first: Found, second: Found): readonly Row[] => [
  ['skopeo and podman: the first signature', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}\r\n`, first()],
  ['skopeo and podman: the second', `GET ${IMAGE}2 HTTP/1.1\r\n${GO}\r\n`, second()],
  ['skopeo and podman: the end of the list', `GET ${IMAGE}3 HTTP/1.1\r\n${GO}\r\n`, missed(KEPT)],
  [
    'containers/image before 5.25: a signature',
    `GET ${IMAGE}1 HTTP/1.1\r\n${GO}Connection: close\r\n\r\n`,
    first(ENDED),
    'closed',
  ],
  [
    'containers/image before 5.25: the end',
    `GET ${IMAGE}3 HTTP/1.1\r\n${GO}Connection: close\r\n\r\n`,
    missed(ENDED),
    'closed',
  ],
  ['a base with a trailing slash', `GET /${IMAGE}1 HTTP/1.1\r\n${GO}\r\n`, first()],
  ['a base with a query', `GET ${IMAGE}1?token=abc HTTP/1.1\r\n${GO}\r\n`, first()],
  ['a base with a user', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}Authorization: Basic dXNlcjpwdw==\r\n\r\n`, first()],
  ['escapes', `GET /${REPOSITORY}%40sha256%3D${HEX}/signature-1 HTTP/1.1\r\n${GO}\r\n`, first()],
  ['OpenShift, by digest', `GET /registry.example.com/sha256=${HEX}/signature-1 HTTP/1.1\r\n${GO}\r\n`, first()],
  [
    'an image nobody signed',
    `GET /${BUSYBOX}@sha256=${'0'.repeat(64)}/signature-1 HTTP/1.1\r\n${GO}\r\n`,
    missed(KEPT),
  ],
  ['a number no image has', `GET ${IMAGE}128 HTTP/1.1\r\n${GO}\r\n`, missed(KEPT)],
  ['a path of no image', `GET /favicon.ico HTTP/1.1\r\n${GO}\r\n`, missed(KEPT)],
  ['curl', `GET ${IMAGE}1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n`, first()],
  ['keep-alive, asked for', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}connection: Keep-Alive\r\n\r\n`, first()],
  ['HTTP/1.0, which ends', `GET ${IMAGE}1 HTTP/1.0\r\n\r\n`, first(ENDED), 'closed'],
  ['HTTP/1.0 with a host', `GET ${IMAGE}3 HTTP/1.0\r\nHost: x\r\n\r\n`, missed(ENDED), 'closed'],
  ['HTTP/1.0 with keep-alive', `GET ${IMAGE}1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`, first()],
  ['a range, which is ignored', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}Range: bytes=0-9\r\n\r\n`, first()],
  ['a body of nothing', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}Content-Length: 0\r\n\r\n`, first()],
  ['an empty line before the request', `\r\nGET ${IMAGE}1 HTTP/1.1\r\n${GO}\r\n`, first()],
];

const REFUSALS: readonly (readonly [what: string, text: string, status: number])[] = [
  ['no host', `GET ${IMAGE}1 HTTP/1.1\r\nUser-Agent: x\r\n\r\n`, 400],
  ['HTTP/1.2', `GET ${IMAGE}1 HTTP/1.2\r\n${GO}\r\n`, 400],
  ['a blank before a colon', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}X : y\r\n\r\n`, 400],
  ['a line feed in a value', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}X: a\nHost: b\r\n\r\n`, 400],
  ['an unknown method', `BREW ${IMAGE}1 HTTP/1.1\r\n${GO}\r\n`, 400],
  ['a method in small letters', `get ${IMAGE}1 HTTP/1.1\r\n${GO}\r\n`, 400],
  ['a target with a blank', `GET ${IMAGE}1 x HTTP/1.1\r\n${GO}\r\n`, 400],
  ['fields of 16 KiB', `GET ${IMAGE}1 HTTP/1.1\r\n${GO}X: ${'x'.repeat(16 * 1024)}\r\n\r\n`, 431],
  ['a query of 16 KiB', `GET ${IMAGE}1?${'x'.repeat(16 * 1024)} HTTP/1.1\r\n${GO}\r\n`, 431],
  ['more than a thousand fields', `GET ${IMAGE}1 HTTP/1.1\r\n${'a:\r\n'.repeat(1_000)}${GO}\r\n`, 431],
  ['another method', `POST ${IMAGE}1 HTTP/1.1\r\n${GO}Content-Length: 0\r\n\r\n`, 405],
];

test('the front', async (t) => {
  const { front, plain, stored, whole } = await frontScene(t);
  const lastModified = async (number: number) =>
    (await fetch(`${whole.url}${IMAGE}${number}`)).headers.get('last-modified') ?? '';
  const found =
    (body: string, modified: string): Found =>
    (connection = KEPT) => ({
      status: 200,
      fields: [
        'Cache-Control: public, max-age=60',
        `Content-Length: ${body.length}`,
        'Content-Type: application/octet-stream',
        'Date: <now>',
        `ETag: "${createHash('sha256').update(body, 'latin1').digest('hex')}"`,
        `Last-Modified: ${modified}`,
        ...connection,
      ].sort(),
      body,
    });
  const [one = '', two = ''] = stored;

  const rows = exchanges(found(one, await lastModified(1)), found(two, await lastModified(2)));
  for (const [what, text, answer, after = 'open'] of rows)
    await t.test(`answers ${answer.status} to ${what}`, async () => {
      const answered = await exchange(front.port, text);
      assert.deepEqual(answered.answers, [answer]);
      assert.equal(answered.after, after);
      for (const other of [
        await exchange(front.port, text.slice(0, 9), text.slice(9)),
        await exchange(plain.port, text),
      ])
        assert.deepEqual({ ...other, raw: '' }, { ...answered, raw: '' });
    });

  for (const [what, text, status] of REFUSALS)
    await t.test(`answers ${status} to ${what}, as without it`, async () => {
      const before = { ...front.requests };
      const answered = await exchange(front.port, text);
      assert.deepEqual(
        answered.answers.map((answer) => answer.status),
        [status],
      );
      assert.equal(front.requests.inFront, before.inFront);
      assert.deepEqual({ ...(await exchange(plain.port, text)), raw: '' }, { ...answered, raw: '' });
    });

  await t.test('is where nearly all of this is answered', async () => {
    const before = { ...front.requests };
    await exchange(front.port, `GET ${IMAGE}1 HTTP/1.1\r\n${GO}\r\n`);
    await exchange(front.port, `GET ${IMAGE}3 HTTP/1.1\r\n${GO}Connection: close\r\n\r\n`);
    assert.equal(front.requests.inFront - before.inFront, 2);
  });
});

/** Addresses of the rest of the server, and odd ones, at a store as `serve` starts it. */
const ELSEWHERE = [
  ...[
    '/',
    '/livez',
    '/readyz',
    '/api',
    '/api/v1/keys',
    '/api/v1/openapi.json',
    '/api/v1/nothing',
    '/ui',
    '/nothing',
    '//',
  ],
  ...['/livez/', '/%6civez', '/livez?x', '/ui/nothing', '/ui/../livez', '/api%2Fv1', 'http://x/livez', 'http://x', '*'],
];

test('a whole server', async (t) => {
  const { whole } = await frontScene(t);
  const port = Number(new URL(whole.url).port);
  for (const target of ELSEWHERE)
    await t.test(`answers ${target} as it does when it comes in pieces`, async () => {
      const text = `GET ${target} HTTP/1.1\r\n${GO}\r\n`;
      const answered = await exchangePatiently(port, text);
      const pieces = await exchangePatiently(port, text.slice(0, 1), text.slice(1));
      assert.deepEqual({ ...answered, raw: '' }, { ...pieces, raw: '' });
      assert.ok((answered.answers[0]?.status ?? 0) >= 200);
    });
  for (const image of ['api/v1', 'ui/x', 'livez', 'readyz/x'])
    await t.test(`takes ${image} for a repository where it is one`, async () => {
      const text = `GET /${image}@sha256=${HEX}/signature-1 HTTP/1.1\r\n${GO}\r\n`;
      assert.deepEqual((await exchange(port, text)).answers, [missed(KEPT)]);
    });
});
