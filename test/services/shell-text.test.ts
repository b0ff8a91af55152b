import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { shellText } from '../../server/services/shell-text.ts';

test('text is one word of a shell', async (t) => {
  for (const text of [
    '',
    'plain',
    'two words',
    "it's",
    "''",
    `"$HOME" \`id\` $(id)`,
    '\\',
    "'\\''",
    '-n',
    'a\nb',
    '*~#;&|',
  ])
    await t.test(JSON.stringify(text), () =>
      assert.equal(execFileSync('sh', ['-c', `printf '<%s>' ${shellText(text)}`], { encoding: 'utf8' }), `<${text}>`),
    );
});
