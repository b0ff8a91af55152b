// An alias that one process has added, replaced or removed counts for the next answer of every thread of every other,
// which all have in memory what the path meant before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomDigest } from '../support/gpg-claims.ts';
import { must, runCli } from '../support/processes.ts';
import { createCluster, postSignature } from '../support/processes-cluster.ts';
import { openReadConnection, type ReadConnection } from './read-connection.ts';

const ROUNDS = 20;
/** So many connections reach each of the threads. */
const PROBES = 24;

test('aliases count in every thread and process from the next request on', async (t) => {
  const cluster = await createCluster(t, 2, { LOOKASIDE_WORKERS: '2' });
  const { aliases } = cluster.local;
  const digest = randomDigest();
  const signed = new Map<string, Buffer>();
  for (const target of ['one.example.com', 'two.example.com']) {
    const bytes = await cluster.signer.sign(`${target}/acme/app:v1`, digest);
    assert.equal((await postSignature(cluster.url(0), cluster.token, bytes)).status, 201);
    signed.set(target, bytes);
  }
  const path = `/mirror/acme/app@${digest.replace(':', '=')}/signature-1`;
  const probes: ReadConnection[] = [];
  t.after(() => probes.forEach((probe) => void probe.end()));
  for (let index = 0; index < PROBES; index++) probes.push(await openReadConnection(cluster.url(index)));

  async function expect(target: string | null, when: string): Promise<void> {
    const answers = await Promise.all(probes.map((probe) => probe.ask(path)));
    for (const [answer] of answers) {
      assert.equal(answer?.status, target === null ? 404 : 200, when);
      if (target !== null) assert.ok(answer?.body.equals(signed.get(target) as Buffer), when);
    }
  }

  await expect(null, 'before');
  for (let round = 0; round < ROUNDS; round++) {
    const added = await aliases.add({ path: '/mirror', target: 'one.example.com', replace: false }, cluster.admin);
    await expect('one.example.com', `added in round ${round}`);
    const next = await aliases.add({ path: '/mirror', target: 'two.example.com', replace: true }, cluster.admin);
    assert.notEqual(next.id, added.id);
    await expect('two.example.com', `replaced in round ${round}`);
    await aliases.remove(next.id, cluster.admin);
    await expect(null, `removed in round ${round}`);
  }

  await t.test('also when a command has made it', async () => {
    const env = { LOOKASIDE_DATA_DIR: cluster.dataDir };
    await must(runCli(['alias', 'add', '/mirror', 'one.example.com'], { env }));
    await expect('one.example.com', 'by a command');
    await must(runCli(['alias', 'remove', '/mirror'], { env }));
    await expect(null, 'removed by a command');
  });
  await t.test('and for uploads', async () => {
    const { id } = await aliases.add(
      { path: '/one.example.com', target: 'two.example.com', replace: false },
      cluster.admin,
    );
    const late = await cluster.signer.sign('one.example.com/acme/app:v2', digest);
    for (const turn of [0, 1])
      assert.equal((await postSignature(cluster.url(turn), cluster.token, late)).code, 'REPOSITORY_HIDDEN');
    await aliases.remove(id, cluster.admin);
    assert.equal((await postSignature(cluster.url(1), cluster.token, late)).status, 201);
  });
});
