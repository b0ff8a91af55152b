// Signing in and out, who am I, one's own password.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash } from '@node-rs/argon2';
import Database from 'better-sqlite3';
import { cookieOf, PASSWORD, peopleScene, personWith, secretOf } from '../support/people.ts';
import { assertProblem, IMAGE, problemOf } from './scene.ts';
import { bearer, send } from './wire.ts';

const SESSION = '/api/v1/session';

type Session = {
  actor: { kind: string; name: string };
  role: string | null;
  permissions: readonly string[];
  scopes: readonly string[];
  expiresAt: string | null;
  store: { publicUrl: string; version: string; readAccess: string; defaultRegistry: string };
};

test('signing in', async (t) => {
  const store = await peopleScene(t);
  await t.test('says who that is, what they may, and until when', async () => {
    const answer = await store.signIn();
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers['cache-control'], 'no-store');
    const { actor, role, permissions, scopes, expiresAt, store: about } = answer.json<Session>();
    assert.deepEqual([actor, role, scopes], [{ kind: 'user', name: 'admin' }, 'admin', ['']]);
    assert.deepEqual(permissions, ['upload', 'withdraw', 'read', 'admin', 'view']);
    assert.equal(expiresAt, '2026-01-01T12:00:00.000Z');
    assert.equal(about.publicUrl, store.url);
    assert.deepEqual([about.readAccess, about.defaultRegistry], ['public', 'docker.io']);
  });
  await t.test('gives a cookie that is good for the same answer, and different every time', async () => {
    const [one, other] = [await store.person(), await store.person()];
    assert.notEqual(one.cookie, other.cookie);
    assert.match(secretOf(one), /^[A-Za-z0-9_-]{43}$/);
    const answer = await one.call('GET', SESSION);
    assert.equal(answer.json<Session>().actor.name, 'admin');
    assert.equal(answer.headers['set-cookie'], undefined);
  });
  await t.test('is written down, with the address and the time of the last one', async () => {
    const [row] = await store.audit('session.created');
    assert.deepEqual([row?.actor, row?.subject], [{ kind: 'user', name: 'admin' }, 'admin']);
    assert.equal(row?.detail.address, '127.0.0.1');
    const [admin] = (await (await store.person()).call('GET', '/api/v1/users')).json<{
      items: readonly { lastSignInAt: string }[];
    }>().items;
    assert.equal(admin?.lastSignInAt, '2026-01-01T00:00:00.000Z');
  });
  await t.test('with a wrong password is 401, without a cookie or a challenge to the browser', async () => {
    const answer = await store.signIn('admin', `${PASSWORD}!`);
    assertProblem(answer, 401, 'CREDENTIALS_INVALID');
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.equal(answer.headers['www-authenticate'], undefined);
    const [row] = await store.audit('session.refused');
    assert.deepEqual(row?.detail, { occasion: 'sign-in', address: '127.0.0.1', attempts: 1 });
    assert.equal(row?.subject, 'admin');
  });
  await t.test('takes JSON with both members, no more, and not much of it', async () => {
    const post = (body: string, type = 'application/json') =>
      send(store.url, SESSION, { method: 'POST', headers: { 'content-type': type }, body });
    assertProblem(await post('{"username":"admin"}'), 400, 'REQUEST_INVALID');
    assertProblem(await post('{"username":"admin","password":""}'), 400, 'REQUEST_INVALID');
    assertProblem(await post('{"username":"admin","password":"x","role":"admin"}'), 400, 'REQUEST_INVALID');
    assertProblem(await post('{"username":["admin"],"password":"x"}'), 400, 'REQUEST_INVALID');
    assertProblem(await post('{"username":'), 400, 'REQUEST_MALFORMED');
    assertProblem(
      await post(`username=admin&password=${PASSWORD}`, 'application/x-www-form-urlencoded'),
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    );
    assertProblem(
      await post(JSON.stringify({ username: 'admin', password: 'x'.repeat(17_000) })),
      413,
      'REQUEST_TOO_LARGE',
    );
  });
  await t.test('works for the longest password there is, whatever it is made of', async () => {
    for (const [name, password] of [
      ['long', '𝄞'.repeat(500)],
      ['quoted', `"\\\u0000${'\u001f'.repeat(990)}`],
    ] as const) {
      const admin = await store.person();
      const made = await admin.call('POST', '/api/v1/users', { name, role: 'viewer', password });
      assert.equal(made.status, 201, made.text);
      assert.equal((await store.signIn(name, password)).status, 200);
    }
  });
  await t.test('hashes the same password anew when it was with weaker parameters, and ends nothing', async () => {
    const admin = await store.person();
    const db = new Database(store.config.databasePath);
    t.after(() => db.close());
    const kept = db.prepare<[], string>("SELECT password FROM users WHERE name = 'admin'").pluck();
    const weak = await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2 });
    db.prepare("UPDATE users SET password = ? WHERE name = 'admin'").run(weak);
    assertProblem(await store.signIn('admin', 'wrong'), 401, 'CREDENTIALS_INVALID');
    assert.equal(kept.get(), weak);
    for (let round = 0; round < 2; round++) assert.equal((await store.signIn()).status, 200);
    assert.match(String(kept.get()), /^\$argon2id\$v=19\$m=32768,t=3,/);
    assert.equal((await admin.call('GET', SESSION)).status, 200);
    assert.equal((await store.audit('user.password_changed')).length, 0);
  });
  await t.test('is not asked about by other methods', async () => {
    for (const method of ['PUT', 'PATCH']) {
      const answer = await send(store.url, SESSION, { method });
      assertProblem(answer, 405, 'METHOD_NOT_ALLOWED');
      assert.deepEqual(String(answer.headers.allow).split(', ').sort(), ['DELETE', 'GET', 'HEAD', 'POST']);
    }
  });
});

