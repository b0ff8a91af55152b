// The user id of a key is a stranger's text: markup, terminal escapes, letters that run from right to left. It is kept
// as text, and shown as text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey } from 'openpgp';
import { run } from '../../server/cli/program.ts';
import { printable } from '../../server/cli/terminal.ts';
import { loadConfig } from '../../server/config.ts';
import { scene } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';

const HOSTILE: readonly [what: string, name: string][] = [
  ['markup', '<script>alert(1)</script>'],
  ['a terminal escape', '\u001b[31mred\u001b[0m\u001b]0;title\u0007'],
  ['a one-byte terminal escape', '\u009b31mred'],
  ['right-to-left letters', 'release\u202eresolc'],
  ['no width at all', 'rel\u200bease\ufeff'],
  ['a line end', 'release\nrevoked 0000 everything'],
];

test('a user id', async (t) => {
  const store = await scene(t);
  for (const [what, name] of HOSTILE)
    await t.test(`stays text: ${what}`, async () => {
      const { publicKey } = await generateKey({ type: 'ecc', curve: 'nistP256', userIDs: [{ name }] });
      const headers = { 'content-type': 'application/pgp-keys', ...bearer(store.token) };
      const answer = await send(store.url, '/api/v1/keys', { method: 'POST', headers, body: publicKey });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8');
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
      const [result] = answer.json<{ results: readonly { key: { userIds: readonly string[] } }[] }>().results;
      assert.deepEqual(result?.key.userIds, [name]);
    });

  await t.test('does not move the cursor of a terminal that lists it', async () => {
    const lines: string[] = [];
    const terminal = {
      out: (line: string) => void lines.push(line),
      err: () => {},
      interactive: false,
      user: 'tester',
      askSecret: null,
      ask: null,
    };
    const settings = loadConfig({ LOOKASIDE_DATA_DIR: store.dataDir });
    assert.equal(await run(['node', 'lookaside', 'key', 'list'], { loadConfig: () => settings, terminal }), 0);
    const text = lines.join('\n');
    assert.ok(text.includes('\\u{1b}[31mred') && text.includes('\\u{202e}') && text.includes('<script>'));
    assert.equal(text.split('\n').length, 1 + 4 + HOSTILE.length);
    assert.equal(text, text.split('\n').map(printable).join('\n'));
  });
});
