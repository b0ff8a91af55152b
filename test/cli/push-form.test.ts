// The form that push writes is the one that fetch would have written: any reader of forms finds each part with its bytes
// and its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatForm } from '../../server/cli/push/form.ts';

type Part = Parameters<typeof formatForm>[0][number];

async function read(written: Response): Promise<{ name: string; bytes: Uint8Array }[]> {
  const form = await written.formData();
  return Promise.all(
    form.getAll('signature').map(async (part) => {
      assert.ok(part instanceof File);
      assert.equal(part.type, 'application/octet-stream');
      return { name: part.name, bytes: new Uint8Array(await part.arrayBuffer()) };
    }),
  );
}

function ours(parts: readonly Part[]): Response {
  const { contentType, body } = formatForm(parts);
  return new Response(body, { headers: { 'content-type': contentType } });
}

function theirs(parts: readonly Part[]): Response {
  const form = new FormData();
  for (const part of parts)
    form.append('signature', new Blob([new Uint8Array(part.bytes)]), part.target ?? 'signature');
  return new Response(form);
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.constantFrom('\r\n', '--', '\r\n--lookaside-', '\r\n\r\n').map((text) => new Uint8Array(Buffer.from(text))),
);
const target = fc.oneof(
  fc.constant(null),
  fc.constantFrom(
    'quay.io/acme/app@sha256=0',
    'a"b',
    'a\r\nContent-Type: text/html',
    'é/ü',
    '%22',
    'a\\"b',
    '; name="x"',
  ),
  fc.string({ unit: 'grapheme', minLength: 1 }),
);

test('a form of push', async (t) => {
  await t.test('is read back part by part, whatever the parts hold and are called', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.record({ target, bytes }), { minLength: 1, maxLength: 8 }), async (parts) => {
        assert.deepEqual(await read(ours(parts)), await read(theirs(parts)));
      }),
    ),
  );
  await t.test('has another boundary each time', () => {
    assert.notEqual(formatForm([]).contentType, formatForm([]).contentType);
  });
});
