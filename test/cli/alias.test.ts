// alias: what it prints where, and how it ends.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CORPUS_DIGEST_HEX, FIXTURES } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

test('alias', async (t) => {
  const lookaside = commandLine(t);
  await t.test('list makes no store where there is none', async () =>
    assert.equal((await lookaside('alias', 'list')).code, 2),
  );
  await t.test('add may be the first command, and says what it has done', async () => {
    const { code, out, err } = await lookaside('alias', 'add', '/sigstore', 'index.docker.io');
    assert.deepEqual([code, out, err], [0, '/sigstore stands for docker.io', '']);
  });
  await t.test('add replaces on request only', async () => {
    const { code, err } = await lookaside('alias', 'add', '/sigstore', 'quay.io');
    assert.equal(code, 1);
    assert.match(err, /stands for docker\.io already; with `--replace` .* \(ALIAS_EXISTS\)$/);
    assert.equal((await lookaside('alias', 'add', '/sigstore', 'quay.io/acme', '--replace')).code, 0);
  });
  await t.test('add refuses what is no path and no target', async () => {
    for (const [path, target] of [
      ['sigstore', 'docker.io'],
      ['/api', 'docker.io'],
      ['/x', 'acme'],
    ] as const) {
      const { code, err } = await lookaside('alias', 'add', path, target);
      assert.equal(code, 2);
      assert.match(err, /\(ALIAS_INVALID\)$/);
    }
  });
  await t.test('add and list warn', async () => {
    const { out, err } = await lookaside('alias', 'add', '/two', 'one.example.com');
    assert.deepEqual([out, err], ['/two stands for one.example.com', '']);
    await lookaside('alias', 'add', '/one.example.com', 'quay.io');
    const { err: warned } = await lookaside('alias', 'list');
    assert.match(warned, /^warning: \/two: \/one\.example\.com is an alias, too/);
  });
  await t.test('list shows them, also as JSON', async () => {
    const { out } = await lookaside('alias', 'list');
    assert.match(out, /^PATH +STANDS FOR +SINCE\n/);
    assert.match(out, /\n\/sigstore +quay\.io\/acme +\d{4}-\d\d-\d\d\n/);
    const items = JSON.parse((await lookaside('alias', 'list', '--json')).out) as { path: string }[];
    assert.deepEqual(
      items.map(({ path }) => path),
      ['/one.example.com', '/sigstore', '/two'],
    );
  });
  await t.test('remove ends one, by its path', async () => {
    const { out } = await lookaside('alias', 'remove', '/sigstore');
    assert.equal(out, '/sigstore does not stand for quay.io/acme any more');
    const { code, err } = await lookaside('alias', 'remove', '/sigstore');
    assert.equal(code, 1);
    assert.match(err, /see `lookaside alias list` \(ALIAS_NOT_FOUND\)$/);
  });
  await t.test('is in the audit log', async () => {
    const { out } = await lookaside('audit', 'list');
    assert.match(out, /alias\.added.*\/sigstore/);
    assert.match(out, /alias\.removed.*\/sigstore/);
  });
});

test('import puts a tree of a mirror where its alias leads', async (t) => {
  const lookaside = commandLine(t);
  const tree = tempDir(t);
  const image = `acme/app@sha256=${CORPUS_DIGEST_HEX}`;
  mkdirSync(join(tree, image), { recursive: true });
  cpSync(`${FIXTURES}signatures/rsa2048.sig`, join(tree, image, 'signature-1'));
  await lookaside('key', 'add', `${FIXTURES}keys/rsa2048.asc`);
  const refused = await lookaside('import', tree, '--registry', 'mirror.corp');
  assert.equal(refused.code, 1);
  assert.match(refused.out + refused.err, /CLAIM_REPOSITORY_MISMATCH/);
  await lookaside('alias', 'add', '/mirror.corp', 'registry.example.com');
  assert.equal((await lookaside('import', tree, '--registry', 'mirror.corp')).code, 0);
  const { out } = await lookaside('list', '--json');
  assert.equal((JSON.parse(out) as { repository: string }[])[0]?.repository, 'registry.example.com/acme/app');
});
