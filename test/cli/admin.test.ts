// key, token and audit: what they print where, and how they end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIXTURES } from '../support/server.ts';
import { commandLine } from './scene.ts';

const KEY = `${FIXTURES}keys/rsa2048.asc`;

test('key', async (t) => {
  const lookaside = commandLine(t);
  await t.test('list makes no store where there is none', async () => {
    const { code, err } = await lookaside('key', 'list');
    assert.equal(code, 2);
    assert.match(err, /there is no store in .*; check LOOKASIDE_DATA_DIR/);
  });
  await t.test('list says how to begin', async () => {
    await lookaside('token', 'create', '--name', 'first', '--allow', 'read');
    const { code, out, err } = await lookaside('key', 'list');
    assert.deepEqual([code, out], [0, '']);
    assert.match(err, /lookaside key add FILE/);
  });
  let fingerprint = '';
  await t.test('add registers, and says what for', async () => {
    const { code, out } = await lookaside('key', 'add', KEY, '--scope', 'quay.io', '--name', 'release');
    assert.equal(code, 0);
    assert.match(out, /^registered [0-9A-F]{40} release \(active, for quay\.io\)$/);
    fingerprint = out.split(' ')[1] ?? '';
    assert.match((await lookaside('key', 'add', KEY)).out, /^unchanged /);
  });
  await t.test('list shows it, also as JSON', async () => {
    const { out } = await lookaside('key', 'list');
    assert.match(out, /^FINGERPRINT +STATE +EXPIRES +SCOPES +NAME\n/);
    assert.ok(out.includes(fingerprint));
    const [key] = JSON.parse((await lookaside('key', 'list', '--json')).out) as { fingerprint: string }[];
    assert.equal(key?.fingerprint, fingerprint);
  });
  await t.test('retire, reactivate and revoke change its state, revoke for good', async () => {
    assert.match((await lookaside('key', 'retire', fingerprint)).out, /^retired /);
    assert.match((await lookaside('key', 'reactivate', fingerprint.toLowerCase())).out, /^active /);
    assert.equal((await lookaside('key', 'revoke', fingerprint)).code, 2);
    assert.match((await lookaside('key', 'revoke', fingerprint, '--reason', 'stolen')).out, /^revoked /);
    const again = await lookaside('key', 'reactivate', fingerprint);
    assert.equal(again.code, 1);
    assert.match(again.err, /^lookaside: .*\(KEY_STATE_CONFLICT\)$/);
  });
});

test('token', async (t) => {
  const lookaside = commandLine(t);
  await t.test('create prints the secret alone on standard output', async () => {
    const { code, out, err } = await lookaside(
      'token',
      'create',
      '--name',
      'ci',
      '--allow',
      'upload,read',
      '--scope',
      'quay.io',
    );
    assert.equal(code, 0);
    assert.match(out, /^lks_[A-Za-z0-9_-]{49}$/);
    assert.match(err, /^token \w+ may upload, read and expires .*once:$/);
    assert.ok(!err.includes(out));
  });
  await t.test('list shows it without its secret, and revoke ends it', async () => {
    const [token] = JSON.parse((await lookaside('token', 'list', '--json')).out) as { id: string }[];
    const { out } = await lookaside('token', 'list');
    assert.match(out, / active +upload,read +quay\.io /);
    assert.doesNotMatch(out, /lks_/);
    assert.equal((await lookaside('token', 'revoke', token?.id ?? '')).out, `revoked ${token?.id}`);
    assert.match((await lookaside('token', 'list')).out, / revoked /);
  });
  await t.test('create takes lifetimes as people write them', async () => {
    for (const expires of ['12h', '90d', '4w', '1y', 'never'])
      assert.equal(
        (await lookaside('token', 'create', '--name', 'x', '--allow', 'read', '--expires', expires)).code,
        0,
      );
  });
});

test('audit', async (t) => {
  const lookaside = commandLine(t);
  await lookaside('key', 'add', KEY);
  await lookaside('token', 'create', '--name', 'ci', '--allow', 'read');
  await t.test('list shows who did what, newest first, also as JSON lines', async () => {
    const { out } = await lookaside('audit', 'list');
    assert.match(out, /token\.created +local user tester[\s\S]*key\.registered +local user tester/);
    const lines = (await lookaside('audit', 'list', '--json', '--limit', '1')).out.split('\n');
    assert.equal(lines.length, 1);
    assert.equal((JSON.parse(lines[0] ?? '') as { action: string }).action, 'token.created');
    assert.doesNotMatch((await lookaside('audit', 'list', '--action', 'key.registered')).out, /token/);
  });
  await t.test('verify prints a head that a later verify takes', async () => {
    const { code, out, err } = await lookaside('audit', 'verify');
    assert.equal(code, 0);
    assert.match(out, /^2:[0-9a-f]{64}$/);
    assert.match(err, /2 rows is intact/);
    assert.equal((await lookaside('audit', 'verify', '--known', out)).code, 0);
    const other = await lookaside('audit', 'verify', '--known', `1:${'0'.repeat(64)}`);
    assert.equal(other.code, 1);
    assert.match(other.err, /AUDIT_BROKEN/);
  });
});

test('a command called wrongly', async (t) => {
  const lookaside = commandLine(t);
  const WRONG: readonly (readonly string[])[] = [
    ['nothing-like-it'],
    ['key'],
    ['key', 'add'],
    ['key', 'add', '/nowhere/key.asc'],
    ['key', 'add', KEY, '--unknown'],
    ['key', 'list', 'surplus'],
    ['token', 'create', '--name', 'x'],
    ['token', 'create', '--name', 'x', '--allow', 'root'],
    ['token', 'create', '--name', 'x', '--allow', 'read', '--expires', '90'],
    ['withdraw', '1'],
    ['withdraw', 'x', '--reason', 'y'],
    ['show', '0'],
    ['list', '--limit', '0'],
    ['audit', 'verify', '--known', 'x'],
  ];
  for (const args of WRONG)
    await t.test(`ends with 2 and a word on standard error: ${args.join(' ')}`, async () => {
      const { code, out, err } = await lookaside(...args);
      assert.deepEqual([code, out], [2, ''], err);
      assert.ok(err.length > 0);
      assert.doesNotMatch(err, /\bat .*\.ts:\d+/);
    });
  await t.test('ends with 2 for a wrong setting, which it names', async (t) => {
    const { code, err } = await commandLine(t, { LOOKASIDE_PORT: 'x' })('key', 'list');
    assert.equal(code, 2);
    assert.match(err, /LOOKASIDE_PORT is "x".*\(CONFIG_INVALID\)/);
  });
  await t.test('ends with 1 for what is well-formed and not there', async () => {
    for (const args of [
      ['show', '9'],
      ['withdraw', '9', '--reason', 'x'],
      ['key', 'retire', 'A'.repeat(40)],
      ['token', 'revoke', 'x'],
    ]) {
      const { code, out, err } = await lookaside(...args);
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, /^lookaside: [^\n]*NOT_FOUND\)$/);
    }
  });
  await t.test('ends with 0 when it asks for help', async () => {
    const { code, out } = await lookaside('--help');
    assert.equal(code, 0);
    for (const command of ['serve', 'key', 'token', 'push', 'list', 'show', 'withdraw', 'audit'])
      assert.ok(out.includes(command));
  });
});