test('who am I', async (t) => {
  const store = await peopleScene(t);
  const get = (headers = {}) => send(store.url, SESSION, { headers });
  await t.test('is told to a token, with its end', async () => {
    const { actor, role, permissions, scopes, expiresAt } = (
      await get(bearer(await store.createToken(['read'], ['quay.io'], 60_000)))
    ).json<Session>();
    assert.deepEqual([actor.kind, role, permissions, scopes], ['token', null, ['read'], ['quay.io']]);
    assert.equal(expiresAt, '2026-01-01T00:01:00.000Z');
    assert.equal((await get(bearer(await store.createToken(['read'])))).json<Session>().expiresAt, null);
  });
  await t.test('is told to the token, not to the cookie, where both are sent', async () => {
    const { cookie } = await store.person();
    const headers = { cookie, ...bearer(await store.createToken(['read'])) };
    assert.equal((await get(headers)).json<Session>().actor.kind, 'token');
    assertProblem(await get({ cookie, ...bearer('lks_x') }), 401, 'CREDENTIALS_INVALID');
  });
  await t.test('is told to nobody else', async () => {
    for (const cookie of ['lookaside_session=', 'lookaside_session', `lookaside_sessions=${'A'.repeat(43)}`, 'x=y'])
      assert.equal((await get({ cookie })).status, 401);
    assertProblem(await get(), 401, 'CREDENTIALS_MISSING');
    assertProblem(await get({ cookie: `lookaside_session=${'A'.repeat(43)}` }), 401, 'CREDENTIALS_EXPIRED');
    assertProblem(await get({ cookie: 'lookaside_session=%00' }), 401, 'CREDENTIALS_EXPIRED');
  });
  await t.test('challenges programs to send a token, and pages never', async () => {
    const challenge = async (headers = {}) => (await get(headers)).headers['www-authenticate'];
    assert.match(String(await challenge()), /^Basic .*Bearer /);
    assert.equal(await challenge({ cookie: 'lookaside_session=x' }), undefined);
    assert.equal(await challenge({ 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }), undefined);
    assert.equal(await challenge({ accept: 'application/json, application/problem+json' }), undefined);
  });
});

