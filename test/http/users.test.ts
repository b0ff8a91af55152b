// People: added, changed, removed; and when that counts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PASSWORD, peopleScene } from '../support/people.ts';
import { assertProblem, problemOf } from './scene.ts';
import { bearer, send } from './wire.ts';

const USERS = '/api/v1/users';

type UserView = {
  name: string;
  role: string;
  createdAt: string;
  passwordChangedAt: string;
  lastSignInAt: string | null;
};

test('an admin', async (t) => {
  const store = await peopleScene(t);
  const admin = await store.person();
  await t.test('adds people', async () => {
    const answer = await admin.call('POST', USERS, { name: 'bob', role: 'viewer', password: PASSWORD });
    assert.equal(answer.status, 201, answer.text);
    const time = '2026-01-01T00:00:00.000Z';
    const times = { createdAt: time, passwordChangedAt: time, lastSignInAt: null };
    assert.deepEqual(answer.json<UserView>(), { name: 'bob', role: 'viewer', ...times });
    const [row] = await store.audit('user.created');
    assert.deepEqual([row?.actor, row?.subject], [{ kind: 'user', name: 'admin' }, 'bob']);
  });
  await t.test('lists them by name, without anything of their passwords', async () => {
    const answer = await admin.call('GET', USERS);
    assert.deepEqual(
      answer.json<{ items: UserView[] }>().items.map(({ name }) => name),
      ['admin', 'bob'],
    );
    assert.doesNotMatch(answer.text, /argon2|hash/);
  });
  for (const name of ['', 'B', 'bob smith', '-bob', 'bob.', 'bób', 'a'.repeat(65), '(unknown)', '../x', 'bob\n'])
    await t.test(`adds nobody called ${JSON.stringify(name.slice(0, 20))}`, async () =>
      assertProblem(
        await admin.call('POST', USERS, { name, role: 'viewer', password: PASSWORD }),
        400,
        'USER_NAME_INVALID',
      ),
    );
  await t.test('adds nobody twice, with another role, or with a weak password', async () => {
    const add = (user: object) =>
      admin.call('POST', USERS, { name: 'carol', role: 'viewer', password: PASSWORD, ...user });
    assertProblem(await add({ name: 'bob' }), 409, 'USER_EXISTS');
    assertProblem(await add({ role: 'owner' }), 400, 'REQUEST_INVALID');
    assertProblem(await add({ password: 'seven77' }), 400, 'PASSWORD_WEAK');
    assertProblem(await add({ password: '😀'.repeat(7) }), 400, 'PASSWORD_WEAK');
    assertProblem(await add({ password: 'x'.repeat(1_001) }), 400, 'REQUEST_INVALID');
  });
  await t.test('changes and removes nobody who is not there', async () => {
    assertProblem(await admin.call('PATCH', `${USERS}/nobody`, { role: 'admin' }), 404, 'USER_NOT_FOUND');
    assertProblem(await admin.call('DELETE', `${USERS}/nobody`), 404, 'USER_NOT_FOUND');
    assertProblem(await admin.call('DELETE', `${USERS}/NOBODY`), 400, 'USER_NAME_INVALID');
    assertProblem(await admin.call('PATCH', `${USERS}/bob`, {}), 400, 'REQUEST_INVALID');
  });
});

