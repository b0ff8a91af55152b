// What one process has acknowledged, every other process says on its very next request: a withdrawn signature that is
// served once more is an image that should not have started. Connections are kept alive, so that nothing but the
// database can carry the news.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fingerprint } from '../../server/domain/fingerprint.ts';
import { createSigner, randomDigest } from '../support/gpg-claims.ts';
import { must, runCli } from '../support/processes.ts';
import { createCluster, postSignature, REPOSITORY, readSignature, slotUrl } from '../support/processes-cluster.ts';
import { tempDir } from '../support/temp-dir.ts';

const ROUNDS = 200;

test('shows every process at once what another committed', async (t) => {
  const cluster = await createCluster(t, 2);
  const { signer, token } = cluster;

  /** Upload here, look there; upload there, look here; withdraw here, look there. */
  async function round(number: number): Promise<void> {
    const [here, there] = [cluster.url(number), cluster.url(number + 1)];
    const digest = randomDigest();
    const [first, second] = await signer.signTags(REPOSITORY, digest, 2);
    assert.ok(first && second);
    assert.equal(await readSignature(slotUrl(there, digest, 1)), null);

    const stored = await postSignature(here, token, first);
    assert.equal(stored.status, 201);
    assert.deepEqual(await readSignature(slotUrl(there, digest, 1)), first, `round ${number}: an upload was not seen`);
    await postSignature(there, token, second);
    assert.deepEqual(await readSignature(slotUrl(here, digest, 2)), second);

    await withdraw(here, stored.id);
    const moved = await readSignature(slotUrl(there, digest, 1));
    assert.deepEqual(moved, second, `round ${number}: a withdrawal was not seen`);
    assert.equal(await readSignature(slotUrl(there, digest, 2)), null);
  }

  async function withdraw(url: string, id: number): Promise<void> {
    const { status } = await fetch(`${url}/api/v1/signatures/${id}`, {
      method: 'DELETE',
      body: JSON.stringify({ reason: 'test' }),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
    assert.equal(status, 204);
  }

  await t.test(`over ${ROUNDS} rounds of upload and withdrawal, each read by the other process`, async () => {
    for (let number = 0; number < ROUNDS; number++) await round(number);
  });

  await t.test('while others write as well', async () => {
    const lane = async (first: number) => {
      for (let number = first; number < first + 20; number++) await round(number);
    };
    await Promise.all([0, 1, 2, 3, 4].map(lane));
  });

  await t.test('when a key is revoked, over 20 keys', async () => {
    for (let round = 0; round < 20; round++) {
      const other = await createSigner(`key-${round}`);
      await cluster.registerKeys(other.publicKey);
      const digest = randomDigest();
      const bytes = await other.sign(`${REPOSITORY}:v1`, digest);
      assert.equal((await postSignature(cluster.url(round), token, bytes)).status, 201);
      for (const turn of [0, 1]) assert.deepEqual(await readSignature(slotUrl(cluster.url(turn), digest, 1)), bytes);
      const change = { state: 'revoked', reason: 'test' } as const;
      await cluster.local.keys.change(other.fingerprint as Fingerprint, change, cluster.admin);
      for (const turn of [0, 1])
        assert.equal(await readSignature(slotUrl(cluster.url(turn), digest, 1)), null, `round ${round}`);
      const again = await postSignature(cluster.url(round + 1), token, bytes);
      assert.equal(again.code, 'KEY_REVOKED');
    }
  });

  await t.test('when a token is revoked', async () => {
    for (let number = 0; number < 20; number++) {
      const request = { name: 'brief', permissions: ['upload'], scopes: [], lifetimeMs: null } as const;
      const { token: brief, secret } = await cluster.local.tokens.create(request, cluster.admin);
      const digest = randomDigest();
      const bytes = await signer.sign(`${REPOSITORY}:v1`, digest);
      assert.equal((await postSignature(cluster.url(number), secret, bytes)).status, 201);
      await cluster.local.tokens.revoke(brief.id, cluster.admin);
      for (const turn of [0, 1])
        assert.equal((await postSignature(cluster.url(turn), secret, bytes)).status, 401, `round ${number}`);
    }
  });

  await t.test('when the command line did it in a third process', async () => {
    const env = { LOOKASIDE_DATA_DIR: cluster.dataDir };
    const other = await createSigner('operator');
    const keyFile = join(tempDir(t), 'key.gpg');
    writeFileSync(keyFile, other.publicKey);
    const digest = randomDigest();
    const [first, second] = await other.signTags(REPOSITORY, digest, 2);
    assert.ok(first && second);

    assert.equal((await postSignature(cluster.url(0), token, first)).code, 'KEY_UNKNOWN');
    await must(runCli(['key', 'add', keyFile], { env }));
    const { id } = await postSignature(cluster.url(0), token, first);
    await postSignature(cluster.url(1), token, second);
    for (const turn of [0, 1]) assert.deepEqual(await readSignature(slotUrl(cluster.url(turn), digest, 2)), second);

    await must(runCli(['withdraw', String(id), '--reason', 'test'], { env }));
    for (const turn of [0, 1]) assert.deepEqual(await readSignature(slotUrl(cluster.url(turn), digest, 1)), second);
    await must(runCli(['key', 'revoke', other.fingerprint, '--reason', 'test'], { env }));
    for (const turn of [0, 1]) assert.equal(await readSignature(slotUrl(cluster.url(turn), digest, 1)), null);
  });
});
