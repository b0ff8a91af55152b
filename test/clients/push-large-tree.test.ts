// Trees of the size that years of signing leave behind. What a push holds in memory is what is under way, not what it
// has sent or still has to: measured as live memory, collected and sampled inside the process of the command.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSigner, randomDigest, stage } from '../support/gpg-claims.ts';
import { CLI, must, run } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';

const REGISTRY = 'registry.example.com';
/** Four requests of up to fifty files each are under way, in a few copies; the program alone lives in 25 MB. */
const UNDER_WAY_MB = 96;

const SAMPLER = `data:text/javascript,${encodeURIComponent(`
  let most = 0;
  setInterval(() => {
    gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    most = Math.max(most, heapUsed + arrayBuffers);
  }, 25).unref();
  process.on('exit', () => process.stderr.write('most ' + Math.round(most / 1e6) + ' MB\\n'));
`)}`;

test('uploads trees larger than it could hold', async (t) => {
  const server = await testServer(t);
  const signer = await createSigner();
  await server.registerKeys(signer.publicKey);
  const env = { LOOKASIDE_TOKEN: await server.createToken(['upload']), LOOKASIDE_SERVER: server.url };
  const push = (dir: string) =>
    run(CLI[0] ?? '', ['--expose-gc', '--import', SAMPLER, ...CLI.slice(1), 'push', dir, '--registry', REGISTRY], {
      env,
    });

  await t.test('uploads a thousand signatures of two hundred images, and finds them all on a second run', async () => {
    const dir = tempDir(t);
    for (let index = 0; index < 200; index++) {
      const digest = randomDigest();
      stage(dir, `acme/app-${index}`, digest, await signer.signTags(`${REGISTRY}/acme/app-${index}`, digest, 5));
    }
    assert.match((await must(push(dir))).stdout, /^1000 stored, 0 already there, 0 refused$/m);
    assert.match((await must(push(dir))).stdout, /^0 stored, 1000 already there, 0 refused$/m);
  });

  await t.test('keeps only what is under way of 120 MB in memory', async () => {
    const dir = tempDir(t);
    // As large as the server takes, and refused at the first look.
    const blank = Buffer.alloc(60_000, ' ');
    const files = Array.from({ length: 100 }, () => blank);
    for (let index = 0; index < 20; index++) stage(dir, `acme/app-${index}`, randomDigest(), files);
    const { code, stdout, stderr } = await push(dir);
    assert.equal(code, 1);
    assert.match(stdout, /2000 refused/);
    const most = Number(/most (\d+) MB/.exec(stderr)?.[1]);
    assert.ok(most > 10 && most < UNDER_WAY_MB, `held ${most} MB`);
  });
});
