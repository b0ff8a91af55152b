// list, show and withdraw, on the database of a server that is running.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable, table } from '../../server/cli/terminal.ts';
import { IMAGE, REPOSITORY, scene, signature, stored } from '../http/scene.ts';
import { commandLine } from './scene.ts';

test('signatures on the command line', async (t) => {
  const store = await scene(t);
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: store.dataDir });
  await t.test('are none at first, and it says how to begin', async () => {
    const { code, out, err } = await lookaside('list');
    assert.deepEqual([code, out], [0, '']);
    assert.match(err, /lookaside push/);
  });
  await stored(store, 'rsa2048', 'ed25519');
  await t.test('are listed, newest first, with their paths', async () => {
    const { out } = await lookaside('list');
    const [head, ...rows] = out.split('\n');
    assert.match(head ?? '', /^ID +STATE +STORED/);
    assert.ok(rows[0]?.endsWith(`/${IMAGE}/signature-2`) && rows[1]?.endsWith(`/${IMAGE}/signature-1`));
  });
  for (const what of [REPOSITORY, IMAGE, IMAGE.replace('=', ':')])
    await t.test(`are listed by ${what.slice(0, 40)}, also as JSON`, async () => {
      const items = JSON.parse((await lookaside('list', what, '--json')).out) as { id: number }[];
      assert.deepEqual(
        items.map(({ id }) => id),
        [2, 1],
      );
    });
  await t.test('are shown one by one, with claim, notes and history', async () => {
    const { out } = await lookaside('show', '2');
    for (const words of [
      /^id: +2$/m,
      /^state: +live$/m,
      /^note: .*Ed25519/m,
      /^history: .*signature\.stored by token/m,
    ])
      assert.match(out, words);
    const { payload } = JSON.parse((await lookaside('show', '2', '--json')).out) as { payload: string };
    assert.ok(payload.includes('docker-manifest-digest'));
  });
  await t.test('are withdrawn at once, for the server, too', async () => {
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('rsa2048'));
    const { code, out } = await lookaside('withdraw', '1', '--reason', 'wrong \u001b[31mbuild');
    assert.equal(code, 0);
    assert.match(out, /^withdrawn 1 of /);
    assert.deepEqual((await store.get(`/${IMAGE}/signature-1`)).body, signature('ed25519'));
    const shown = (await lookaside('show', '1')).out;
    assert.match(shown, /^state: +withdrawn: wrong \\u\{1b\}\[31mbuild$/m);
    assert.equal((await lookaside('withdraw', '1', '--reason', 'again')).code, 1);
  });
});

test('text on a terminal', async (t) => {
  const TEXTS: readonly [text: string, shown: string][] = [
    ['plain Grüße 日本', 'plain Grüße 日本'],
    ['\u001b[2J', '\\u{1b}[2J'],
    ['a\nb\r\tc', 'a\\u{a}b\\u{d}\\u{9}c'],
    ['\u009b31m', '\\u{9b}31m'],
    ['a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
    ['a\u200bb\ufeffc\u00ad', 'a\\u{200b}b\\u{feff}c\\u{ad}'],
    ['a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
    ['\u007f\u0000', '\\u{7f}\\u{0}'],
  ];
  for (const [text, shown] of TEXTS)
    await t.test(`is ${JSON.stringify(shown)}`, () => assert.equal(printable(text), shown));
  await t.test('stands in columns', () =>
    assert.equal(
      table(
        ['A', 'B'],
        [
          ['xx', 'y'],
          ['', 'z'],
        ],
      ),
      'A   B\nxx  y\n    z',
    ),
  );
});
