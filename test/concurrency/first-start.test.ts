// Several processes that find no database yet: replicas of a first deployment, or an operator who registers a key while
// the server comes up.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { must, runCli, serverProcess } from '../support/processes.ts';
import { postSignature, REPOSITORY, readSignature, slotUrl } from '../support/processes-cluster.ts';
import { tempDir } from '../support/temp-dir.ts';

test('starts several processes at once on a directory that is not there yet', async (t) => {
  for (let round = 0; round < 3; round++) {
    const dir = tempDir(t);
    const env = { LOOKASIDE_DATA_DIR: join(dir, 'data') };
    const signer = await createSigner();
    const keyFile = join(dir, 'key.gpg');
    writeFileSync(keyFile, signer.publicKey);

    const [first, second, , token] = await Promise.all([
      serverProcess(t, env),
      serverProcess(t, env),
      must(runCli(['key', 'add', keyFile], { env })),
      must(runCli(['token', 'create', '--name', 'ci', '--allow', 'upload'], { env })),
    ]);
    const digest = randomDigest();
    const bytes = await signer.sign(`${REPOSITORY}:v1`, digest);
    assert.equal((await postSignature(first.url, token.stdout.trim(), bytes)).status, 201);
    assert.deepEqual(await readSignature(slotUrl(second.url, digest, 1)), bytes);
    await Promise.all([first.end('SIGTERM'), second.end('SIGTERM')]);
  }
});
