// A viewer sees everything and changes nothing, enforced by the server for every operation there is.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Operation } from '../../server/http/contract/operation.ts';
import { operationList } from '../../server/http/contract/operations.ts';
import { peopleScene } from '../support/people.ts';
import { assertProblem, IMAGE, signature } from './scene.ts';
import { send } from './wire.ts';

/** Not GET, and yet no change of anything but the caller's own session. */
const HARMLESS = [
  ...['verifySignatures', 'previewKeys', 'judgeImage', 'generateConfig'],
  ...['signIn', 'signOut', 'changeOwnPassword'],
  'exchangeIdToken', // for whoever has one, and nobody else
];

const allowsViewers = ({ needs }: Operation) => !Array.isArray(needs) || needs.includes('view');
const pathOf = ({ path }: Operation) => `/api/v1${path.replace(':fingerprint', 'A'.repeat(40)).replace(/:\w+/, '1')}`;

test('an operation that changes something', async (t) => {
  const store = await peopleScene(t);
  await store.registerKeys('rsa2048');
  const viewer = await store.newPerson('viewer', 'viewer');
  const refused = operationList().filter(([, operation]) => !allowsViewers(operation));
  assert.ok(refused.length >= 9);

  await t.test('never lists viewers among those who may', () => {
    for (const [id, operation] of operationList())
      if (operation.method !== 'get' && !HARMLESS.includes(id)) assert.ok(!allowsViewers(operation), id);
  });
  for (const [id, operation] of refused)
    await t.test(`is 403 for a viewer: ${id}`, async () => {
      const body = operation.body ? {} : undefined;
      assertProblem(
        await viewer.call(operation.method.toUpperCase(), pathOf(operation), body),
        403,
        'PERMISSION_MISSING',
      );
    });
  await t.test('is 403 before anything of the body is looked at', async () => {
    const upload = { 'content-type': 'application/octet-stream', cookie: viewer.cookie, origin: store.url };
    const answer = await send(store.url, '/api/v1/signatures', {
      method: 'POST',
      headers: upload,
      body: signature('rsa2048'),
    });
    assertProblem(answer, 403, 'PERMISSION_MISSING');
  });
  await t.test('is 401 for the cookie of a viewer on a lookaside path', async () => {
    const headers = { cookie: viewer.cookie, origin: store.url };
    const put = { method: 'PUT', headers, body: signature('rsa2048') };
    assertProblem(await send(store.url, `/${IMAGE}/signature-1`, put), 401, 'CREDENTIALS_MISSING');
  });
});

test('what there is to see', async (t) => {
  const store = await peopleScene(t);
  const viewer = await store.newPerson('viewer', 'viewer');
  for (const [id, operation] of operationList())
    if (operation.method === 'get')
      await t.test(`is not refused to a viewer: ${id}`, async () => {
        const answer = await viewer.call('GET', pathOf(operation));
        assert.ok([200, 400, 404].includes(answer.status), `${answer.status} ${answer.text}`);
      });
});
