// A pipeline in the middle of a push when the server goes away, in an orderly way or not, and comes back at the same
// address: the push takes a little longer, ends well, and everything is there once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomDigest, stage } from '../support/gpg-claims.ts';
import { runCli } from '../support/processes.ts';
import { createCluster } from '../support/processes-cluster.ts';
import { tempDir } from '../support/temp-dir.ts';

const IMAGES = 200;
const PER_IMAGE = 5;

for (const signal of ['SIGKILL', 'SIGTERM'] as const)
  test(`lets a push through in spite of a restart by ${signal}`, async (t) => {
    const cluster = await createCluster(t, 1);
    const [server] = cluster.servers;
    assert.ok(server);
    const { url, end } = server;
    const staging = tempDir(t);
    for (let index = 0; index < IMAGES; index++) {
      const [digest, path] = [randomDigest(), `acme/app-${index}`];
      stage(staging, path, digest, await cluster.signer.signTags(`registry.example.com/${path}`, digest, PER_IMAGE));
    }
    const rows = async () => (await cluster.local.audit.verify(null, cluster.admin)).seq;
    const before = await rows();

    const args = ['push', staging, '--server', url, '--registry', 'registry.example.com'];
    const pushing = runCli(args, { env: { LOOKASIDE_TOKEN: cluster.token } });
    while ((await rows()) === before) await sleep(2);
    const ended = end(signal);
    if (signal === 'SIGKILL') await ended;
    else await server.line(/"event":"server.stopping"/);
    const cut = (await rows()) - before;
    await cluster.start(new URL(url).port);

    const { code, stdout, stderr } = await pushing;
    assert.equal(code, 0, stderr);
    const [, stored, exists] = /^(\d+) stored, (\d+) already there, 0 refused$/m.exec(stdout) ?? [];
    assert.equal(Number(stored) + Number(exists), IMAGES * PER_IMAGE);
    assert.equal((await rows()) - before, IMAGES * PER_IMAGE);
    assert.ok(cut < IMAGES * PER_IMAGE, 'the push was done before the restart; the test proves nothing');
    await ended;
  });
