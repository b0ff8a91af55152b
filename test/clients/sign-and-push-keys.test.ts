// Where the private key of `lookaside sign-and-push` comes from: a GnuPG home, or a file for this one time; and what
// pipelines are told when it cannot be used.
import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { atTerminal } from '../support/at-terminal.ts';
import { must, run, runTool } from '../support/processes.ts';
import { SCENE_TOOLS } from '../support/registry-scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { signingScene } from './signing-scene.ts';

const PASSPHRASE = 'correct horse';
/** What makes a passphrase slow to guess, turned down: nobody guesses here. */
const QUICK = 65_536;

/** The scene, with keys that have this passphrase; '' for none. */
async function scene(t: TestContext, passphrase: string) {
  const signing = await signingScene(t);
  const { env, dir } = signing.gpg;
  writeFileSync(join(dir, 'gpg-agent.conf'), `s2k-count ${QUICK}\n`);
  async function gpg(...args: readonly string[]): Promise<string> {
    const given = ['--pinentry-mode', 'loopback', '--passphrase', passphrase];
    const options = ['--batch', '--no-tty', '--s2k-count', String(QUICK), ...given];
    const { stdout } = await must(runTool('gpg', [...options, ...args], { env }));
    await must(run('gpgconf', ['--homedir', dir, '--kill', 'all'])); // the agent would remember the passphrase
    return stdout;
  }
  async function newKey(name: string, usage: string, expires: string): Promise<string> {
    const stdout = await gpg('--status-fd', '1', '--quick-generate-key', name, 'rsa2048', usage, expires);
    return /KEY_CREATED P ([0-9A-F]{40})/.exec(stdout)?.[1] ?? '';
  }
  const files = tempDir(t);
  const file = (name: string, content: string) => {
    writeFileSync(join(files, name), content);
    return join(files, name);
  };
  const reference = signing.image('app:v1');
  await signing.publish(reference, { key: null });
  return { ...signing, gpg, newKey, file, reference, home: dir };
}

/** What gpg asks with: the program of one line on the terminal that it is given, and on no other. */
const PINENTRY = `#!/bin/sh
echo OK
while read -r command rest; do
  case "$command $rest" in
    OPTION\\ ttyname=*) terminal=\${rest#ttyname=} ;;
    GETPIN*) printf 'password: ' > "$terminal"; read -r passphrase < "$terminal"; echo "D $passphrase" ;;
  esac
  echo OK
done
`;

test('a private key with a passphrase', needs(...SCENE_TOOLS), async (t) => {
  const { sign, left, newKey, gpg, reference, file, server, puller, environment, home } = await scene(t, PASSPHRASE);
  const fingerprint = await newKey('protected', 'sign', 'never');
  const publicKey = Buffer.from(await gpg('--armor', '--export', fingerprint));
  await server.registerKeys(publicKey);
  const signBy = ['--sign-by', fingerprint];
  const secret = file('passphrase', `${PASSPHRASE}\n`);
  const nowhere = { GNUPGHOME: tempDir(t) };

  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['without it', [], /wants a passphrase, and gpg could not ask for it: give --passphrase-file/],
    ['with another one', ['--passphrase-file', file('wrong', 'wrong')], /the passphrase does not open the private key/],
    ['with an empty one', ['--passphrase-file', file('empty', '')], /passphrase/],
  ];
  for (const [how, options, words] of wrong)
    await t.test(`does not sign ${how}`, async () => {
      const { code, stdout, stderr } = await sign(reference, [...signBy, ...options]);
      assert.match(stderr, words);
      assert.match(stderr, /\(PASSPHRASE_WRONG\)\n$/);
      assert.deepEqual([code, stdout], [1, '']);
    });
  await t.test('signs with it', async () => {
    const { code, stdout, stderr } = await sign(reference, [...signBy, '--passphrase-file', secret]);
    assert.deepEqual([code, stdout], [0, '1 stored, 0 already there, 0 refused\n'], stderr);
    assert.doesNotMatch(stderr, new RegExp(PASSPHRASE));
    await must(puller({ key: publicKey }).podmanPull(reference));
  });
  await t.test('signs with what is typed, where somebody is', needs('python3'), async () => {
    const pinentry = file('pinentry', PINENTRY);
    chmodSync(pinentry, 0o755);
    appendFileSync(join(home, 'gpg-agent.conf'), `pinentry-program ${pinentry}\n`);
    await must(run('gpgconf', ['--homedir', home, '--kill', 'all']));
    const image = reference.replace(':v1', ':typed');
    const command = ['sign-and-push', reference, '--sign-identity', image, ...signBy];
    const [shown, code] = await atTerminal(environment)([`${PASSPHRASE}\n`], ...command);
    assert.equal(code, 0, shown);
    assert.match(shown, /password: .*1 stored, 0 already there, 0 refused/s);
  });
  await t.test('comes from a file, into a home of its own', async () => {
    const options = ['--key-file', '-', '--passphrase-file', file('of-windows', `${PASSPHRASE}\r\n`)];
    const tag = reference.replace(':v1', ':v2');
    const more = { env: nowhere, input: await gpg('--armor', '--export-secret-keys', fingerprint) };
    const { code, stdout, stderr } = await sign(reference, [...options, '--sign-identity', tag], more);
    assert.deepEqual([code, stdout], [0, '1 stored, 0 already there, 0 refused\n'], stderr);
    assert.deepEqual([left(), readdirSync(nowhere.GNUPGHOME)], [[], []], 'nothing is left, nor put elsewhere');
  });
});

