// What stands between a pipeline that signs and the store: programs, the registry, the store itself, each with its exit code
// and a line that says what to do; and what is left when the job is stopped.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Permission } from '../../server/domain/principal.ts';
import { CLI, must, runTool, startService } from '../support/processes.ts';
import { dockerRegistry } from '../support/registry.ts';
import { SCENE_TOOLS } from '../support/registry-scene.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { findTool, needs, type Tool } from '../support/tools.ts';
import { type SigningScene, signingScene } from './signing-scene.ts';

/** A PATH with these programs and nothing else; a text is a shell script in place of the program. */
function pathWith(t: TestContext, programs: Partial<Record<Tool, true | string>>): string {
  const dir = tempDir(t);
  for (const [name, script] of Object.entries(programs))
    if (typeof script === 'string') writeFileSync(join(dir, name), script, { mode: 0o755 });
    else symlinkSync(findTool(name as Tool) ?? '', join(dir, name));
  return dir;
}

/** A registry that takes requests and answers none. */
async function silentRegistry(t: TestContext) {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { asked: asked.promise, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** What runs with one of these in its command line, but for the command itself. */
function programs(...parts: readonly string[]): string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine);
  const found = lines.filter((line) => parts.some((part) => line.includes(part)) && !line.includes('sign-and-push'));
  return found.map((line) => basename(line.split(' ', 1)[0] ?? '')).sort();
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended
  }
}

async function withoutPrograms(t: TestContext, scene: SigningScene): Promise<void> {
  const image = scene.image('app:v1');
  await scene.publish(image, { key: null });
  const skopeo = findTool('skopeo');
  // A skopeo before 1.6 in this one respect.
  const older = `#!/bin/sh
case "$*" in *--passphrase-file*) echo 'level=fatal msg="unknown flag: --passphrase-file"' >&2; exit 1;; --version) echo 'skopeo version 1.4.1'; exit;; esac
exec ${skopeo} "$@"
`;
  const secret = join(tempDir(t), 'passphrase');
  writeFileSync(secret, 'secret');
  const signBy = ['--sign-by', scene.key.fingerprint];
  const cases: readonly (readonly [string, Parameters<typeof pathWith>[1], readonly string[], RegExp])[] = [
    ['without gpg', { skopeo: true }, [], /^lookaside: gpg is not installed here.*package gnupg/],
    ['without skopeo', { gpg: true }, [], /^lookaside: skopeo is not installed here.*`lookaside push`/],
    [
      'with an older skopeo',
      { gpg: true, skopeo: older },
      ['--passphrase-file', secret],
      /skopeo version 1\.4\.1 is too old: 1\.6\.0 or newer is needed \(unknown flag: --passphrase-file\)/,
    ],
  ];
  for (const [how, programs, options, words] of cases)
    await t.test(how, async (t) => {
      const env = { PATH: pathWith(t, programs) };
      const { code, stderr } = await scene.sign(image, [...signBy, ...options], { env });
      assert.match(stderr, words);
      assert.match(stderr, /\(TOOL_MISSING\)\n$/);
      assert.equal(code, 1);
    });
}

async function withRegistries(t: TestContext, scene: SigningScene): Promise<void> {
  // bcrypt, as the registry wants it, of "pull" for the user "ci".
  const htpasswd = join(tempDir(t), 'htpasswd');
  writeFileSync(htpasswd, 'ci:$2b$04$ZTSqya.bsvqKpUg.jWZ11uNAMtcMSlNri7Zr2rogMKaZu3AL/zlHq\n');
  const locked = await dockerRegistry(t, { auth: { htpasswd: { realm: 'test', path: htpasswd } } });
  const authfile = join(tempDir(t), 'auth.json');
  const auth = Buffer.from('ci:pull').toString('base64');
  writeFileSync(authfile, JSON.stringify({ auths: { [locked.host]: { auth } } }));
  const image = `${locked.host}/acme/app:v1`;
  const insecure = ['--sign-by', scene.key.fingerprint, '--insecure-registry'];
  const copy = ['copy', '--quiet', '--dest-tls-verify=false', '--dest-authfile', authfile];
  await must(scene.signer.skopeo(...copy, scene.layout.image, `docker://${image}`));

  const cases: readonly (readonly [string, string, readonly string[], RegExp, number])[] = [
    [
      'without credentials',
      image,
      insecure,
      /`skopeo login 127\.0\.0\.1:\d+`, or give --authfile.*REGISTRY_REFUSED/,
      1,
    ],
    ['without TLS', image, insecure.slice(0, 2), /does not speak TLS; is it one for --insecure-registry\?/, 3],
    ['of a tag that is not there', scene.image('none:v1'), insecure, /push it before it is signed.*IMAGE_NOT_FOUND/, 1],
    ['when nobody answers', '127.0.0.1:1/acme/app:v1', insecure, /connection refused \(SERVER_UNREACHABLE\)/, 3],
    ['of what is no image', 'Acme/App', insecure, /is not an image such as.*REPOSITORY_INVALID/, 2],
    ['with credentials that are not there', image, [...insecure, '--authfile', '/nowhere'], /no file.*credentials/, 2],
  ];
  for (const [when, reference, options, words, expected] of cases)
    await t.test(when, async () => {
      const { code, stdout, stderr } = await scene.sign(reference, options);
      assert.match(stderr, words);
      assert.deepEqual([code, stdout], [expected, '']);
    });
  await t.test('and signs with the credentials it was given', async () => {
    const { stdout } = await must(scene.sign(image, [...insecure, '--authfile', authfile]));
    assert.equal(stdout, '1 stored, 0 already there, 0 refused\n');
  });
}

