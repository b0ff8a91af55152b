// A unix socket in place of a port: its file, and clients without an address.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { listenOnFile } from '../../server/http/socket-file.ts';
import { peopleScene } from '../support/people.ts';
import { serverProcess } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { newCertificate } from './proxy-scene.ts';
import { IMAGE, problemOf, scene, stored } from './scene.ts';
import { send } from './wire.ts';

const PUBLIC = 'https://sigs.example.com';
const settingsOf = (path: string) => ({ LOOKASIDE_SOCKET: path, LOOKASIDE_PUBLIC_URL: PUBLIC });
const modeOf = (path: string) => statSync(path).mode & 0o777;

test('a server on a unix socket', async (t) => {
  const directory = tempDir(t);
  const path = join(directory, 'lookaside.sock');
  const store = await scene(t, { ...settingsOf(path), LOOKASIDE_SOCKET_MODE: '600' });

  await t.test('serves reads and uploads, under its public address', async () => {
    assert.equal(store.url, `unix:${path}`);
    const [result] = await stored(store, 'rsa2048');
    assert.equal(result?.url, `${PUBLIC}/${IMAGE}/signature-1`);
    assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 200);
    assert.equal((await store.get(`/${IMAGE}/signature-2`)).status, 404);
  });
  await t.test('gives the file the permissions that are set, and leaves no other', () => {
    assert.equal(modeOf(path), 0o600);
    assert.deepEqual(readdirSync(directory), ['lookaside.sock']);
  });
  await t.test('keeps it from a second server', async () => {
    await assert.rejects(testServer(t, settingsOf(path)), {
      code: 'CONFIG_INVALID',
      message: `another server listens on LOOKASIDE_SOCKET ${path}; stop it, or choose another`,
    });
    assert.equal((await store.get('/livez')).status, 200);
    assert.deepEqual(readdirSync(directory), ['lookaside.sock']);
  });
  await t.test('removes it in the end', async () => {
    await store.stop();
    assert.deepEqual(readdirSync(directory), []);
  });
});

test('the file of a socket', async (t) => {
  await t.test('of a server that was killed is replaced', async (t) => {
    const path = join(tempDir(t), 's');
    const first = await serverProcess(t, { LOOKASIDE_DATA_DIR: tempDir(t), ...settingsOf(path) });
    await first.end('SIGKILL');
    assert.ok(existsSync(path));
    const second = await testServer(t, settingsOf(path));
    assert.equal((await send(second.url, '/livez')).status, 200);
    assert.equal(modeOf(path), 0o660);
  });
  await t.test('that is no socket is left alone', async (t) => {
    const path = join(tempDir(t), 's');
    writeFileSync(path, 'precious');
    await assert.rejects(testServer(t, settingsOf(path)), {
      message: `LOOKASIDE_SOCKET ${path} exists and is no socket; move it away`,
    });
    assert.equal(statSync(path).size, 8);
  });
  await t.test('in a directory that is not there is told by name', async (t) => {
    const path = join(tempDir(t), 'none/s');
    await assert.rejects(testServer(t, settingsOf(path)), {
      code: 'CONFIG_INVALID',
      message: `cannot listen on LOOKASIDE_SOCKET ${path}: there is no such directory`,
    });
  });
  await t.test('is taken by one of many that start at the same moment, where one was left behind', async (t) => {
    const path = join(tempDir(t), 's');
    const killed = await serverProcess(t, { LOOKASIDE_DATA_DIR: tempDir(t), ...settingsOf(path) });
    await killed.end('SIGKILL');
    const starting = Array.from({ length: 4 }, () =>
      serverProcess(t, { LOOKASIDE_DATA_DIR: tempDir(t), ...settingsOf(path) }),
    );
    const started = await Promise.allSettled(starting);
    assert.equal(started.filter(({ status }) => status === 'fulfilled').length, 1);
    assert.equal((await send(`unix:${path}`, '/livez')).status, 200);
  });
  await t.test('that another has taken meanwhile stays when ours is removed', async (t) => {
    const path = join(tempDir(t), 's');
    const [ours, other] = [createServer(), createServer()];
    t.after(() => other.close());
    const remove = await listenOnFile(ours, { path, mode: 0o600 });
    ours.close();
    await listenOnFile(other, { path, mode: 0o600 });
    remove();
    assert.ok(existsSync(path));
  });
});

