// The store without our command line: curl as people write it in pipelines.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { runTool } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const REPOSITORY = 'registry.example.com/acme/app';
/** What `curl -f` exits with for 400 and above. */
const HTTP_ERROR = 22;

test('takes uploads from curl', needs('curl'), async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  await server.registerKeys(signer.publicKey);
  const token = await server.createToken(['upload']);
  const digest = randomDigest();
  const image = `${REPOSITORY}@${digest.replace(':', '=')}`;
  const files = tempDir(t);
  const signatures = await signer.signTags(REPOSITORY, digest, 6);
  for (const [index, bytes] of signatures.entries()) writeFileSync(join(files, `${index + 1}.sig`), bytes);
  writeFileSync(join(files, 'bad.sig'), 'hello');
  const file = (name: number | string) => join(files, `${name}.sig`);

  const bearer = ['-H', `Authorization: Bearer ${token}`];
  const curl = async (...args: readonly string[]) => {
    const { code, stdout } = await runTool('curl', ['-sS', '-w', '\n%{http_code}', ...args]);
    const end = stdout.lastIndexOf('\n');
    return { code, status: Number(stdout.slice(end + 1)), body: stdout.slice(0, end) };
  };
  const api = `${server.url}/api/v1/signatures`;

  await t.test('answers -F signature=@file with 201, and 200 the second time', async () => {
    const first = await curl('-f', ...bearer, '-F', `signature=@${file(1)}`, api);
    assert.deepEqual([first.code, first.status], [0, 201]);
    const [result] = (JSON.parse(first.body) as { results: { url: string; number: number }[] }).results;
    assert.deepEqual(result?.number, 1);
    assert.equal(result?.url, `${server.url}/${image}/signature-1`);
    const second = await curl('-f', ...bearer, '-F', `signature=@${file(1)}`, api);
    assert.deepEqual([second.code, second.status], [0, 200]);
  });

  await t.test('takes the token as the password of -u', async () => {
    const { code, status } = await curl('-f', '-u', `ci:${token}`, '-F', `signature=@${file(2)}`, api);
    assert.deepEqual([code, status], [0, 201]);
  });

  await t.test('fails curl -f for one bad part of several, and stores the good ones', async () => {
    const parts = [`signature=@${file(3)}`, `signature=@${file('bad')}`].flatMap((part) => ['-F', part]);
    const failing = await curl('-f', ...bearer, ...parts, api);
    assert.deepEqual([failing.code, failing.status], [HTTP_ERROR, 422]);
    const { body } = await curl(...bearer, ...parts, api);
    const { results } = JSON.parse(body) as { results: { status: string }[] };
    assert.deepEqual(
      results.map(({ status }) => status),
      ['exists', 'refused'],
    );
  });

  await t.test('takes a raw body with its target', async () => {
    const raw = ['-H', 'Content-Type: application/octet-stream', '--data-binary', `@${file(4)}`];
    const { code, status } = await curl('-f', ...bearer, ...raw, `${api}?target=${encodeURIComponent(image)}`);
    assert.deepEqual([code, status], [0, 201]);
  });

  await t.test('takes -T to the next number, also into the directory of the image', async () => {
    const { code, status } = await curl('-f', ...bearer, '-T', file(5), `${server.url}/${image}/signature-5`);
    assert.deepEqual([code, status], [0, 201]);
    const again = await curl('-f', ...bearer, '-T', file(5), `${server.url}/${image}/signature-5`);
    assert.deepEqual([again.code, again.status], [0, 200]);
  });

  const refusals: readonly [why: string, file: number | string, path: string, status: number][] = [
    ['a number that is taken', 6, `${image}/signature-1`, 409],
    ['a number that leaves a gap', 6, `${image}/signature-7`, 409],
    ['the path of another image', 6, `${REPOSITORY}@${randomDigest().replace(':', '=')}/signature-1`, 422],
    ['no signature at all', 'bad', `${image}/signature-6`, 422],
    ['a path that is no slot', 6, `${REPOSITORY}/signature-6`, 400],
  ];
  for (const [why, name, path, expected] of refusals)
    await t.test(`fails curl -f -T for ${why}`, async () => {
      const { code, status } = await curl('-f', ...bearer, '-T', file(name), `${server.url}/${path}`);
      assert.deepEqual([code, status], [HTTP_ERROR, expected]);
    });

  await t.test('fails curl -f without a token', async () => {
    const { code, status } = await curl('-f', '-F', `signature=@${file(6)}`, api);
    assert.deepEqual([code, status], [HTTP_ERROR, 401]);
  });

  await t.test('serves curl -O what it was given', async () => {
    for (const [index, bytes] of signatures.slice(0, 5).entries()) {
      const { stdoutBytes } = await runTool('curl', ['-sSf', `${server.url}/${image}/signature-${index + 1}`]);
      assert.deepEqual(stdoutBytes, bytes);
    }
    assert.equal((await curl('-f', `${server.url}/${image}/signature-6`)).status, 404);
  });
});
