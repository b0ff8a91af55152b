// What a pipeline does, from a new store to a signature it can fetch, each step a process of its own.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSigner, randomDigest, stage } from '../support/gpg-claims.ts';
import { CLI, type Exit, must, run, runCli, serverProcess } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const REGISTRY = 'registry.example.com';

test('takes a pipeline from nothing to a served signature', async (t) => {
  const dir = tempDir(t);
  const env = { LOOKASIDE_DATA_DIR: join(dir, 'data') };
  const server = await serverProcess(t, env);
  const signer = await createSigner('ci');
  const keyFile = join(dir, 'ci.gpg');
  writeFileSync(keyFile, signer.publicKey);
  const digest = randomDigest();
  const images = { 'acme/app': randomDigest(), 'acme/api': digest };
  const staging = join(dir, 'staging');
  for (const [path, digest] of Object.entries(images))
    stage(staging, path, digest, await signer.signTags(`${REGISTRY}/${path}`, digest, 2));
  const push = ['push', staging, '--server', server.url, '--registry', REGISTRY];
  let secret = '';

  await t.test('registers a key beside the running server', async () => {
    const { stdout } = await must(runCli(['key', 'add', keyFile, '--scope', `${REGISTRY}/acme`], { env }));
    assert.equal(stdout, `registered ${signer.fingerprint} ci <ci@example.com> (active, for ${REGISTRY}/acme)\n`);
  });

  await t.test('prints the secret of a new token alone on standard output', async () => {
    const create = ['token', 'create', '--name', 'ci', '--allow', 'upload', '--scope', `${REGISTRY}/acme`];
    const { stdout, stderr } = await must(runCli(create, { env }));
    assert.match(stdout, /^lks_[A-Za-z0-9._~-]+\n$/);
    assert.match(stderr, /may upload and expires/);
    secret = stdout.trim();
  });

  await t.test('uploads the tree with the token from the environment', async () => {
    const { code, stdout, stderr } = await runCli(push, { env: { LOOKASIDE_TOKEN: secret } });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '4 stored, 0 already there, 0 refused\n');
    assert.doesNotMatch(stderr, /lks_|refused/);
  });

  await t.test('changes nothing when it is run again, with the token on standard input', async () => {
    const { code, stdout, stderr } = await piped(secret, [...push, '--token-file', '/dev/stdin']);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '0 stored, 4 already there, 0 refused\n');
  });

  await t.test('prints one JSON object a line, with the address of each signature', async () => {
    const tokenFile = join(dir, 'token');
    writeFileSync(tokenFile, `${secret}\n`);
    const { stdout } = await must(runCli([...push, '--json'], { env: { LOOKASIDE_TOKEN_FILE: tokenFile } }));
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['exists', 'exists', 'exists', 'exists'],
    );
    for (const { path, url } of rows) {
      assert.match(path ?? '', /signature-[12]$/);
      assert.equal((await fetch(url ?? '')).status, 200);
    }
  });

  await t.test('lists to operators what pipelines stored', async () => {
    const { stdout } = await must(runCli(['list', `${REGISTRY}/acme/api@${digest}`, '--json'], { env }));
    const rows = JSON.parse(stdout) as { number: number; signer: string; storedBy: unknown }[];
    assert.deepEqual(rows.map(({ number }) => number).sort(), [1, 2]);
    assert.ok(rows.every((row) => row.signer === signer.fingerprint));
  });

  await t.test('refuses a new upload of a retired key and serves the old ones', async () => {
    await must(runCli(['key', 'retire', signer.fingerprint, '--force'], { env }));
    const file = join(dir, 'late.sig');
    writeFileSync(file, await signer.sign(`${REGISTRY}/acme/api:late`, digest));
    const { code, stderr } = await runCli(['push', file, '--server', server.url], { env: { LOOKASIDE_TOKEN: secret } });
    assert.equal(code, 1);
    assert.match(stderr, /late\.sig: .*\(KEY_RETIRED\)/);
    const again = await runCli(push, { env: { LOOKASIDE_TOKEN: secret } });
    assert.equal(again.stdout, '0 stored, 4 already there, 0 refused\n');
  });

  await t.test('ends with exit code 1 and the reason after the token was revoked', async () => {
    const { stdout } = await must(runCli(['token', 'list', '--json'], { env }));
    const [token] = JSON.parse(stdout) as { id: string }[];
    await must(runCli(['token', 'revoke', token?.id ?? ''], { env }));
    const { code, stderr } = await runCli(push, { env: { LOOKASIDE_TOKEN: secret } });
    assert.equal(code, 1);
    assert.match(stderr, /not one of this store, or has been revoked/);
  });
});

/** `echo "$SECRET" | lookaside …`: a pipe, which a child of ours would not get as its standard input. */
function piped(secret: string, args: readonly string[]): Promise<Exit> {
  const script = 'printf "%s\\n" "$SECRET" | "$0" "$@"';
  return run('sh', ['-c', script, ...CLI, ...args], { env: { SECRET: secret } });
}
