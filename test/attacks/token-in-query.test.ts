// A token in a query ends up in the logs of proxies and clients. It opens nothing here, and is written nowhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../server/ops/log.ts';
import { assertProblem, IMAGE, sceneOf, signature } from '../http/scene.ts';
import { send } from '../http/wire.ts';
import { testServer } from '../support/server.ts';

test('a token in a query', async (t) => {
  let written = '';
  const write = (line: string) => {
    written += line;
  };
  const log = createLog('debug', { write });
  const store = await sceneOf(await testServer(t, { LOOKASIDE_READ_ACCESS: 'token' }, { log }));
  const { token } = store;

  for (const name of ['token', 'access_token', 'authorization', 'Authorization'])
    await t.test(`opens nothing: ${name}`, async () => {
      const query = `?${name}=${token}&${name}=Bearer%20${token}`;
      assert.equal((await store.get(`/${IMAGE}/signature-1${query}`)).status, 401);
      assertProblem(await store.get(`/api/v1/signatures${query}`), 401, 'CREDENTIALS_MISSING');
      const put = { method: 'PUT', body: signature('rsa2048') };
      assertProblem(await send(store.url, `/${IMAGE}/signature-1${query}`, put), 401, 'CREDENTIALS_MISSING');
    });
  await t.test('opens nothing as a cookie or another header either', async () => {
    const headers = { cookie: `token=${token}`, 'x-auth-token': token, 'proxy-authorization': `Bearer ${token}` };
    assert.equal((await store.get(`/${IMAGE}/signature-1`, headers)).status, 401);
  });
  await t.test('is not written to the log', async () => {
    await store.get(`/api/v1/signatures?token=${token}`, { authorization: `Bearer ${token}` });
    await store.uploadRaw(signature('rsa2048'), `x?token=${token}`);
    assert.ok(written.includes('request.failed'));
    assert.ok(!written.includes(token), 'the token is in the log');
  });
  await t.test('is not written to the log when it stands where an id belongs', async () => {
    const headers = { authorization: `Bearer ${token}` };
    await send(store.url, `/api/v1/tokens/${token}`, { method: 'DELETE', headers });
    for (const path of [`signatures/${token}`, `signatures?signer=${token}`, `keys/${token}`, `audit?cursor=${token}`])
      await store.get(`/api/v1/${path}`, headers);
    assert.ok(!written.includes(token), 'the token is in the log');
  });
});
