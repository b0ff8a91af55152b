// Whoever stands in for the store answers an upload with something that is neither an acceptance nor a refusal, so that a
// pipeline which counts refusals goes on as if its image were signed.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandLine } from '../cli/scene.ts';
import { answering } from '../support/answering.ts';
import { tempDir } from '../support/temp-dir.ts';

const RIDDLES: readonly unknown[] = [
  null,
  'stored',
  {},
  { status: 'constructor', notes: [] },
  { status: 'skipped', notes: [] },
  { status: ['stored'], notes: [] },
  { status: 'stored', url: 'https://sigs.example.com' },
  { status: 'stored', notes: [null] },
  { status: 'exists', notes: [{ code: 'x', text: 7 }] },
  { status: 'refused' },
  { status: 'refused', problem: { code: 'KEY_UNKNOWN' } },
];

test('a store that answers in riddles', async (t) => {
  let result: unknown;
  const host = await answering(t, (_, res) => {
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results: [result] }));
  });
  const file = join(tempDir(t), 'signature-1');
  writeFileSync(file, Buffer.from([0x90]));
  const lookaside = commandLine(t, {
    LOOKASIDE_SERVER: `http://${host}`,
    LOOKASIDE_TOKEN: `lks_${'a'.repeat(20)}`,
  });
  for (const riddle of RIDDLES)
    await t.test(`is none: ${JSON.stringify(riddle)}`, async () => {
      result = riddle;
      const { code, out, err } = await lookaside('push', file);
      assert.deepEqual([code, out], [3, '']);
      assert.match(err, /answered 200, and not as a store does.*\(SERVER_UNREACHABLE\)$/);
    });
});
