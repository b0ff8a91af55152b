// `lookaside publisher …`, as an admin types it.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIXTURES } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

test('lookaside publisher', async (t) => {
  const lookaside = commandLine(t, { LOOKASIDE_PUBLIC_URL: 'https://sigs.example.com' });
  const added = await lookaside('key', 'add', join(FIXTURES, 'keys/rsa2048.asc'));
  const [key = ''] = /[0-9A-F]{40}/.exec(added.out) ?? [];
  const add = (name: string, ...options: string[]) =>
    lookaside('publisher', 'add', name, '--scope', 'quay.io/acme', '--key', key, ...options);
  const folder = tempDir(t);
  const claims = join(folder, 'claims.json');
  writeFileSync(claims, JSON.stringify({ repository_id: '12', ref: 'refs/heads/x\u001b[2J' }));

  await t.test('list says what to do when there is none', async () => {
    const { code, out, err } = await lookaside('publisher', 'list');
    assert.deepEqual([code, out], [0, '']);
    assert.match(err, /lookaside publisher add/);
  });
  await t.test('add prints the id, and what may be meant', async () => {
    const { code, out, err } = await add('app', '--kind', 'github', '--claim', 'repository_id=12');
    assert.equal(code, 0, err);
    assert.match(out, /^[0-9a-f]{12}$/);
    assert.match(err, /^note: every pipeline with this repository_id can publish/);
    const bound = await add(
      'main',
      '--kind',
      'github',
      '--claim',
      'repository_id=12',
      '--claim',
      'ref=refs/heads/main',
    );
    assert.deepEqual([bound.code, bound.err], [0, '']);
  });
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      'a name alone',
      ['--kind', 'github', '--claim', 'repository=a/b'],
      /repository_id or repository_owner_id.*PUBLISHER_INVALID/,
    ],
    ['another kind', ['--kind', 'jenkins', '--claim', 'sub=x'], /allowed: github, gitlab, kubernetes, other/],
    ['no kind', ['--claim', 'sub=x'], /required option '--kind/],
    ['a claim without a value', ['--kind', 'github', '--claim', 'repository_id'], /it is NAME=VALUE/],
    ['a claim twice', ['--kind', 'github', '--claim', 'ref=a', '--claim', 'ref=b'], /given twice/],
    [
      'no issuer where there is none',
      ['--kind', 'kubernetes', '--claim', 'sub=system:serviceaccount:a:b'],
      /the issuer is ""/,
    ],
  ];
  for (const [what, options, words] of wrong)
    await t.test(`add refuses ${what}`, async () => {
      const { code, err } = await add('other', ...options);
      assert.equal(code, 2, err);
      assert.match(err, words);
    });
  await t.test('list shows them, as a table and as JSON', async () => {
    const { out } = await lookaside('publisher', 'list');
    assert.match(out, /^ID .*\n.* app .*repository_id=12 .*quay\.io\/acme .*never\n.* main /);
    const json = JSON.parse((await lookaside('publisher', 'list', '--json')).out) as { name: string; keys: string[] }[];
    assert.deepEqual(
      json.map(({ name, keys }) => [name, keys]),
      [
        ['app', [key]],
        ['main', [key]],
      ],
    );
  });
  await t.test('test says which match, and what is wrong for the others, harmless for a terminal', async () => {
    const { code, out } = await lookaside('publisher', 'test', '--claims', claims);
    assert.equal(code, 0);
    assert.match(out, /^app: matches\nmain: no, ref is .* and must be "refs\/heads\/main"$/);
    assert.ok(!out.includes('\u001b'));
  });
  await t.test('test exits with 1 when none matches, and with 2 for a file that is none', async () => {
    writeFileSync(claims, '{"repository_id": "13"}');
    assert.equal((await lookaside('publisher', 'test', '--claims', claims, '--json')).code, 1);
    writeFileSync(claims, '[]');
    assert.equal((await lookaside('publisher', 'test', '--claims', claims)).code, 2);
    assert.equal((await lookaside('publisher', 'test', join(folder, 'none'))).code, 2);
    const { code, err } = await lookaside('publisher', 'test', claims);
    assert.equal(code, 1);
    assert.match(err, /ID_TOKEN_INVALID/);
  });
  await t.test('remove takes a name, once', async () => {
    const { code, out } = await lookaside('publisher', 'remove', 'app');
    assert.deepEqual([code, out], [0, 'removed app']);
    const again = await lookaside('publisher', 'remove', 'app');
    assert.equal(again.code, 1);
    assert.match(again.err, /PUBLISHER_NOT_FOUND/);
  });
  await t.test('fsck finds nothing wrong with it', async () => {
    const { code, out, err } = await lookaside('fsck');
    assert.equal(code, 0, out + err);
  });
});
