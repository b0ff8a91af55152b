// PUT names the number. Of many that want the same one exactly one gets it, and none replaces another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, putSignature, REPOSITORY, readList, slotUrl } from '../support/processes-cluster.ts';

const RACERS = 20;

for (const processes of [1, 2])
  test(`gives a number to exactly one of many PUTs, with ${processes} server process(es)`, async (t) => {
    const cluster = await createCluster(t, processes);
    const digest = randomDigest();
    const waiting = await cluster.signer.signTags(REPOSITORY, digest, RACERS + 4);

    for (let number = 1; number <= 5; number++) {
      const racers = waiting.slice(0, RACERS);
      const answers = await Promise.all(
        racers.map((bytes, turn) => putSignature(slotUrl(cluster.url(turn), digest, number), cluster.token, bytes)),
      );
      const [winner, ...others] = racers.filter((_, index) => answers[index]?.status === 201);
      assert.ok(winner, JSON.stringify(answers));
      assert.deepEqual(others, []);
      const losers = answers.filter(({ status }) => status !== 201);
      assert.deepEqual(new Set(losers.map(({ status, code }) => `${status} ${code}`)), new Set(['409 SLOT_TAKEN']));
      const list = await readList(cluster.url(number), digest);
      assert.equal(list.length, number);
      assert.deepEqual(list.at(-1), winner);
      waiting.splice(waiting.indexOf(winner), 1);
    }
  });
