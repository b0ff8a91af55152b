// The disk is full to its last block: what cannot be written is refused as 507 and nothing of it is stored, reads go on,
// and as soon as there is room again so do writes, without anybody restarting anything.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, type Problem, type Sent, send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { must, runCli, serverProcess } from '../support/processes.ts';
import { postSignature, REPOSITORY, readList } from '../support/processes-cluster.ts';
import { preparedStore } from '../support/server.ts';
import { LONG } from './long.ts';
import { type FileSystem, needsMount, smallDisk } from './small-disk.ts';

const MIB = 8;
const PASSWORD = 'of nobody, for a test';
/** Longer than last uses of tokens wait to be written. */
const FLUSHED_MS = 31_000;

for (const kind of LONG ? (['tmpfs', 'ext4'] as const) : (['tmpfs'] as const))
  test(`a full disk (${kind})`, needsMount(), async (t) => {
    const { disk, settings, signer, token, call, ...scene } = await createScene(t, kind);
    let server = await scene.start();
    const digest = randomDigest();
    const stored: Buffer[] = [];
    const refused: Buffer[] = [];
    async function upload(bytes: Buffer): Promise<number> {
      const { status, code, number } = await postSignature(server.url, token, bytes);
      if (status === 507) {
        assert.equal(code, 'STORE_FULL');
        refused.push(bytes);
      } else {
        assert.equal(status, 201, code);
        assert.equal(number, stored.push(bytes));
      }
      return status;
    }
    const next = () => signer.sign(`${REPOSITORY}:v${stored.length + refused.length}`, digest);
    for (let index = 0; index < 3; index++) await upload(next());

    await t.test('refuses what it cannot write, with 507', async () => {
      disk.fill();
      for (let tries = 0; tries < 100 && refused.length < 3; tries++) await upload(next());
      assert.equal(refused.length, 3);
      for (const [method, path, body] of writesOf(stored.length)) {
        const answer = await call(server.url, method, path, body);
        assert.equal(answer.status, 507, `${method} ${path}: ${answer.text}`);
        assert.equal(answer.json<Problem>().code, 'STORE_FULL');
      }
    });
    await t.test('many at once, too', async () => {
      const all = Array.from({ length: 50 }, (_, index) => signer.sign(`${REPOSITORY}:w${index}`, digest));
      const answers = await Promise.all(all.map((bytes) => postSignature(server.url, token, bytes)));
      for (const { status } of answers) assert.equal(status, 507);
      refused.push(...all.slice(0, 10));
    });
    await t.test('serves what it has, and only that', async () => {
      assert.deepEqual(await readList(server.url, digest), stored);
      assert.equal((await call(server.url, 'GET', '/api/v1/signatures')).status, 200);
      assert.equal((await call(server.url, 'GET', '/api/v1/audit')).status, 200);
    });
    await t.test('is alive, and not ready', async () => {
      assert.equal((await send(server.url, '/livez')).status, 200);
      assert.equal((await send(server.url, '/readyz')).status, 507);
    });
    await t.test('still says what is wrong with a signature', async () => {
      const damaged = Buffer.from(next());
      damaged[20] = (damaged[20] ?? 0) ^ 0xff;
      assert.equal((await postSignature(server.url, token, damaged)).status, 422);
      await sleep(1_500); // refusals are written a second later
      assert.equal((await send(server.url, '/livez')).status, 200);
    });
    await t.test('outlives the writing of last uses', { skip: !LONG && 'takes half a minute' }, async () => {
      await sleep(FLUSHED_MS);
      assert.deepEqual(await readList(server.url, digest), stored);
    });
    await t.test('tells commands the same', async () => {
      const { code, stderr } = await runCli(['token', 'create', '--name', 'x', '--allow', 'read'], { env: settings });
      assert.equal(code, 1);
      assert.match(stderr, /the disk is full.*\(STORE_FULL\)/);
    });
    await t.test('takes uploads again when there is room', async () => {
      disk.free();
      for (const bytes of refused.splice(0)) assert.equal(await upload(bytes), 201);
      assert.deepEqual(await readList(server.url, digest), stored);
      await sleep(1_000);
      assert.equal((await send(server.url, '/readyz')).status, 200);
    });
    await t.test('ends in order when it is full again', async () => {
      disk.fill();
      for (let tries = 0; tries < 100 && refused.length < 1; tries++) await upload(next());
      assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
    });
    await t.test('is served by the next process, too', async () => {
      server = await scene.start();
      assert.deepEqual(await readList(server.url, digest), stored);
      disk.free();
      for (const bytes of refused.splice(0)) assert.equal(await upload(bytes), 201);
    });
    await t.test(
      'leaves a log that holds',
      async () => void (await must(runCli(['audit', 'verify'], { env: settings }))),
    );
  });

for (const kind of LONG ? (['tmpfs', 'ext4', 'ext4-1k'] as const) : (['ext4-1k'] as const))
  test(`a store on a full disk (${kind}) is opened by nobody, who is told why`, needsMount(), async (t) => {
    const { disk, settings } = await createScene(t, kind);
    disk.fill();
    for (const args of [['serve'], ['list']]) {
      const { code, stderr } = await runCli(args, { env: settings });
      assert.equal(code, 1, stderr);
      assert.match(stderr, /^lookaside: the disk is full, and opening .*make room in .* \(STORE_FULL\)\n$/);
    }
    disk.free();
    await must(runCli(['list'], { env: settings }));
  });

/** Everything else that is a write. */
function writesOf(id: number): readonly (readonly [method: string, path: string, body?: object])[] {
  return [
    ['DELETE', `/api/v1/signatures/${id}`, { reason: 'x' }],
    ['POST', '/api/v1/tokens', { name: 'x', permissions: ['read'] }],
    ['POST', '/api/v1/users', { name: 'x', role: 'viewer', password: PASSWORD }],
    ['POST', '/api/v1/session', { username: 'admin', password: PASSWORD }],
  ];
}

async function createScene(t: TestContext, kind: FileSystem) {
  const disk = smallDisk(t, kind, MIB);
  const settings = { LOOKASIDE_DATA_DIR: disk.dataDir, LOOKASIDE_ADMIN_PASSWORD: PASSWORD };
  const signer = await createFastSigner();
  const { token } = await preparedStore(settings, async (store) => {
    await store.registerKeys(signer.publicKey);
    return { token: await store.createToken(['upload', 'withdraw', 'admin']) };
  });
  return {
    disk,
    settings,
    signer,
    token,
    start: () => serverProcess(t, settings),
    call(url: string, method: string, path: string, body?: object) {
      const headers = { ...bearer(token), 'content-type': 'application/json' };
      const sent: Sent = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
      return send(url, path, sent);
    },
  };
}
