// Somebody moves the database away under a running server, or restores a backup in its place. What is in memory is
// served on, but an upload acknowledged into a file without a name would be lost, and a worker that cannot open the
// file must not take the server along.
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { IMAGE, problemOf, scene, signature, stored } from '../http/scene.ts';

test('a database that is moved away', async (t) => {
  const store = await scene(t);
  const path = store.config.databasePath;
  await stored(store, 'rsa2048');
  for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}.away${suffix}`);

  await t.test('takes no upload, and says why', async () => {
    const problem = problemOf(await store.uploadRaw(signature('rsa4096')), 503, 'STORE_FAULT');
    assert.match(problem.detail, /moved or replaced/);
  });
  await t.test('makes the server not ready', async () => assert.equal((await store.get('/readyz')).status, 503));
  await t.test('goes on serving', async () => assert.equal((await store.get(`/${IMAGE}/signature-1`)).status, 200));
  await t.test('is taken up again when it is back', async () => {
    for (const suffix of ['', '-wal', '-shm']) renameSync(`${path}.away${suffix}`, path + suffix);
    assert.equal((await store.uploadRaw(signature('rsa4096'))).status, 201);
  });
});

test('a verification worker that cannot start does not end the server', async (t) => {
  const store = await scene(t);
  const path = store.config.databasePath;
  for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}.away${suffix}`);
  const answer = await store.uploadRaw(signature('rsa2048'));
  assert.equal(answer.status, 503, answer.text);
  assert.equal((await store.get('/livez')).status, 200);
  for (const suffix of ['', '-wal', '-shm']) renameSync(`${path}.away${suffix}`, path + suffix);
  assert.equal((await store.uploadRaw(signature('rsa2048'))).status, 201);
});
