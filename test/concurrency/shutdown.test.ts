// An orderly end, as every deployment of a new version brings one: uploads under way are finished and answered, new
// connections are refused, and the process is gone before an orchestrator loses patience (ten seconds for most).
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomDigest } from '../support/gpg-claims.ts';
import { createCluster, REPOSITORY, readList } from '../support/processes-cluster.ts';

const UPLOADS = 20;
/** From the last answer to the end of the process. */
const PROMPTLY_MS = 3_000;

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  test(`finishes uploads under way on ${signal}`, async (t) => {
    const cluster = await createCluster(t, 1);
    const [server] = cluster.servers;
    assert.ok(server);
    const agent = new Agent({ keepAlive: true }); // as every proxy in front of the store does
    t.after(() => agent.destroy());
    const digest = randomDigest();
    const signatures = await cluster.signer.signTags(REPOSITORY, digest, UPLOADS);

    const uploads = signatures.map((bytes) => startUpload(server.url, cluster.token, { bytes, agent }));
    await sleep(200); // the first half of every body has arrived
    const ended = server.end(signal);
    await server.line(/"event":"server.stopping"/);
    await assert.rejects(fetch(`${server.url}/livez`), 'a new connection is for the next process');

    const answers = await Promise.all(uploads.map((upload) => upload.finish()));
    const answered = performance.now();
    assert.deepEqual(new Set(answers.map(({ statusCode }) => statusCode)), new Set([201]));
    const exit = await ended;
    const waited = performance.now() - answered;
    assert.deepEqual(exit, { code: 0, signal: null });
    const next = await cluster.start();
    assert.equal((await readList(next.url, digest)).length, UPLOADS);
    assert.ok(waited < PROMPTLY_MS, `ended ${Math.round(waited)} ms after the last answer`);
  });

test('ends at once with idle keep-alive connections', async (t) => {
  const cluster = await createCluster(t, 1);
  const [server] = cluster.servers;
  assert.ok(server);
  for (let index = 0; index < 5; index++) assert.equal((await fetch(`${server.url}/livez`)).status, 200);
  const started = performance.now();
  assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
  const waited = performance.now() - started;
  assert.ok(waited < PROMPTLY_MS, `took ${Math.round(waited)} ms`);
});

/** Sends half of an upload, and the rest when told to. */
function startUpload(url: string, token: string, { bytes, agent }: { bytes: Buffer; agent: Agent }) {
  const half = Math.floor(bytes.length / 2);
  const upload: ClientRequest = request(`${url}/api/v1/signatures`, {
    method: 'POST',
    agent,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'content-length': bytes.length,
    },
  });
  const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
  answered.catch(() => {}); // reported by finish()
  upload.write(bytes.subarray(0, half));
  return {
    async finish(): Promise<IncomingMessage> {
      upload.end(bytes.subarray(half));
      const [answer] = await answered;
      answer.resume();
      return answer;
    },
  };
}