test('a unix socket', async (t) => {
  await t.test('takes no TLS', needs('openssl'), async (t) => {
    const { cert, key } = newCertificate(tempDir(t));
    const tls = { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key };
    await assert.rejects(testServer(t, { ...settingsOf(join(tempDir(t), 's')), ...tls }), {
      code: 'CONFIG_INVALID',
      message: 'a unix socket takes no TLS; set no LOOKASIDE_TLS_CERT, or listen on a port',
    });
  });
  await t.test('needs a public address', async () =>
    assert.rejects(testServer(t, { LOOKASIDE_SOCKET: join(tempDir(t), 's') }), {
      code: 'CONFIG_INVALID',
      message: /^unix:.* is for a proxy; set LOOKASIDE_PUBLIC_URL to what clients reach$/,
    }),
  );
});

/** Fails as often as it takes until an attempt must wait; returns for how many seconds. */
async function failUntilSlowed(attempt: () => ReturnType<typeof send>): Promise<number> {
  for (let tries = 0; tries < 40; tries++) {
    const answer = await attempt();
    if (answer.status === 429) return Number(answer.headers['retry-after']);
    problemOf(answer, 401, 'CREDENTIALS_INVALID');
  }
  return 0;
}

test('people who come over a unix socket', async (t) => {
  const headersOf = (address?: string) => ({ origin: PUBLIC, ...(address ? { 'x-forwarded-for': address } : {}) });

  await t.test('are told apart by what the proxy says, where it is trusted', async (t) => {
    const store = await peopleScene(t, { ...settingsOf(join(tempDir(t), 's')), LOOKASIDE_TRUST_PROXY: '1' });
    let names = 0;
    const seconds = await failUntilSlowed(() =>
      store.signIn(`nobody${names++}`, 'wrong password', headersOf('192.0.2.1')),
    );
    assert.ok(seconds > 0);
    assert.equal((await store.signIn('admin', undefined, headersOf('192.0.2.2'))).status, 200);
    assert.equal((await store.audit('session.created'))[0]?.detail.address, '192.0.2.2');
    // What the client wrote itself stands before what the proxy adds.
    const forged = await store.signIn('admin', undefined, headersOf('192.0.2.9, 192.0.2.1'));
    problemOf(forged, 429, 'SIGN_IN_SLOWED');
  });

  await t.test('count as one where it is not, and never wait for long', async (t) => {
    const store = await peopleScene(t, settingsOf(join(tempDir(t), 's')));
    let names = 0;
    let longest = 0;
    for (let round = 0; round < 12; round++) {
      const seconds = await failUntilSlowed(() =>
        store.signIn(`nobody${names++}`, 'wrong password', headersOf(`192.0.2.${names}`)),
      );
      longest = Math.max(longest, seconds);
      store.later(seconds * 1000);
    }
    assert.equal(longest, 30);
    assert.equal((await store.signIn('admin', undefined, headersOf())).status, 200);
    assert.equal((await store.audit('session.created'))[0]?.detail.address, 'unknown');
  });

  await t.test('get a cookie for https, because the public address is', async (t) => {
    const store = await peopleScene(t, { ...settingsOf(join(tempDir(t), 's')), LOOKASIDE_TRUST_PROXY: '1' });
    const headers = { ...headersOf('192.0.2.1'), 'x-forwarded-proto': 'https', 'x-forwarded-host': 'sigs.example.com' };
    const answer = await store.signIn('admin', undefined, headers);
    assert.match(String(answer.headers['set-cookie']), /; Secure/);
  });
});
