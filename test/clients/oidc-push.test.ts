// Pipelines that push without a secret, each with what its CI system gives it: GitHub an address that makes ID tokens,
// GitLab variables, Kubernetes a file that is replaced.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createRenewingToken } from '../../server/cli/push/exchange.ts';
import type { Environment } from '../../server/config.ts';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { githubRunner } from '../support/github-runner.ts';
import { createSigner, randomDigest, type Signer, stage } from '../support/gpg-claims.ts';
import { jwt, testIssuer } from '../support/issuer.ts';
import { runCli } from '../support/processes.ts';
import { LOCAL, type TestServer, testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const REGISTRY = 'registry.example.com';
const AUDIENCE = 'https://sigs.example.com';

type Scene = TestServer & {
  /** A new ID token of the pipeline. */
  idToken(audience?: string): string;
  newTree(): Promise<string>;
  push(env: Environment, ...options: readonly string[]): ReturnType<typeof runCli>;
};

async function scene(t: TestContext): Promise<Scene> {
  const issuer = await testIssuer(t);
  const server = await testServer(t, { LOOKASIDE_PUBLIC_URL: AUDIENCE, ...issuer.settings });
  const signer: Signer = await createSigner();
  const keys = (await server.registerKeys(signer.publicKey)).map(parseFingerprint);
  const scopes = [parseScope(REGISTRY)];
  const claims = { project_id: '7', ref_protected: 'true' };
  await server.local.publishers.add({ name: 'app', kind: 'gitlab', issuer: issuer.url, claims, scopes, keys }, LOCAL);
  async function newTree(): Promise<string> {
    const [staging, digest] = [tempDir(t), randomDigest()];
    stage(staging, 'acme/app', digest, await signer.signTags(`${REGISTRY}/acme/app`, digest, 1));
    return staging;
  }
  return {
    ...server,
    newTree,
    idToken(aud = AUDIENCE) {
      const at = Math.floor(Date.now() / 1000);
      return jwt({ iss: issuer.url, aud, ...claims, jti: randomUUID(), iat: at, exp: at + 300 }, issuer.key());
    },
    push: async (env, ...options) =>
      runCli(['push', await newTree(), '--server', server.url, '--registry', REGISTRY, '--oidc', ...options], { env }),
  };
}

test('a pipeline without a secret', needs('openssl'), async (t) => {
  const store = await scene(t);
  const clean = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
    assert.doesNotMatch(stdout + stderr, /eyJ|lks_/, 'a job log is read by many');

  await t.test('on GitHub asks for an ID token for the store, and pushes', async (t) => {
    const runner = await githubRunner(t, store.idToken);
    const pushed = await store.push(runner.env, '--audience', AUDIENCE);
    assert.deepEqual([pushed.code, runner.asked], [0, [AUDIENCE]], pushed.stderr);
    assert.match(pushed.stdout + pushed.stderr, /1 stored/);
    clean(pushed);
  });
  await t.test('on GitHub tries again when the runner does not answer at once', async (t) => {
    const runner = await githubRunner(t, store.idToken, 1);
    const pushed = await store.push(runner.env, '--audience', AUDIENCE);
    assert.equal(pushed.code, 0, pushed.stderr);
  });
  await t.test(
    'on GitHub asks for the address of the server, unless told otherwise, and is told what is wrong',
    async (t) => {
      const runner = await githubRunner(t, store.idToken);
      const pushed = await store.push(runner.env);
      assert.deepEqual([pushed.code, runner.asked], [1, [store.url]]);
      assert.match(pushed.stderr, /audience is .*must be .*sigs\.example\.com.* \(ID_TOKEN_INVALID\)/);
      clean(pushed);
    },
  );
  await t.test('on GitLab takes the variable of the job', async () => {
    const pushed = await store.push({ GITLAB_CI: 'true', LOOKASIDE_ID_TOKEN: store.idToken() });
    assert.equal(pushed.code, 0, pushed.stderr);
    const named = await store.push({ GITLAB_CI: 'true', SIGS_JWT: store.idToken() }, '--id-token-env', 'SIGS_JWT');
    assert.equal(named.code, 0, named.stderr);
    clean(named);
  });
  await t.test('in Kubernetes takes the file', async (t) => {
    const file = join(tempDir(t), 'token');
    writeFileSync(file, `${store.idToken()}\n`);
    const first = await store.push({ LOOKASIDE_ID_TOKEN_FILE: file });
    assert.equal(first.code, 0, first.stderr);
    const again = await store.push({ LOOKASIDE_ID_TOKEN_FILE: file });
    assert.equal(again.code, 1);
    assert.match(again.stderr, /exchanged before.*\(ID_TOKEN_SPENT\)/);
    writeFileSync(file, store.idToken());
    assert.equal((await store.push({ LOOKASIDE_ID_TOKEN_FILE: file })).code, 0);
  });
  await t.test('exchanges once for several commands', async () => {
    const env = { LOOKASIDE_ID_TOKEN: store.idToken() };
    const { code, stdout, stderr } = await runCli(['token', 'exchange', '--server', store.url], { env });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^lks_\S+\n$/);
    assert.doesNotMatch(stderr, /lks_/);
    const token = stdout.trim();
    for (let count = 0; count < 2; count++) {
      const args = ['push', await store.newTree(), '--server', store.url, '--registry', REGISTRY];
      assert.equal((await runCli(args, { env: { LOOKASIDE_TOKEN: token } })).code, 0);
    }
  });
  const wrong: readonly (readonly [string, Environment, readonly string[], RegExp])[] = [
    ['on GitHub without the permission', { GITHUB_ACTIONS: 'true' }, [], /id-token: write/],
    ['on GitLab without id_tokens', { GITLAB_CI: 'true' }, [], /id_tokens: \{ LOOKASIDE_ID_TOKEN/],
    ['anywhere else', {}, [], /set LOOKASIDE_ID_TOKEN/],
    ['with an empty variable', { X: '' }, ['--id-token-env', 'X'], /"X" holds no ID token/],
    ['with something that is no ID token', { LOOKASIDE_ID_TOKEN: 'secret' }, [], /LOOKASIDE_ID_TOKEN is \*\*\*/],
    ['with a token file beside', {}, ['--token-file', 'x'], /not both/],
  ];
  for (const [where, env, options, words] of wrong)
    await t.test(`is told what to do ${where}`, async () => {
      const { code, stderr } = await store.push(env, ...options);
      assert.match(stderr, words);
      assert.equal(code, 2);
    });
});

test('a long push', needs('openssl'), async (t) => {
  const store = await scene(t);
  let now = 0;
  let exchanges = 0;
  const idTokens = { take: async () => store.idToken(), spent: () => void exchanges++ };
  const token = createRenewingToken({ server: store.url, idTokens, publisher: null }, () => now);
  const minutes = (count: number) => {
    now = count * 60_000;
  };
  await t.test('exchanges once for all that go side by side', async () => {
    const all = await Promise.all([token(), token(), token()]);
    assert.deepEqual([new Set(all).size, exchanges], [1, 1]);
    minutes(11.9);
    assert.equal(await token(), all[0]);
  });
  await t.test('gets another token before the first one ends, once', async () => {
    const [former] = await Promise.all([token()]);
    minutes(12);
    const [next, beside] = await Promise.all([token(), token()]);
    assert.notEqual(next, former);
    assert.deepEqual([next, exchanges], [beside, 2]);
  });
});
