// `lookaside verdict`, on the database of a server that is running.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeVerdict } from '../../server/cli/verdict/description.ts';
import { DIGEST, REPOSITORY, scene, stored } from '../http/scene.ts';
import { FIXTURES, LOCAL } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { commandLine } from './scene.ts';

test('verdicts on the command line', async (t) => {
  const store = await scene(t);
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: store.dataDir });
  const dir = tempDir(t);
  const file = (name: string, content: string) => {
    writeFileSync(join(dir, name), content);
    return join(dir, name);
  };
  const key = (name: string) => join(FIXTURES, `keys/${name}.asc`);
  const pulled = `${REPOSITORY}@${DIGEST}`;
  await stored(store, 'ed25519');

  await t.test('tell by the exit code, for the reader that is asked about', async () => {
    assert.equal((await lookaside('verdict', pulled)).code, 0);
    const { code, out } = await lookaside('verdict', pulled, '--for', 'openpgp');
    assert.equal(code, 1);
    assert.match(out, /^accepted {2}gpgme: /m);
    assert.match(
      out,
      /^refused {3}openpgp: .*\n(?:.*\n)*? +signature-1 .*Ed25519.*\n +→ sign with an RSA key as well$/m,
    );
    assert.match(out, /^signature-1 +1 +.* matchRepoDigestOrExact, matchRepository$/m);
  });
  await t.test('ask for the keys that are given', async () => {
    assert.equal((await lookaside('verdict', pulled, '--key', key('rsa2048'), '--key', key('ed25519'))).code, 0);
    const { code, out } = await lookaside('verdict', pulled, '--key', key('rsa2048'));
    assert.equal(code, 1);
    assert.match(out, /which is not among the keys asked for/);
  });
  await t.test('read the key files of a policy, below --root where it is given', async () => {
    const requirement = { type: 'signedBy', keyType: 'GPGKeys', keyPath: '/etc/pki/acme.asc' };
    const policy = file('policy.json', JSON.stringify({ default: [requirement] }));
    const missing = await lookaside('verdict', pulled, '--policy', policy);
    assert.equal(missing.code, 1);
    assert.match(missing.out, /^unknown .*(?:\n.*)*its key file \/etc\/pki\/acme\.asc is not here/m);
    mkdirSync(join(dir, 'etc/pki'), { recursive: true });
    copyFileSync(key('ed25519'), join(dir, 'etc/pki/acme.asc'));
    assert.equal((await lookaside('verdict', pulled, '--policy', policy, '--root', dir)).code, 0);
  });
  await t.test('list the platforms of an index', async () => {
    const platform = (digest: string, architecture: string) => ({ digest, platform: { os: 'linux', architecture } });
    const manifests = [platform(DIGEST, 'amd64'), platform(`sha256:${'0'.repeat(64)}`, 's390x')];
    const manifest = file('index.json', JSON.stringify({ manifests }));
    const { code, out } = await lookaside('verdict', `${REPOSITORY}:v1`, '--manifest', manifest);
    assert.equal(code, 1);
    assert.match(out, /linux\/s390x: not signed/);
    assert.match(out, /^linux\/amd64 +\S+ +1 +accepted +accepted +refused$/m);
    assert.match(out, /^linux\/s390x +\S+ +none +refused +refused +refused$/m);
  });
  await t.test('are JSON with --json', async () => {
    const { out } = await lookaside('verdict', `${REPOSITORY}:v1`, '--digest', DIGEST, '--json');
    assert.equal(JSON.parse(out).readers.length, 5);
  });
  for (const [what, args, says] of [
    ['a wrong image', ['UPPER'], /is not an image/],
    ['an unknown reader', [pulled, '--for', 'docker'], /gpgme, gpgme-older/],
    ['a policy that runtimes do not read', [pulled, '--policy', file('bad.json', '{}')], /default: is missing/],
    [
      'a policy and keys',
      [pulled, '--policy', file('ok.json', '{"default":[{"type":"reject"}]}'), '--key', key('rsa2048')],
      /names its keys/,
    ],
    [
      'a file that is not there',
      [pulled, '--policy', join(dir, 'none')],
      /cannot read the policy .*none": no such file or directory/,
    ],
    ['two ways to the manifest', [pulled, '--manifest', 'x', '--fetch'], /either --manifest or --fetch/],
  ] as const)
    await t.test(`are refused for ${what}`, async () => {
      const { code, err } = await lookaside('verdict', ...args);
      assert.equal(code, 2);
      assert.match(err, says);
    });
});

test('a name with line feeds adds no lines to a verdict', async (t) => {
  const store = await scene(t);
  await stored(store, 'rsa2048');
  const verdict = await store.local.verdicts.judge(
    { image: `${REPOSITORY}@${DIGEST}`, digest: null, storedAs: null, policy: null, keys: [], manifest: null },
    LOCAL,
  );
  const evil = 'x\naccepted  gpgme: podman';
  const signatures = verdict.signatures.map((signature) => ({ ...signature, signerName: evil }));
  const readers = verdict.readers.map((reader) => ({ ...reader, why: `${evil} ${reader.why}` }));
  const lines = describeVerdict({ ...verdict, signatures, readers });
  assert.equal(lines.length, describeVerdict(verdict).length);
  assert.ok(lines.every((line) => !line.includes('\n')));
});