test('says why it has no key to sign with', needs(...SCENE_TOOLS), async (t) => {
  const { sign, left, newKey, gpg, reference, file, key } = await scene(t, '');
  const publicFile = file('public.asc', await gpg('--armor', '--export', key.fingerprint));
  const expired = await newKey('expired', 'sign', 'seconds=1');
  const certifying = await newKey('certifies', 'cert', 'never');
  const several = file('several.asc', await gpg('--armor', '--export-secret-keys', key.fingerprint, certifying));
  await sleep(1_000);
  const cases: readonly (readonly [string, readonly string[], RegExp, number])[] = [
    ['when none is named', [], /which key\? give --sign-by FINGERPRINT, or --key-file/, 2],
    ['for what is no fingerprint', ['--sign-by', 'release'], /FINGERPRINT_INVALID/, 2],
    ['for a key that is elsewhere', ['--sign-by', 'A'.repeat(40)], /no private key A+ in GNUPGHOME=.*--key-file/, 1],
    ['for an expired one', ['--sign-by', expired], /has expired on 20\d\d-\d\d-\d\d; sign with its successor/, 1],
    ['for one that does not sign', ['--sign-by', certifying], /cannot sign/, 1],
    ['for a file of a public key', ['--key-file', publicFile], /holds no private key; `gpg --export-secret-keys/, 1],
    ['for a file of several', ['--key-file', several], /holds several keys: say which with --sign-by/, 2],
    ['for no file', ['--key-file', '/nowhere'], /cannot read the private key/, 2],
    ['for two files in one', ['--key-file', '-', '--passphrase-file', '-'], /only one of them as -/, 2],
  ];
  for (const [when, options, words, expected] of cases)
    await t.test(when, async () => {
      const { code, stdout, stderr } = await sign(reference, options);
      assert.match(stderr, words);
      assert.deepEqual([code, stdout], [expected, '']);
    });
  await t.test('when the agent of gpg cannot start', async () => {
    const env = { XDG_RUNTIME_DIR: join(tempDir(t), 'x'.repeat(100)) };
    mkdirSync(env.XDG_RUNTIME_DIR);
    const secret = file('secret.asc', await gpg('--armor', '--export-secret-keys', key.fingerprint));
    const { code, stderr } = await sign(reference, ['--key-file', secret], { env });
    assert.match(stderr, /did not take the private key of .*agent.*XDG_RUNTIME_DIR.*SIGNING_KEY_UNAVAILABLE/);
    assert.equal(code, 1);
  });
  assert.deepEqual(left(), []);
});
