// Fifty pipeline jobs at once, on one server process and on two that share a database. Whatever the interleaving, the
// list is dense, holds exactly what was acknowledged, byte for byte, and every job has had success.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, type Posted, postSignature, REPOSITORY, readList } from '../support/processes-cluster.ts';

const JOBS = 50;

for (const processes of [1, 2]) {
  test(`keeps fifty uploads at once apart with ${processes} server process(es)`, async (t) => {
    const cluster = await createCluster(t, processes);
    /** Job n goes to server n modulo their number, all at the same moment. */
    const burst = (signatures: readonly Buffer[]): Promise<Posted[]> =>
      Promise.all(signatures.map((bytes, job) => postSignature(cluster.url(job), cluster.token, bytes)));
    const expectList = async (digest: string, expected: readonly Buffer[]) => {
      for (let index = 0; index < processes; index++)
        assert.deepEqual(await readList(cluster.url(index), digest), expected);
    };

    await t.test('gives fifty different signatures fifty numbers', async () => {
      const digest = randomDigest();
      const signatures = await cluster.signer.signTags(REPOSITORY, digest, JOBS);
      const answers = await burst(signatures);
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
      const numbers = answers.map(({ number }) => number);
      assert.deepEqual(
        sorted(numbers),
        Array.from({ length: JOBS }, (_, index) => index + 1),
      );
      const byNumber = numbers.map((number, job) => ({ number, bytes: signatures[job] ?? Buffer.alloc(0) }));
      byNumber.sort((a, b) => a.number - b.number);
      await expectList(
        digest,
        byNumber.map(({ bytes }) => bytes),
      );
    });

    await t.test('keeps one signature of fifty that are the same, and lets every job succeed', async () => {
      const digest = randomDigest();
      const [signature = Buffer.alloc(0)] = await cluster.signer.signTags(REPOSITORY, digest, 1);
      const answers = await burst(Array.from({ length: JOBS }, () => signature));
      const statuses = sorted(answers.map(({ status }) => status));
      assert.deepEqual(statuses, [...Array.from({ length: JOBS - 1 }, () => 200), 201]);
      assert.deepEqual(new Set(answers.map(({ number }) => number)), new Set([1]));
      await expectList(digest, [signature]);
    });

    await t.test('stops at 127 of 150, and says why to the others', async () => {
      const digest = randomDigest();
      const answers = await burst(await cluster.signer.signTags(REPOSITORY, digest, 150));
      assert.equal(answers.filter(({ status }) => status === 201).length, 127);
      const others = answers.filter(({ status }) => status !== 201);
      assert.deepEqual(new Set(others.map(({ code }) => code)), new Set(['IMAGE_FULL']));
      assert.equal((await readList(cluster.url(0), digest)).length, 127);
    });

    await t.test('keeps an audit log that holds together', async () => {
      const head = await cluster.local.audit.verify(null, cluster.admin);
      assert.equal(head.seq, 3 + JOBS + 1 + 127); // the first admin, the key, the token, and one row for each stored signature
    });
  });
}

function sorted(numbers: readonly number[]): number[] {
  return numbers.toSorted((a, b) => a - b);
}