test('a change of somebody', async (t) => {
  const store = await peopleScene(t);
  const admin = await store.person();
  const bob = await store.newPerson('bob', 'viewer');
  const key = (person: typeof bob) => person.call('POST', '/api/v1/tokens', { name: 'x', permissions: ['read'] });

  await t.test('of role counts from the next request on, both ways', async () => {
    assertProblem(await key(bob), 403, 'PERMISSION_MISSING');
    const raised = await admin.call('PATCH', `${USERS}/bob`, { role: 'admin' });
    assert.deepEqual([raised.status, raised.json<UserView>().role], [200, 'admin']);
    assert.equal((await key(bob)).status, 201);
    assert.equal((await admin.call('PATCH', `${USERS}/bob`, { role: 'viewer' })).status, 200);
    assertProblem(await key(bob), 403, 'PERMISSION_MISSING');
    const rows = await store.audit('user.role_changed');
    assert.deepEqual(
      rows.map(({ detail }) => detail),
      [
        { from: 'admin', to: 'viewer' },
        { from: 'viewer', to: 'admin' },
      ],
    );
  });
  await t.test('to the role they have is nothing, and not written down', async () => {
    assert.equal((await admin.call('PATCH', `${USERS}/bob`, { role: 'viewer' })).status, 200);
    assert.equal((await store.audit('user.role_changed')).length, 2);
  });
  await t.test('of password ends their sessions at once, and no other', async () => {
    const again = await store.person('bob');
    const answer = await admin.call('PATCH', `${USERS}/bob`, { password: 'from the admin' });
    assert.equal(answer.status, 200);
    for (const session of [bob, again]) assertProblem(await session.call('GET', USERS), 401, 'CREDENTIALS_EXPIRED');
    assert.equal((await admin.call('GET', USERS)).status, 200);
    assertProblem(await store.signIn('bob'), 401, 'CREDENTIALS_INVALID');
    assert.equal((await store.signIn('bob', 'from the admin')).status, 200);
  });
  await t.test('of both at once is all or nothing', async () => {
    assertProblem(
      await admin.call('PATCH', `${USERS}/admin`, { role: 'viewer', password: 'never set' }),
      409,
      'USER_LAST_ADMIN',
    );
    assert.equal((await admin.call('GET', USERS)).status, 200);
    assertProblem(await store.signIn('admin', 'never set'), 401, 'CREDENTIALS_INVALID');
  });
});

test('somebody who is removed', async (t) => {
  const store = await peopleScene(t);
  const admin = await store.person();
  const bob = await store.newPerson('bob', 'admin');
  await t.test('is out with the next request, and cannot come back', async () => {
    assert.equal((await admin.call('DELETE', `${USERS}/bob`)).status, 204);
    assertProblem(await bob.call('GET', USERS), 401, 'CREDENTIALS_EXPIRED');
    assertProblem(await store.signIn('bob'), 401, 'CREDENTIALS_INVALID');
  });
  await t.test('does not come to life again with somebody else of that name', async () => {
    await store.newPerson('bob', 'viewer');
    assertProblem(await bob.call('GET', USERS), 401, 'CREDENTIALS_EXPIRED');
  });
});

test('the last admin', async (t) => {
  const store = await peopleScene(t);
  const admin = await store.person();
  await store.newPerson('viewer', 'viewer');
  const refused = async () => {
    assert.match(problemOf(await admin.call('DELETE', `${USERS}/admin`), 409, 'USER_LAST_ADMIN').detail, /only admin/);
    assertProblem(await admin.call('PATCH', `${USERS}/admin`, { role: 'viewer' }), 409, 'USER_LAST_ADMIN');
  };
  await t.test('stays one', refused);
  await t.test('may go when there is another', async () => {
    const other = await store.newPerson('other', 'admin');
    assert.equal((await admin.call('DELETE', `${USERS}/admin`)).status, 204);
    assertProblem(await other.call('DELETE', `${USERS}/other`), 409, 'USER_LAST_ADMIN');
  });
  await t.test('is left of two who remove each other at once', async () => {
    const one = await store.person('other');
    const two = await store.newPerson('two', 'admin');
    const answers = await Promise.all([one.call('DELETE', `${USERS}/two`), two.call('DELETE', `${USERS}/other`)]);
    assert.ok(answers.some(({ status }) => status !== 204));
    const token = await store.createToken(['admin']);
    const left = (await send(store.url, USERS, { headers: bearer(token) })).json<{ items: UserView[] }>().items;
    assert.equal(left.filter(({ role }) => role === 'admin').length, 1);
  });
});
