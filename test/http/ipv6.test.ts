// IPv6: addresses that the server listens on, that it prints, and that clients come from.
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { peopleScene } from '../support/people.ts';
import { testServer } from '../support/server.ts';
import { IMAGE, problemOf, scene, stored } from './scene.ts';
import { send } from './wire.ts';

const there = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
const IPV6 = there ? {} : { skip: 'this machine has no ::1' };

test('a server on ::1', IPV6, async (t) => {
  const store = await scene(t, { LOOKASIDE_HOST: '::1', LOOKASIDE_METRICS_HOST: '::1' });
  await t.test('prints its addresses with brackets', () => {
    assert.match(store.url, /^http:\/\/\[::1\]:\d+$/);
    assert.match(store.metricsUrl, /^http:\/\/\[::1\]:\d+\/metrics$/);
  });
  await t.test('serves, and answers with addresses that work', async () => {
    const [result] = await stored(store, 'rsa2048');
    assert.equal(result?.url, `${store.url}/${IMAGE}/signature-1`);
    assert.equal((await fetch(result?.url ?? '')).status, 200);
    assert.equal((await fetch(store.metricsUrl)).status, 200);
  });
  await t.test('names the address with brackets when the port is taken', async () => {
    const { port } = new URL(store.url);
    await assert.rejects(testServer(t, { LOOKASIDE_HOST: '::1', LOOKASIDE_PORT: port }), {
      code: 'CONFIG_INVALID',
      message: `cannot listen on [::1]:${port}: the port is in use; choose another with LOOKASIDE_PORT`,
    });
  });
});

test('a server on ::', IPV6, async (t) => {
  const store = await peopleScene(t, { LOOKASIDE_HOST: '::' });
  const { port } = new URL(store.url);
  await t.test('is reached over both kinds', async () => {
    assert.equal(store.url, `http://[::1]:${port}`);
    for (const base of [store.url, `http://127.0.0.1:${port}`])
      assert.equal((await send(base, '/livez')).status, 200, base);
  });
  await t.test('knows an IPv4 client by its IPv4 address', async () => {
    const body = JSON.stringify({ username: 'admin', password: 'wrong password' });
    const headers = { 'content-type': 'application/json' };
    for (const base of [store.url, `http://127.0.0.1:${port}`])
      problemOf(await send(base, '/api/v1/session', { method: 'POST', headers, body }), 401, 'CREDENTIALS_INVALID');
    const addresses = (await store.audit('session.refused')).map(({ detail }) => detail.address);
    assert.deepEqual(addresses, ['127.0.0.1', '::1']);
  });
});

test('several threads on ::1', IPV6, async (t) => {
  const store = await testServer(t, { LOOKASIDE_HOST: '::1', LOOKASIDE_WORKERS: '2' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(store.url, `/${IMAGE}/signature-1`)));
  await t.test('share the port', () => assert.deepEqual([...new Set(answers.map(({ status }) => status))], [404]));
});
