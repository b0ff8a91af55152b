// A disk that takes writes and then fails to keep them: the system calls of a running server that make its data durable
// fail, as they do on a dying disk. Nothing is acknowledged meanwhile, reads go on, and so do writes afterwards.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { startService } from '../support/processes.ts';
import { createCluster, postSignature, REPOSITORY, readList } from '../support/processes-cluster.ts';
import { findTool, needs } from '../support/tools.ts';
import { rounds } from './long.ts';

const UPLOADS = 12;

const FAULTS: readonly (readonly [what: string, calls: string, error: string, status: number, code: string])[] = [
  ['fail to sync', 'fdatasync,fsync', 'EIO', 503, 'STORE_FAULT'],
  ['fail to write', 'pwrite64', 'EIO', 503, 'STORE_FAULT'],
  ['have no room', 'pwrite64', 'ENOSPC', 507, 'STORE_FULL'],
  ['be over its quota', 'pwrite64', 'EDQUOT', 503, 'STORE_FAULT'],
];

for (const [what, calls, error, status, code] of FAULTS.slice(0, rounds({ short: 1, long: FAULTS.length })))
  test(`a disk that begins to ${what}`, needs('strace'), async (t) => {
    const cluster = await createCluster(t, 1);
    const [server] = cluster.servers;
    assert.ok(server);
    const signer = await createFastSigner();
    await cluster.registerKeys(signer.publicKey);
    const digest = randomDigest();
    const acknowledged: Buffer[] = [];
    const refused: Buffer[] = [];
    const upload = async (bytes: Buffer) => {
      const posted = await postSignature(server.url, cluster.token, bytes);
      if (posted.status === 201) acknowledged.push(bytes);
      else refused.push(bytes);
      return posted;
    };
    const sign = () => signer.sign(`${REPOSITORY}:v${Math.random()}`, digest);
    for (let count = 0; count < 3; count++) await upload(sign());
    assert.equal(acknowledged.length, 3);
    const mend = await breakCalls(t, server.pid, `${calls}:error=${error}`);

    await t.test('is told to whoever uploads', async () => {
      for (let count = 0; count < UPLOADS; count++) {
        const posted = await upload(sign());
        assert.deepEqual([posted.status, posted.code], [status, code]);
      }
    });
    await t.test('does not stop reads', async () => {
      assert.deepEqual(await readList(server.url, digest), acknowledged);
      assert.equal((await send(server.url, '/livez')).status, 200);
      assert.equal((await send(server.url, '/readyz')).status, status);
    });
    await mend();
    await t.test('is forgotten when it works again', async () => {
      for (const bytes of refused.splice(0)) assert.equal((await upload(bytes)).status, 201);
      assert.deepEqual(await readList(server.url, digest), acknowledged);
    });
    await t.test('has damaged nothing', async () => {
      await server.end('SIGKILL');
      const next = await cluster.start();
      assert.deepEqual(await readList(next.url, digest), acknowledged);
      await cluster.local.audit.verify(null, cluster.admin);
    });
  });

/** From now on these calls fail in all threads of the process; until they are mended. */
async function breakCalls(t: TestContext, pid: number, injection: string): Promise<() => Promise<void>> {
  const args = ['-f', '-p', String(pid), '-e', `trace=${injection.split(':')[0]}`, '-e', `inject=${injection}`];
  const strace = startService(t, findTool('strace') ?? 'strace', [...args, '-o', '/dev/null']);
  await strace.line(/attached/);
  await sleep(200);
  return async () => void (await strace.end('SIGTERM'));
}
