// user: what it prints where, where passwords come from, and what it does to a server that runs.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertProblem } from '../http/scene.ts';
import { PASSWORD, peopleScene } from '../support/people.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

const GENERATED = /^(?:[0-9a-z]{4}-){5}[0-9a-z]{4}$/;

test('user', async (t) => {
  const dir = tempDir(t);
  const settings = { LOOKASIDE_DATA_DIR: dir };
  const lookaside = commandLine(t, settings);
  const file = join(dir, 'password');

  await t.test('list makes no store where there is none', async () => {
    assert.match((await lookaside('user', 'list')).err, /there is no store in .*; check LOOKASIDE_DATA_DIR/);
  });
  await t.test('add --generate prints the password alone on standard output', async () => {
    const { code, out, err } = await lookaside('user', 'add', 'alice', '--role', 'admin', '--generate');
    assert.deepEqual([code, err], [0, 'added alice, admin']);
    assert.match(out, GENERATED);
  });
  await t.test('add takes a password that is typed twice, or from a file', async () => {
    const typing = commandLine(t, settings, [PASSWORD, PASSWORD]);
    const typed = await typing('user', 'add', 'bob', '--role', 'viewer');
    assert.deepEqual([typed.code, typed.out, typed.err], [0, '', 'added bob, viewer']);
    writeFileSync(file, ' with spaces around it \r\n');
    assert.equal((await lookaside('user', 'add', 'carol', '--role', 'viewer', '--password-file', file)).code, 0);
  });
  await t.test('list shows people by name, also as JSON', async () => {
    const { out } = await lookaside('user', 'list');
    assert.match(out, /^NAME +ROLE +ADDED +PASSWORD OF +LAST SIGN-IN \(UTC\)\nalice +admin +\S+ +\S+ +never\nbob/);
    const people = JSON.parse((await lookaside('user', 'list', '--json')).out) as { name: string; role: string }[];
    assert.deepEqual(
      people.map(({ name, role }) => `${name} ${role}`),
      ['alice admin', 'bob viewer', 'carol viewer'],
    );
  });
  await t.test('password and remove say what they did', async () => {
    const changed = await lookaside('user', 'password', 'bob', '--generate');
    assert.match(changed.out, GENERATED);
    assert.match(changed.err, /^changed the password of bob; sessions that were open have ended$/);
    assert.deepEqual(await lookaside('user', 'remove', 'bob'), { code: 0, out: 'removed bob', err: '' });
  });
  await t.test('is in the audit log under the user of the operating system', async () => {
    const { out } = await lookaside('audit', 'list', '--subject', 'bob');
    for (const action of ['user.created', 'user.password_changed', 'user.removed'])
      assert.match(out, new RegExp(`${action.replace('.', '\\.')} +local user tester +bob`));
  });
  await t.test('list says how to begin', async (t) => {
    const fresh = commandLine(t);
    await fresh('token', 'create', '--name', 'x', '--allow', 'read');
    assert.match((await fresh('user', 'list')).err, /lookaside user add NAME --role admin/);
  });
});

test('user ends', async (t) => {
  const dir = tempDir(t);
  const settings = { LOOKASIDE_DATA_DIR: dir };
  const lookaside = commandLine(t, settings);
  await lookaside('user', 'add', 'alice', '--role', 'admin', '--generate');
  const add = ['user', 'add', 'bob', '--role', 'viewer'];
  const fileWith = (content: string | Uint8Array) => {
    writeFileSync(join(dir, 'file'), content);
    return ['--password-file', join(dir, 'file')];
  };
  type Wrong = readonly [what: string, args: readonly string[], code: number, error: RegExp, typed?: readonly string[]];
  const wrong: readonly Wrong[] = [
    ['without a role', ['user', 'add', 'bob', '--generate'], 2, /--role/],
    ['for a role that is none', ['user', 'add', 'bob', '--role', 'owner'], 2, /"owner"; allowed: admin, viewer/],
    ['for a name that is none', ['user', 'add', 'Bob', '--role', 'viewer'], 2, /USER_NAME_INVALID/],
    ['where nobody can type', add, 2, /--password-file FILE or --generate \(USAGE_INVALID\)/],
    ['where two passwords differ', add, 2, /differ; nothing was changed/, [PASSWORD, `${PASSWORD}!`]],
    ['for a short password', add, 2, /PASSWORD_WEAK/, ['short', 'short']],
    [
      'for a file that is not there',
      [...add, '--password-file', join(dir, 'none')],
      2,
      /cannot read the password file/,
    ],
    ['for a file of two lines', [...add, ...fileWith('one\ntwo\n')], 2, /one line of text and nothing else/],
    ['for two sources', [...add, '--generate', '--password-file', 'x'], 2, /not both/],
    ['for a password on the command line', [...add, '--password', PASSWORD], 2, /unknown option/],
    ['for a name that is taken', ['user', 'add', 'alice', '--role', 'viewer', '--generate'], 1, /USER_EXISTS/],
    ['for a user who is not there', ['user', 'password', 'bob', '--generate'], 1, /USER_NOT_FOUND/],
    ['for a user who is not there to be removed', ['user', 'remove', 'bob'], 1, /USER_NOT_FOUND/],
    ['for the last admin', ['user', 'remove', 'alice'], 1, /only admin.*USER_LAST_ADMIN/],
  ];
  for (const [what, args, expected, error, typed] of wrong)
    await t.test(`with ${expected} ${what}`, async (t) => {
      const { code, out, err } = await (typed ? commandLine(t, settings, typed) : lookaside)(...args);
      assert.deepEqual([code, out], [expected, '']);
      assert.match(err, error);
      assert.ok(!err.includes(PASSWORD) && !err.includes('one\n'));
    });
  await t.test('with 2 for a file that is not text', async () => {
    const { code, err } = await lookaside(...add, ...fileWith(Uint8Array.of(0xff, 0xfe, 0x41)));
    assert.equal(code, 2);
    assert.match(err, /one line of text/);
  });
  await t.test('with nobody added by any of that', async () => {
    const people = JSON.parse((await lookaside('user', 'list', '--json')).out) as { name: string }[];
    assert.deepEqual(
      people.map(({ name }) => name),
      ['alice'],
    );
  });
});

test('user, while a server runs', async (t) => {
  const store = await peopleScene(t);
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: store.dataDir });
  const get = (person: { call: (method: string, path: string) => ReturnType<typeof store.signIn> }) =>
    person.call('GET', '/api/v1/session');

  await t.test('add lets somebody sign in at once', async () => {
    const { out } = await lookaside('user', 'add', 'bob', '--role', 'viewer', '--generate');
    assert.equal((await store.signIn('bob', out)).status, 200);
  });
  await t.test('password ends sessions at once', async () => {
    const admin = await store.person();
    assert.equal((await get(admin)).status, 200);
    const { out } = await lookaside('user', 'password', 'admin', '--generate');
    assertProblem(await get(admin), 401, 'CREDENTIALS_EXPIRED');
    assert.equal((await store.signIn('admin', out)).status, 200);
  });
  await t.test('remove ends sessions at once', async () => {
    const carol = await store.newPerson('carol', 'admin');
    assert.equal((await lookaside('user', 'remove', 'carol')).code, 0);
    assertProblem(await get(carol), 401, 'CREDENTIALS_EXPIRED');
  });
});
