// A process that is killed in the middle of uploads, again and again: whatever was acknowledged is served by the next
// one under the number it was given, and the list has no hole that would hide what follows it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, type Posted, postSignature, REPOSITORY, readList } from '../support/processes-cluster.ts';

const ROUNDS = 10;
const UPLOADS = 100;
const LANES = 8;

test('serves after kill -9 whatever it had acknowledged', async (t) => {
  const cluster = await createCluster(t, 1);
  let [server] = cluster.servers;
  let interrupted = 0;

  for (let round = 0; round < ROUNDS; round++) {
    assert.ok(server);
    const { url, end } = server;
    const digest = randomDigest();
    const waiting = await cluster.signer.signTags(REPOSITORY, digest, UPLOADS);
    const uploaded = [...waiting];
    const acknowledged = new Map<number, Buffer>();

    const lane = async () => {
      for (let bytes = waiting.pop(); bytes; bytes = waiting.pop()) {
        const answer: Posted | null = await postSignature(url, cluster.token, bytes).catch(() => null);
        if (answer === null) return; // the server is gone
        assert.equal(answer.status, 201);
        acknowledged.set(answer.number, bytes);
      }
    };
    const uploads = Promise.all(Array.from({ length: LANES }, lane));
    while (acknowledged.size === 0) await sleep(1);
    await sleep(Math.random() * 100);
    await end('SIGKILL');
    await uploads;
    if (acknowledged.size < UPLOADS) interrupted++;

    server = await cluster.start();
    const list = await readList(server.url, digest);
    for (const [number, bytes] of acknowledged)
      assert.deepEqual(list[number - 1], bytes, `round ${round}: signature-${number} was acknowledged`);
    // What was stored without its answer getting through is there as well, at most once.
    const known = new Set(uploaded.map((bytes) => bytes.toString('hex')));
    const listed = list.map((bytes) => bytes.toString('hex'));
    assert.equal(new Set(listed).size, listed.length);
    assert.ok(listed.every((bytes) => known.has(bytes)));
  }
  assert.ok(interrupted > 0, 'no round was killed in the middle; the test proves nothing');
  await cluster.local.audit.verify(null, cluster.admin);
});