test('signing out', async (t) => {
  const store = await peopleScene(t);
  const [here, elsewhere] = [await store.person(), await store.person()];
  await t.test('ends this session, and takes the cookie back', async () => {
    const answer = await here.call('DELETE', SESSION);
    assert.deepEqual([answer.status, answer.text], [204, '']);
    assert.match(
      String(answer.headers['set-cookie']),
      /^lookaside_session=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/,
    );
    assertProblem(await here.call('GET', SESSION), 401, 'CREDENTIALS_EXPIRED');
    assert.equal((await store.audit('session.ended')).length, 1);
  });
  await t.test('leaves the other sessions of the user', async () =>
    assert.equal((await elsewhere.call('GET', SESSION)).status, 200),
  );
  await t.test('is harmless when it is done already, and with no session at all', async () => {
    for (const person of [here, personWith(store.url, 'x=y')])
      assert.equal((await person.call('DELETE', SESSION)).status, 204);
    assert.equal((await send(store.url, SESSION, { method: 'DELETE' })).status, 204);
    assert.equal((await store.audit('session.ended')).length, 1);
  });
});

test('changing one’s own password', async (t) => {
  const store = await peopleScene(t);
  const bob = await store.newPerson('bob', 'viewer');
  const elsewhere = await store.person('bob');
  const admin = await store.person();
  const change = (current: string, password: string) => bob.call('PUT', `${SESSION}/password`, { current, password });

  await t.test('needs the current one, and a new one that is long enough', async () => {
    assert.match(
      problemOf(await change('wrong', 'another password'), 401, 'CREDENTIALS_INVALID').detail,
      /current password/,
    );
    assertProblem(await change(PASSWORD, 'short'), 400, 'PASSWORD_WEAK');
    const [row] = await store.audit('session.refused');
    assert.deepEqual([row?.subject, row?.detail.occasion], ['bob', 'password-change']);
    assert.equal((await bob.call('GET', SESSION)).status, 200);
  });
  await t.test('is nothing for a token', async () => {
    const headers = { 'content-type': 'application/json', ...bearer(await store.createToken(['admin'])) };
    const body = JSON.stringify({ current: PASSWORD, password: 'another password' });
    const answer = await send(store.url, `${SESSION}/password`, { method: 'PUT', headers, body });
    assertProblem(answer, 403, 'PERMISSION_MISSING');
  });
  await t.test('ends all sessions of that user, and of nobody else', async () => {
    const answer = await change(PASSWORD, 'another password');
    assert.equal(answer.status, 204, answer.text);
    for (const session of [bob, elsewhere])
      assertProblem(await session.call('GET', SESSION), 401, 'CREDENTIALS_EXPIRED');
    assert.equal((await admin.call('GET', SESSION)).status, 200);
    const [row] = await store.audit('user.password_changed');
    assert.deepEqual([row?.actor, row?.detail], [{ kind: 'user', name: 'bob' }, { sessionsEnded: 2 }]);
  });
  await t.test('leaves the new one as the only one', async () => {
    assertProblem(await store.signIn('bob', PASSWORD), 401, 'CREDENTIALS_INVALID');
    assert.equal((await store.signIn('bob', 'another password')).status, 200);
  });
});

test('the cookie of a session', async (t) => {
  const store = await peopleScene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  const { cookie } = await store.person();
  await t.test('opens no lookaside path, neither to read nor to upload', async () => {
    assert.equal((await send(store.url, `/${IMAGE}/signature-1`, { headers: { cookie } })).status, 401);
    const put = { method: 'PUT', headers: { cookie, origin: store.url }, body: 'x' };
    assertProblem(await send(store.url, `/${IMAGE}/signature-1`, put), 401, 'CREDENTIALS_MISSING');
  });
  await t.test('may stand among others', async () => {
    const headers = { cookie: `a=b; ${cookie}; lookaside_session_x=y` };
    assert.equal((await send(store.url, SESSION, { headers })).status, 200);
  });
  await t.test('is the only cookie there is', async () => {
    assert.match(cookieOf(await store.signIn()), /^lookaside_session=/);
    for (const path of ['/livez', '/api/v1/openapi.json', '/ui/', `/${IMAGE}/signature-1`])
      assert.equal((await send(store.url, path, { headers: { cookie } })).headers['set-cookie'], undefined);
  });
});
