// `lookaside config`: files on standard output or below a directory, notes beside them, and what it refuses.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FIXTURES } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

const SETTINGS = { LOOKASIDE_PUBLIC_URL: 'https://sigs.example.com' };
const key = (name: string) => `${FIXTURES}keys/${name}.asc`;

test('lookaside config', async (t) => {
  const lookaside = commandLine(t, SETTINGS);
  await lookaside('key', 'add', key('rsa2048'), '--scope', 'quay.io');
  await lookaside('key', 'add', key('rsa4096'), '--scope', 'quay.io/acme');

  await t.test('prints a file alone on standard output, and notes on standard error', async () => {
    const { code, out, err } = await lookaside(
      'config',
      'registries.d',
      '--mirror',
      'mirror.io/hub=quay.io',
      '--legacy',
    );
    assert.equal(code, 0);
    assert.match(out, /^ {2}quay\.io:\n {4}lookaside: "https:\/\/sigs\.example\.com\/quay\.io"\n {4}sigstore: /m);
    assert.match(err, /^note: the store does not serve \/mirror\.io\/hub as quay\.io yet: `lookaside alias add/);
  });

  await t.test('writes files below a directory, with the permissions they need', async () => {
    const [directory, token] = [tempDir(t), join(tempDir(t), 'token')];
    writeFileSync(token, `lks_${'x'.repeat(43)}\n`);
    const options = ['--read-token-file', token, '--output', directory];
    const { code, out } = await lookaside('config', 'registries.d', ...options);
    assert.equal(code, 0);
    assert.equal(out, join(directory, 'etc/containers/registries.d/lookaside.yaml'));
    assert.equal(statSync(out).mode & 0o777, 0o600);
    assert.match(readFileSync(out, 'utf8'), /https:\/\/lookaside:lks_x+@sigs/);
    assert.equal((await lookaside('config', 'keyring', '--keys', 'path', '--output', directory)).code, 0);
    assert.deepEqual(readdirSync(join(directory, 'etc/pki/containers')).sort(), [
      'lookaside-quay.io+acme.asc',
      'lookaside-quay.io.asc',
    ]);
  });

  await t.test('says which file it cannot write, and why', async () => {
    const inTheWay = join(tempDir(t), 'file');
    writeFileSync(inTheWay, '');
    const { code, out, err } = await lookaside('config', 'registries.d', '--output', inTheWay);
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /lookaside\.yaml" cannot be written: EEXIST.*\(OUTPUT_FAILED\)$/m);
  });

  await t.test('says what to do where several files would be printed', async () => {
    const { code, out, err } = await lookaside('config', 'keyring');
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /keyring is 2 files here; --output DIRECTORY writes them below it/);
  });

  await t.test('merges with a policy that is there', async () => {
    const existing = join(tempDir(t), 'policy.json');
    const docker = { 'quay.io': [{ type: 'insecureAcceptAnything' }] };
    writeFileSync(existing, JSON.stringify({ default: [{ type: 'reject' }], transports: { docker } }));
    const { out, err } = await lookaside('config', 'policy', '--merge', existing);
    assert.deepEqual(JSON.parse(out).transports.docker['quay.io'], docker['quay.io']);
    assert.match(err, /quay\.io: the existing entry \(insecureAcceptAnything\) differs; it was left as it is/);
    const replaced = await lookaside('config', 'policy', '--merge', existing, '--replace', '--json');
    const { files, notes } = JSON.parse(replaced.out);
    assert.equal(JSON.parse(files[0].content).transports.docker['quay.io'][0].type, 'signedBy');
    assert.match(notes.join(), /it was replaced/);
  });

  const wrong: readonly [args: string[], says: RegExp][] = [
    [
      ['policy', '--merge', '/nonexistent/policy.json'],
      /cannot read the policy "\/nonexistent\/policy\.json": no such file/,
    ],
    [['policy', '--identity', 'exactRepository'], /"exactRepository" is no signedIdentity/],
    [['policy', '--role', 'worker'], /unknown option '--role'/],
    [['machine-config', '--role', 'infra'], /--role is worker or master/],
    [['registries.d', '--url', 'https://me:secret@sigs.example.com'], /--url is "https:\/\/\*\*\*@sigs/],
    [['registries.d', '--mirror', 'docker.io'], /is not a mirror as in/],
    [['crio-namespaces'], /name the namespaces/],
    [['registries.d', '--read-token-file', key('rsa2048')], /does not hold one token and nothing else/],
    [['registries.d', '--read-token-file', '/nonexistent/token'], /cannot read the token file .*: no such file/],
  ];
  for (const [args, says] of wrong)
    await t.test(`refuses ${args.join(' ').slice(0, 60)}`, async () => {
      const { code, out, err } = await lookaside('config', ...args);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, says);
      assert.doesNotMatch(err, /secret/);
    });
});

test('lookaside config without a public URL asks for one', async (t) => {
  const lookaside = commandLine(t);
  await lookaside('key', 'add', key('rsa2048'), '--scope', 'quay.io');
  const { code, err } = await lookaside('config', 'registries.d');
  assert.equal(code, 2);
  assert.match(err, /set LOOKASIDE_PUBLIC_URL, or give the URL/);
  assert.equal((await lookaside('config', 'registries.d', '--url', 'http://127.0.0.1:8080')).code, 0);
  assert.equal((await lookaside('config', 'policy')).code, 0);
});
