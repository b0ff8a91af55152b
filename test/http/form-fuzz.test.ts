// Forms of every make: written by hand in all the ways that the standard allows (RFC 7578, RFC 2046), where each part must
// come out as it went in; and damaged ones, where the answer must be a refusal, soon.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { results, type Scene, scene, signature } from './scene.ts';
import { type Answer, bearer, send } from './wire.ts';

type Content = { readonly bytes: Buffer; readonly is: string };

const GOOD = signature('rsa2048');
/** Each with what the server says of just these bytes, so that a byte more or less would be seen. */
const CONTENTS: readonly Content[] = [
  { bytes: GOOD, is: 'acceptable' },
  { bytes: signature('ed25519'), is: 'acceptable' },
  { bytes: signature('rsa2048-uncompressed'), is: 'acceptable' },
  { bytes: Buffer.concat([GOOD, Buffer.from('\n')]), is: 'SIGNATURE_TRAILING_DATA' },
  { bytes: GOOD.subarray(0, -1), is: 'SIGNATURE_TRUNCATED' },
  { bytes: Buffer.from(GOOD.toString('base64')), is: 'SIGNATURE_UNRECOGNIZED' },
  { bytes: Buffer.alloc(0), is: 'SIGNATURE_EMPTY' },
  { bytes: Buffer.from('<html></html>'), is: 'SIGNATURE_HTML' },
  { bytes: Buffer.from('{"critical":'), is: 'SIGNATURE_JSON' },
  { bytes: Buffer.from('-----BEGIN PGP MESSAGE-----\r\n'), is: 'SIGNATURE_ARMORED' },
  { bytes: Buffer.from('\r\n'), is: 'SIGNATURE_UNRECOGNIZED' },
  { bytes: Buffer.from('--'), is: 'SIGNATURE_UNRECOGNIZED' },
  { bytes: Buffer.from('\r\n--'), is: 'SIGNATURE_UNRECOGNIZED' },
];

/** With a letter first, so that none of the contents holds it. */
const boundary = fc
  .string({ unit: fc.constantFrom(..."abcXYZ0189-_.+'()/:=?, "), maxLength: 69 })
  .map((text) => `Q${text.trimEnd()}`);
const name = fc.constantFrom(
  'x',
  'signature-1',
  'app.sig',
  'ä',
  '😀',
  '..',
  'a;b',
  'a b',
  "a'b",
  'signature',
  '%2e%2e',
  '__proto__',
);
const more = fc.constantFrom(
  '',
  'Content-Type: application/octet-stream\r\n',
  'content-type: text/plain; charset=utf-16\r\n',
  'Content-Type: application/pgp-signature\r\nX-Other: y\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'Content-Encoding: gzip\r\n',
  'Content-Length: 3\r\n',
  'Content-Type: text/plain\r\nContent-Type: image/png\r\n',
  'Content-ID: <a@b>\r\n',
);
const disposition = fc.constantFrom<(name: string) => string>(
  (file) => `Content-Disposition: form-data; name="signature"; filename="${file}"`,
  (file) => `content-disposition: form-data; filename="${file}"; name="signature"`,
  (file) => `CONTENT-DISPOSITION: form-data; name=signature; filename="${file}"`,
  (file) => `Content-Disposition:form-data;name="signature";filename="${file}"`,
  (file) =>
    `Content-Disposition: form-data; name="signature"; filename*=UTF-8''${encodeURIComponent(file).replaceAll("'", '%27')}`,
);
const part = fc.record({ content: fc.constantFrom(...CONTENTS), name, more, disposition, first: fc.boolean() });
const form = fc.record({
  boundary,
  parts: fc.array(part, { minLength: 1, maxLength: 6 }),
  preamble: fc.constantFrom('', '\r\n', 'This is a message\r\nof many parts.\r\n', '--\r\n'),
  epilogue: fc.constantFrom('', '\r\n', '\r\nthe end', '\r\n--\r\n'),
});
type Form = typeof form extends fc.Arbitrary<infer T> ? T : never;

function write({ boundary, parts, preamble, epilogue }: Form): Buffer {
  const pieces = parts.flatMap(({ content, name, more, disposition, first }) => {
    const lines = first ? `${disposition(name)}\r\n${more}` : `${more}${disposition(name)}\r\n`;
    return [Buffer.from(`--${boundary}\r\n${lines}\r\n`), content.bytes, Buffer.from('\r\n')];
  });
  return Buffer.concat([Buffer.from(preamble), ...pieces, Buffer.from(`--${boundary}--${epilogue}`)]);
}

const typeOf = (boundary: string) => `multipart/form-data; boundary="${boundary}"`;

function post(store: Scene, contentType: string, body: Uint8Array): Promise<Answer> {
  const headers = { 'content-type': contentType, ...bearer(store.token) };
  return send(store.url, '/api/v1/verify', { method: 'POST', headers, body });
}

const said = (answer: Answer) => results(answer).map(({ status, problem }) => problem?.code ?? status);

/** For a form of a few kilobytes, on a machine that has other things to do. */
const SOON_MS = 10_000;

test('a form', async (t) => {
  const store = await scene(t);
  await t.test('however it is written, has the parts that were put in', () =>
    fc.assert(
      fc.asyncProperty(form, async (made) => {
        const answer = await post(store, typeOf(made.boundary), write(made));
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(
          said(answer),
          made.parts.map(({ content }) => content.is),
        );
      }),
      { numRuns: 250 },
    ),
  );

  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.oneof(fc.nat(6), fc.nat(4_000)),
    text: fc.oneof(
      fc.constantFrom(
        '',
        '\r',
        '\n',
        '\r\n',
        '\r\n\r\n',
        '--',
        '"',
        ';',
        '\0',
        '\\',
        'name="x"',
        'filename="',
        '; boundary=b',
        '[]',
        ' '.repeat(2_000),
        ':',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
  });
  await t.test('that is damaged has an answer, soon, and never a fault', () =>
    fc.assert(
      fc.asyncProperty(
        form,
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (made, edits, inHead) => {
          const damage = (whole: Buffer) =>
            edits.reduce((bytes, { at, cut, text }) => {
              const start = Math.floor(at * bytes.length);
              return Buffer.concat([bytes.subarray(0, start), Buffer.from(text), bytes.subarray(start + cut)]);
            }, whole);
          const type = damage(Buffer.from(typeOf(made.boundary)))
            .toString('latin1')
            .replaceAll(/[^\x20-\x7e]/g, '');
          const started = performance.now();
          const answer = await (inHead
            ? post(store, type, write(made))
            : post(store, typeOf(made.boundary), damage(write(made))));
          assert.ok(performance.now() - started < SOON_MS);
          assert.ok([200, 400, 413, 415].includes(answer.status), `${answer.status} ${answer.text}`);
          // What is not as it was is never taken for what it was.
          if (answer.status === 200) assert.ok(said(answer).length <= made.parts.length + edits.length);
        },
      ),
      { numRuns: 400 },
    ),
  );
  await t.test('has left the server as it was', async () => {
    const answer = await store.upload({ bytes: GOOD });
    assert.equal(answer.status, 201, answer.text);
  });
});
