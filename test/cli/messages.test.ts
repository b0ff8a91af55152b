// What somebody is told who has mistyped something, or looks at part of a list: what it was, and what to do next.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { randomDigest } from '../store/scene.ts';
import { FIXTURES } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { importScene, REGISTRY } from './import-scene.ts';
import { commandLine } from './scene.ts';

const key = (name: string) => `${FIXTURES}keys/${name}.asc`;

test('a command that is mistyped', async (t) => {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'text'), 'no key');
  const claims = join(dir, 'claims');
  writeFileSync(claims, '{"iss":"https://issuer.example.com"}');
  const lookaside = commandLine(t);
  await lookaside('key', 'add', key('subkey'), key('rsa2048'));
  const [listed] = JSON.parse((await lookaside('key', 'list', '--json')).out) as {
    fingerprint: string;
    signingKeys: { fingerprint: string }[];
  }[];
  const subkey = listed?.signingKeys[1]?.fingerprint ?? '';

  const wrong: [what: string, args: readonly string[], says: RegExp][] = [
    ['a limit', ['list', '--limit', '0'], /--limit is "0"; give a number such as 17/],
    ['a limit of events', ['audit', 'list', '--limit', 'all'], /--limit is "all"; give a number such as 17/],
    ['an id', ['show', 'abc'], /the id of a signature is "abc"; give a number/],
    [
      'an image in place of its repository',
      ['list', 'quay.io/acme/app:v1'],
      /has a tag; list .*"quay\.io\/acme\/app", or/,
    ],
    [
      'a tree that is not there',
      ['import', join(dir, 'no'), '--registry', 'quay.io'],
      /cannot read ".*no": no such file or directory; give a dir/,
    ],
    ['a bundle that is not there', ['bundle', 'load', join(dir, 'no')], /cannot read ".*no": .*no such file or dir/],
    ['a directory as a key', ['key', 'add', dir], /cannot read the key file ".*": it is a directory/],
    ['one of several keys', ['key', 'add', key('rsa2048'), join(dir, 'text')], /^lookaside: ".*\/text": not a key/m],
    [
      'a subkey in place of its key',
      ['key', 'retire', subkey],
      /is a subkey; give the fingerprint of its key, [0-9A-F]{40} /,
    ],
    ['an issuer', ['publisher', 'test', claims, '--claims'], /no publisher has the issuer.*`lookaside publisher list`/],
    ['namespaces that are not named', ['config', 'crio-namespaces'], /such as team-a, or team-b=quay\.io\/acme/],
  ];
  for (const url of ['https://me:secret@', 'https://me:secret/2@', 'me:secret@', '//'])
    wrong.push([
      `a URL as a registry: ${url}`,
      ['import', dir, '--registry', `${url}quay.io/acme?secret`],
      /is a URL; it is a name: "quay\.io\/acme"/,
    ]);
  for (const url of ['http://me:secret@host', 'me:secret@host', 'ftp://me:secret@a@host?secret#secret'])
    wrong.push([`a URL: ${url}`, ['push', dir, '--server', url], /--server "[a-z:/]*\*\*\*@host.*" is not an http/]);
  for (const [what, args, says] of wrong)
    await t.test(`says so of ${what}`, async () => {
      const { code, err } = await lookaside(...args);
      assert.notEqual(code, 0);
      assert.match(err, says);
      assert.doesNotMatch(err, /secret/);
    });
  await t.test('says which repository has no signatures, as it is known by its whole name', async () => {
    assert.equal((await lookaside('list', 'nginx')).err, 'no signatures of docker.io/library/nginx');
  });
  await t.test('says at once that a key it registered has expired', async () => {
    assert.match((await lookaside('key', 'add', key('expired'))).out, /\(expired, for everything\)$/);
  });
});

test('a list of the newest says when there is more, and only then', async (t) => {
  const { lookaside, signer, write, take } = await importScene(t);
  for (const _ of ['one', 'two']) {
    const digest = randomDigest();
    write(`acme/app@${digest.replace(':', '=')}/signature-1`, signer.sign(`${REGISTRY}/acme/app:v1`, digest));
  }
  assert.equal((await take()).code, 0);
  assert.equal(
    (await lookaside('list', '--limit', '1')).err,
    'older signatures are left out; --limit NUMBER shows more',
  );
  assert.equal((await lookaside('list', '--limit', '2')).err, '');
  const events = (await lookaside('audit', 'list')).out.split('\n').length - 1;
  assert.equal((await lookaside('audit', 'list', '--limit', String(events))).err, '');
  const { out, err } = await lookaside('audit', 'list', '--limit', String(events - 1));
  assert.equal(err, 'older events are left out; --limit NUMBER shows more');
  assert.equal(out.split('\n').length, events);
});

test('a backup that is restored at once asks for nothing to be done again', async (t) => {
  const dataDir = tempDir(t);
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: dataDir });
  await lookaside('key', 'add', key('rsa2048'));
  const file = join(tempDir(t), 'backup.db');
  assert.equal((await lookaside('backup', file)).code, 0);
  const { err } = await lookaside('restore', file, '--force');
  assert.match(err, /nothing was lost: nothing had changed since then\nstart the server/);
});
