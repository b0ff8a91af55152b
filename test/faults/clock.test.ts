// A clock that jumps, back by hours and forward by days, under a running server: nothing is lost, out of order or refused
// that should not be, and what has expired has expired by the time it is now.
import assert from 'node:assert/strict';
import { globSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bearer, type Problem, send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { createFastSigner } from '../support/many-signatures.ts';
import { cookieOf } from '../support/people.ts';
import { must, runCli, serverProcess } from '../support/processes.ts';
import { postSignature, REPOSITORY, readList } from '../support/processes-cluster.ts';
import { testStore } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const PASSWORD = 'of nobody, for a test';
const [HOUR, DAY] = [3_600, 86_400];
/** What the clock of the server is ahead at first: set back, it still shows a time at which the key exists. */
const BEGAN = DAY;

test('a clock that jumps', needs('faketime'), async (t) => {
  const { server, setClock, tokens, signer, admin, settings } = await createScene(t);
  const digest = randomDigest();
  const stored: Buffer[] = [];
  async function upload(): Promise<void> {
    const bytes = signer.sign(`${REPOSITORY}:v${stored.length}`, digest);
    const { status, code, number } = await postSignature(server.url, tokens.upload, bytes);
    assert.equal(status, 201, code);
    assert.equal(number, stored.push(bytes));
    assert.deepEqual(await readList(server.url, digest), stored);
  }
  async function signIn() {
    const headers = { 'content-type': 'application/json', origin: server.url };
    const body = JSON.stringify({ username: 'admin', password: PASSWORD });
    return send(server.url, '/api/v1/session', { method: 'POST', headers, body });
  }
  const status = async (path: string, headers: Record<string, string>) =>
    (await send(server.url, path, { headers: headers as never })).status;
  const session = cookieOf(await signIn());
  await upload();

  await t.test('back by two hours stores and serves as before, in the order of acceptance', async () => {
    await setClock(-2 * HOUR);
    await upload();
    await upload();
  });
  await t.test('back leaves sessions and tokens as they are', async () => {
    assert.equal(await status('/api/v1/overview', { cookie: session }), 200);
    assert.equal(await status('/api/v1/repositories', { authorization: `Bearer ${tokens.threeDays}` }), 200);
    assert.equal((await signIn()).status, 200);
  });
  await t.test('back makes nobody wait who failed before', async () => {
    await setClock(0);
    for (let tries = 0; tries < 8; tries++) await failToSignIn(server.url);
    await setClock(-2 * HOUR);
    const slowed = await failToSignIn(server.url);
    if (slowed.status === 429)
      assert.ok(Number(slowed.headers['retry-after']) <= 30, String(slowed.headers['retry-after']));
  });
  await t.test('back finds readiness anew', async () => {
    assert.equal((await send(server.url, '/readyz')).status, 200);
    await setClock(-3 * HOUR);
    assert.equal((await send(server.url, '/readyz')).status, 200);
  });
  await t.test('back keeps the audit log readable by time', async () => {
    const since = new Date(Date.now() + (BEGAN - 4 * HOUR) * 1000).toISOString();
    const path = `/api/v1/audit?action=signature.stored&since=${since}`;
    const { items } = (await send(server.url, path, { headers: bearer(admin) })).json<{ items: unknown[] }>();
    assert.equal(items.length, stored.length);
  });
  await t.test('forward by four days ends what has ended', async () => {
    await setClock(4 * DAY);
    assert.equal(await status('/api/v1/overview', { cookie: session }), 401);
    const expired = await send(server.url, '/api/v1/repositories', { headers: bearer(tokens.threeDays) });
    assert.equal(expired.json<Problem>().code, 'CREDENTIALS_EXPIRED');
    await upload();
  });
  await t.test('and back again goes on', async () => {
    await setClock(0);
    await upload();
    assert.equal(await status('/api/v1/repositories', { authorization: `Bearer ${tokens.threeDays}` }), 200);
    assert.equal((await send(server.url, '/readyz')).status, 200);
  });
  await t.test('leaves a log that holds, and a store that starts', async () => {
    assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
    await must(runCli(['audit', 'verify'], { env: settings }));
    const next = await serverProcess(t, settings);
    assert.deepEqual(await readList(next.url, digest), stored);
  });
});

async function failToSignIn(url: string) {
  const headers = { 'content-type': 'application/json', origin: url };
  return send(url, '/api/v1/session', {
    method: 'POST',
    headers,
    body: JSON.stringify({ username: 'admin', password: 'a wrong one' }),
  });
}

async function createScene(t: TestContext) {
  const dataDir = tempDir(t);
  const settings = { LOOKASIDE_DATA_DIR: dataDir, LOOKASIDE_ADMIN_PASSWORD: PASSWORD };
  const store = await testStore(t, settings);
  const signer = await createFastSigner();
  await store.registerKeys(signer.publicKey);
  const tokens = {
    upload: await store.createToken(['upload']),
    threeDays: await store.createToken(['read'], [], 3 * DAY * 1000),
  };
  const admin = await store.createToken(['admin']);
  const file = join(tempDir(t), 'clock');
  /** Relative to when the server began. Resolves when it has noticed, which takes the library a second. */
  async function setClock(seconds: number): Promise<void> {
    const offset = BEGAN + seconds;
    writeFileSync(`${file}.new`, `+${offset}s\n`);
    renameSync(`${file}.new`, file);
    for (let tries = 0; tries < 100; tries++) {
      const shown = Date.parse((await fetch(`${server.url}/nobody@sha256=/signature-1`)).headers.get('date') ?? '');
      if (Math.abs(shown - Date.now() - offset * 1000) < 5_000) return;
      await sleep(50);
    }
    throw new Error(`the clock of the server does not show ${offset} seconds more`);
  }
  writeFileSync(file, `+${BEGAN}s\n`);
  const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  const server = await serverProcess(t, {
    ...settings,
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_CACHE_DURATION: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  return { server, setClock, tokens, signer, admin, settings };
}