async function withStores(t: TestContext, scene: SigningScene): Promise<void> {
  const image = scene.image('app:v1');
  await scene.publish(image, { key: null });
  const stranger = await scene.gpg.generate('stranger');
  const elsewhere = await scene.server.createToken(['upload'], ['quay.io']);
  const cases: readonly (readonly [string, string, Record<string, string>, RegExp])[] = [
    ['of a key that it does not know', stranger.fingerprint, {}, /refused 127\S+\/acme\/app:v1: .*\(KEY_UNKNOWN\)/],
    ['of a token for others', scene.key.fingerprint, { LOOKASIDE_TOKEN: elsewhere }, /\(TOKEN_SCOPE\)/],
  ];
  for (const [what, key, env, words] of cases)
    await t.test(what, async () => {
      const { code, stdout, stderr } = await scene.sign(image, ['--sign-by', key], { env });
      assert.match(stderr, words);
      assert.deepEqual([code, stdout], [1, '0 stored, 0 already there, 1 refused\n']);
    });
}

async function withPrivateStore(t: TestContext, scene: SigningScene): Promise<void> {
  const server = await testServer(t, { LOOKASIDE_READ_ACCESS: 'token' });
  await server.registerKeys(scene.key.publicKey);
  const image = scene.image('private:v1');
  await scene.publish(image, { key: null });
  const signBy = ['--sign-by', scene.key.fingerprint];
  const sign = async (...permissions: Permission[]) => {
    const env = { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: await server.createToken(permissions) };
    return must(scene.sign(image, signBy, { env }));
  };
  const { stdout, stderr } = await sign('upload');
  assert.equal(stdout, '1 stored, 0 already there, 0 refused\n');
  assert.match(
    stderr,
    /^not known what the store has, so all is signed: it is private, and the token is not for read/m,
  );
  assert.equal((await sign('upload', 'read')).stdout, '0 stored, 1 already there, 0 refused\n');
}

async function stopped(t: TestContext, scene: SigningScene): Promise<void> {
  const keyFile = join(tempDir(t), 'key.asc');
  const gpg = ['--batch', '--armor', '--export-secret-keys', scene.key.fingerprint];
  writeFileSync(keyFile, (await must(runTool('gpg', gpg, { env: scene.gpg.env }))).stdout);
  const place = scene.environment.XDG_RUNTIME_DIR ?? '';

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    await t.test(`with ${signal}`, async (t) => {
      const registry = await silentRegistry(t);
      const [node = '', launch = ''] = CLI;
      const args = [
        launch,
        'sign-and-push',
        `${registry.host}/acme/app:v1`,
        '--insecure-registry',
        '--key-file',
        keyFile,
      ];
      const job = startService(t, node, args, scene.environment);
      await registry.asked;
      const [dir = ''] = scene.left();
      const mode = (path: string) => (statSync(join(place, path)).mode & 0o777).toString(8);
      assert.deepEqual([mode(dir), mode(`${dir}/gnupg`)], ['700', '700']);
      assert.deepEqual(programs(registry.host, dir), ['gpg-agent', 'skopeo'], 'both are at work');
      assert.deepEqual(await job.end(signal), { code: null, signal });
      assert.deepEqual(scene.left(), []);
      for (let tries = 0; programs(registry.host, dir).length > 0; tries++) {
        assert.ok(tries < 50, programs(registry.host, dir).join());
        await sleep(100);
      }
    });
}

test('lookaside sign-and-push', needs(...SCENE_TOOLS), async (t) => {
  const scene = await signingScene(t);
  await t.test('tells a pipeline which program it lacks', (t) => withoutPrograms(t, scene));
  await t.test('tells a pipeline what the registry says', (t) => withRegistries(t, scene));
  await t.test('tells a pipeline what the store says', (t) => withStores(t, scene));
  await t.test('knows what a private store has where its token may read', (t) => withPrivateStore(t, scene));
  await t.test('leaves nothing behind when the job is stopped', (t) => stopped(t, scene));
});
