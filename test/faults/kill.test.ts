// A process that is killed in the middle of changes of every kind, again and again, in its work and in its start: what
// was acknowledged is there, what was not is there as a whole or not at all, the next process serves exactly that, and
// the audit log holds.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, send } from '../http/wire.ts';
import { createFastSigner, type FastSigner } from '../support/many-signatures.ts';
import { LAUNCHED, must, runCli, type ServerProcess, serverProcess, startService } from '../support/processes.ts';
import { readSignature } from '../support/processes-cluster.ts';
import { preparedStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { type Change, REPOSITORY, startLoad } from './changes-load.ts';
import { type DeadStore, openDeadStore } from './dead-store.ts';
import { rounds } from './long.ts';

const ROUNDS = rounds({ short: 4, long: 200 });
const VICTIMS = 2;
/** Rows are counted one by one in as many rounds; it takes longer as the store grows. */
const WHOLE_EVERY = 10;

test('serves after kill -9 whatever it had acknowledged, and nothing by halves', async (t) => {
  const scene = await createScene(t);
  const totals = { acknowledged: 0, underWay: 0, done: 0, undone: 0, starts: 0 };
  const killedWith: number[] = [];
  let server = await scene.start(1);

  for (let round = 1; round <= ROUNDS; round++) {
    const victims = await Promise.all(Array.from({ length: VICTIMS }, () => createFastSigner()));
    for (const { publicKey } of victims) await scene.register(server.url, publicKey);
    const load = startLoad({ url: server.url, token: scene.token }, scene.signer, victims);
    if (round % 4 > 0) await load.first; // otherwise while the threads for it start
    await sleep(Math.random() * 400);
    const underWay = load.underWay();
    killedWith.push(underWay);
    const stopped = load.stop();
    await server.end('SIGKILL');
    await stopped;

    const last = round === ROUNDS;
    const dead = openDeadStore(scene.databasePath, scene.scratch, last || round % WHOLE_EVERY === 0);
    const { done, undone } = dead.requireAcknowledged(load.changes);
    totals.acknowledged += load.changes.length - done - undone;
    totals.underWay += underWay;
    totals.done += done;
    totals.undone += undone;

    if (round % 5 === 0) totals.starts += await killStart(t, scene.settings);
    if (round % 2 === 0) await must(runCli(['audit', 'verify'], { env: scene.settings }));
    server = await scene.start(1 + (round % 2));
    await requireServed(server, load.digests, dead);
    await requireTokens(server.url, load.changes);
    dead.close();
  }
  await server.end('SIGKILL');
  await must(runCli(['audit', 'verify'], { env: scene.settings }));
  t.diagnostic(`${ROUNDS} kills, and ${totals.starts} of a start; ${totals.acknowledged} changes acknowledged`);
  t.diagnostic(
    `under way at the kills: ${totals.underWay} requests (${Math.min(...killedWith)} to ${Math.max(...killedWith)})`,
  );
  t.diagnostic(
    `of ${totals.done + totals.undone} changes without an answer ${totals.done} were made, and the others were not`,
  );
  assert.ok(totals.acknowledged > ROUNDS, 'hardly anything was done; the test proves nothing');
  assert.ok(killedWith.filter((count) => count > 0).length > ROUNDS / 2, 'the kills hit nothing');
});

async function createScene(t: TestContext) {
  const settings = { LOOKASIDE_DATA_DIR: tempDir(t) };
  const signer: FastSigner = await createFastSigner();
  const { token, config } = await preparedStore(settings, async (store) => {
    await store.registerKeys(signer.publicKey);
    return { token: await store.createToken(['upload', 'withdraw', 'admin']) };
  });
  return {
    settings,
    signer,
    token,
    databasePath: config.databasePath,
    scratch: tempDir(t),
    start: (workers: number) => serverProcess(t, { ...settings, LOOKASIDE_WORKERS: String(workers) }),
    async register(url: string, publicKey: Uint8Array): Promise<void> {
      const headers = { ...bearer(token), 'content-type': 'application/pgp-keys' };
      const { status, text } = await send(url, '/api/v1/keys', { method: 'POST', headers, body: publicKey });
      assert.equal(status, 201, text);
    },
  };
}

/** A process that is killed before or while it recovers what the last one left. */
async function killStart(t: TestContext, settings: Record<string, string>): Promise<1> {
  const [command = '', ...args] = [...LAUNCHED, 'serve'];
  const env = { ...settings, LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0' };
  const starting = startService(t, command, args, env);
  await sleep(100 + Math.random() * 500);
  await starting.end('SIGKILL');
  return 1;
}

/** Exactly the live rows in their order, and nothing behind them. */
async function requireServed({ url }: ServerProcess, digests: readonly string[], dead: DeadStore): Promise<void> {
  for (const digest of digests) {
    const expected = dead.live.get(digest) ?? [];
    const address = (number: number) => `${url}/${REPOSITORY}@${digest.replace(':', '=')}/signature-${number}`;
    for (const [index, bytes] of expected.entries())
      assert.deepEqual(await readSignature(address(index + 1)), bytes, `signature-${index + 1} of ${expected.length}`);
    for (let number = expected.length + 1; number <= expected.length + 3; number++)
      assert.equal(await readSignature(address(number)), null);
  }
}

async function requireTokens(url: string, changes: readonly Change[]): Promise<void> {
  const revoked = new Map<string, boolean>();
  for (const change of changes) if (change.kind === 'token revocation') revoked.set(change.secret, change.done);
  for (const change of changes) {
    if (change.kind !== 'token' || change.secret === null) continue;
    const { status } = await send(url, '/api/v1/repositories', { headers: bearer(change.secret) });
    if (revoked.get(change.secret) === undefined) assert.equal(status, 200);
    if (revoked.get(change.secret) === true) assert.equal(status, 401);
  }
}
