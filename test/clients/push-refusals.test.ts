// Trees as they are found: most of it good, something not. The good part is stored, the rest named with its reason.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gpgHome } from '../support/gpg.ts';
import { claim, createSigner, randomDigest, stage } from '../support/gpg-claims.ts';
import { runCli } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const REGISTRY = 'registry.example.com';
const REPOSITORY = `${REGISTRY}/acme/app`;

test('stores what is good in a tree and names the rest', async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  await server.registerKeys(signer.publicKey);
  const env = { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: await server.createToken(['upload']) };
  const staging = tempDir(t);
  const push = (...options: string[]) => runCli(['push', staging, '--registry', REGISTRY, ...options], { env });

  const digest = randomDigest();
  const good = await signer.signTags(REPOSITORY, digest, 4);
  const dir = stage(staging, 'acme/app', digest, good);
  const neighbour = await signer.sign(`${REPOSITORY}:v1`, randomDigest());
  writeFileSync(join(dir, 'signature-5'), neighbour);
  writeFileSync(join(dir, 'signature-6'), Buffer.alloc(80_000, 0x90));
  writeFileSync(join(dir, 'signature-7'), '<html>');
  writeFileSync(join(dir, 'signature-8'), '');
  writeFileSync(join(dir, 'signature-1.bak'), '');
  writeFileSync(join(staging, 'index.html'), '');
  symlinkSync('signature-1', join(dir, 'signature-9'));
  mkdirSync(join(staging, 'Upper/Case@sha256=abc'), { recursive: true });
  stage(staging, 'Acme/App', digest, good.slice(0, 1));

  const reasons: readonly [file: string, reason: RegExp][] = [
    ['signature-5', /signed for .*sha256:.*\(CLAIM_DIGEST_MISMATCH\)$/],
    ['signature-6', /65536 bytes.*\(SIGNATURE_TOO_LARGE\)$/],
    ['signature-7', /\(SIGNATURE_HTML\)$/],
    ['signature-8', /\(SIGNATURE_EMPTY\)$/],
  ];

  await t.test('exits with 1 and a line for each refusal', async () => {
    const { code, stdout, stderr } = await push();
    assert.equal(code, 1);
    const lines = stderr.trimEnd().split('\n');
    for (const [file, reason] of reasons)
      assert.match(lines.find((line) => line.startsWith(`refused ${join(dir, file)}: `)) ?? '', reason, file);
    assert.ok(lines.some((line) => /refused .*Acme\/App@.*\(REPOSITORY_INVALID\)$/.test(line)));
    for (const skipped of ['index.html', 'signature-1.bak', 'signature-9'])
      assert.ok(
        lines.some((line) => line.startsWith('skipped ') && line.includes(skipped)),
        skipped,
      );
    assert.match(stdout, /^4 stored, 0 already there, 5 refused, 3 other files skipped$/m);
  });

  await t.test('serves the good ones in the order of the tree', async () => {
    for (const [index, bytes] of good.entries())
      assert.deepEqual(
        await served(`${server.url}/${REPOSITORY}@${digest.replace(':', '=')}/signature-${index + 1}`),
        bytes,
      );
  });

  await t.test('says the same on a second run, about what it now has', async () => {
    const { code, stdout } = await push();
    assert.equal(code, 1);
    assert.match(stdout, /^0 stored, 4 already there, 5 refused/m);
  });

  await t.test('gives programs one line for each file with a stable code', async () => {
    const { code, stdout } = await push('--json');
    assert.equal(code, 1);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Row);
    assert.equal(rows.length, 12);
    const codes = rows.filter(({ status }) => status === 'refused').map(({ problem }) => problem?.code);
    assert.deepEqual(codes.sort(), [
      'CLAIM_DIGEST_MISMATCH',
      'REPOSITORY_INVALID',
      'SIGNATURE_EMPTY',
      'SIGNATURE_HTML',
      'SIGNATURE_TOO_LARGE',
    ]);
  });
});

test('takes armored signatures with --dearmor only', needs('gpg'), async (t) => {
  const server = await testServer(t);
  const gpg = gpgHome(t);
  const key = await gpg.generate('armor');
  await server.registerKeys(key.publicKey);
  const env = { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: await server.createToken(['upload']) };
  const digest = randomDigest();
  const staging = tempDir(t);
  const armored = await gpg.sign(key, claim(`${REPOSITORY}:v1`, digest), ['--armor']);
  stage(staging, 'acme/app', digest, [armored]);
  const push = ['push', staging, '--registry', REGISTRY];

  await t.test('names the option when it is missing', async () => {
    const { code, stderr } = await runCli(push, { env });
    assert.equal(code, 1);
    assert.match(stderr, /--dearmor.*\(SIGNATURE_ARMORED\)/);
  });

  await t.test('serves the binary message', async () => {
    const { code, stderr } = await runCli([...push, '--dearmor'], { env });
    assert.equal(code, 0, stderr);
    const bytes = await served(`${server.url}/${REPOSITORY}@${digest.replace(':', '=')}/signature-1`);
    assert.match(bytes.subarray(0, 1).toString('hex'), /^(90|a[0-3]|c4|c8)$/);
  });
});

type Row = { readonly status: string; readonly problem?: { readonly code: string } };

async function served(url: string): Promise<Buffer> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  return Buffer.from(await response.arrayBuffer());
}
