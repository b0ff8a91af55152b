// What stands between a pipeline and the store before any signature is looked at, each with its exit code and a line
// that says what to do: 1 refused, 2 wrongly called, 3 not reachable.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSigner, randomDigest, stage } from '../support/gpg-claims.ts';
import { runCli } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

const REGISTRY = 'registry.example.com';

test('tells a pipeline what is wrong with its call', async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  await server.registerKeys(signer.publicKey);
  const good = await server.createToken(['upload']);
  const staging = tempDir(t);
  const digest = randomDigest();
  stage(staging, 'acme/app', digest, await signer.signTags(`${REGISTRY}/acme/app`, digest, 2));
  const push = (token: string | null, options: readonly string[] = ['--registry', REGISTRY], url = server.url) =>
    runCli(['push', staging, '--server', url, ...options], token === null ? {} : { env: { LOOKASIDE_TOKEN: token } });

  const shortLived = await server.createToken(['upload'], [], 1);
  await sleep(5);
  const tokens: readonly [who: string, token: string | null, code: number, words: RegExp][] = [
    ['no token', null, 2, /a token is needed: set LOOKASIDE_TOKEN or give --token-file/],
    ['something that is no token', 'guess', 2, /LOOKASIDE_TOKEN is \*\*\*/],
    ['two tokens in one', `${good}\n${good}`, 2, /LOOKASIDE_TOKEN is \*\*\*/],
    ['a made-up token', 'lks_guessing-what-it-may-be', 1, /may be mistyped or cut short/],
    ['a cut token', good.slice(0, -1), 1, /may be mistyped or cut short/],
    ['an expired token', shortLived, 1, /expired/],
    ['a token that may only read', await server.createToken(['read']), 1, /upload/],
    ['a token of another registry', await server.createToken(['upload'], ['quay.io']), 1, /\(TOKEN_SCOPE\)/],
  ];
  for (const [who, token, expected, words] of tokens)
    await t.test(`refuses ${who}`, async () => {
      const { code, stdout, stderr } = await push(token);
      assert.match(stderr, words);
      assert.equal(code, expected);
      assert.doesNotMatch(stdout + stderr, /lks_/, 'a job log is read by many');
      assert.doesNotMatch(stderr, / {4}at /);
    });

  const calls: readonly [what: string, options: readonly string[], words: RegExp][] = [
    ['a tree without a registry', [], /add --registry/],
    ['a registry that is none', ['--registry', 'acme'], /no registry host; for Docker Hub it is docker\.io/],
    [
      'a token file that is not there',
      ['--registry', REGISTRY, '--token-file', '/nowhere'],
      /cannot read the token file "\/nowhere": no such file or directory/,
    ],
    ['a directory as the token file', ['--registry', REGISTRY, '--token-file', '/'], /"\/": it is a directory/],
    ['a token as the token file', ['--registry', REGISTRY, '--token-file', good], /is a token; put it into a file/],
    ['an unknown option', ['--regsitry', REGISTRY], /unknown option/],
  ];
  for (const [what, options, words] of calls)
    await t.test(`exits with 2 for ${what}`, async () => {
      const { code, stderr } = await push(good, options);
      assert.match(stderr, words);
      assert.equal(code, 2);
      assert.doesNotMatch(stderr, /lks_/, 'a job log is read by many');
    });

  await t.test('exits with 2 for an empty tree, which is never what a pipeline means', async () => {
    const { code, stderr } = await runCli(['push', tempDir(t), '--server', server.url, '--registry', REGISTRY], {
      env: { LOOKASIDE_TOKEN: good },
    });
    assert.match(stderr, /found no signatures/);
    assert.equal(code, 2);
  });

  await t.test('exits with 2 for a path that is not there', async () => {
    const { code, stderr } = await runCli(['push', join(staging, 'none'), '--server', server.url], {
      env: { LOOKASIDE_TOKEN: good },
    });
    assert.match(stderr, /cannot read/);
    assert.equal(code, 2);
  });

  await t.test('exits with 3 for a server that is another program', async () => {
    const other = createServer((req, res) => void req.resume().on('end', () => res.end('<html>hello</html>')));
    t.after(() => other.close());
    const url = await listening(other);
    const { code, stderr } = await push(good, ['--registry', REGISTRY], url);
    assert.match(stderr, /answered 200, and not as a store does; is --server the URL of the store\?/);
    assert.equal(code, 3);
  });

  await t.test('exits with 3 for a server that is not there, after a bounded number of tries', async () => {
    const started = performance.now();
    const { code, stderr } = await push(good, ['--registry', REGISTRY], await closedPort());
    const seconds = (performance.now() - started) / 1000;
    assert.match(stderr, /did not take the upload after 6 tries: ECONNREFUSED/);
    assert.equal(code, 3);
    assert.ok(seconds < 30, `took ${seconds} s`);
    assert.equal(stderr.match(/trying again in/g)?.length, 5);
  });
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Where a server was a moment ago. */
async function closedPort(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
}
