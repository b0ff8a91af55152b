// What the admin pages look at: overview, search, repositories and images, refusals, the audit log as a whole.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ERRORS, type ErrorCode } from '../../server/domain/errors.ts';
import { INTAKE_STEPS, stepOf } from '../../server/domain/intake-step.ts';
import { fixture } from '../support/server.ts';
import { assertProblem, DIGEST, IMAGE, problemOf, REPOSITORY, type Scene, scene, signature, stored } from './scene.ts';
import { bearer, form, send } from './wire.ts';

type Page = { readonly items: readonly Record<string, unknown>[]; readonly next: string | null };

async function get<T = Page>(store: Scene, path: string, token = store.token): Promise<T> {
  const answer = await send(store.url, `/api/v1${path}`, { headers: bearer(token) });
  assert.equal(answer.status, 200, answer.text);
  return answer.json<T>();
}

/** Two live signatures, one withdrawn, one refused. */
async function written(t: Pick<TestContext, 'after'>): Promise<Scene> {
  const store = await scene(t);
  await stored(store, 'rsa2048', 'ed25519', 'ecdsa-p256');
  const reason = JSON.stringify({ reason: 'built from the wrong branch' });
  const headers = { ...bearer(store.token), 'content-type': 'application/json' };
  await send(store.url, '/api/v1/signatures/3', { method: 'DELETE', headers, body: reason });
  await store.uploadRaw(signature('armored'), `${REPOSITORY}@${DIGEST}`);
  return store;
}

test('the overview', async (t) => {
  const store = await written(t);
  type Overview = Record<string, Record<string, number>> & {
    days: { stored: number; refused: number }[];
    refusals: { code: string; count: number }[];
    lastUploads: { id: number }[];
    lastRefusals: { code: string; target: string }[];
    repositories: number;
  };
  const overview = await get<Overview>(store, '/overview');
  await t.test('counts what there is', () => {
    assert.deepEqual(overview.signatures, { live: 2, withdrawn: 1, revoked: 0 });
    assert.deepEqual(overview.images, { signed: 1, total: 1 });
    assert.deepEqual(overview.keys, { active: 4, expired: 0, retired: 0, revoked: 0 });
    assert.equal(overview.repositories, 1);
  });
  await t.test('shows 30 days, today last', () => {
    assert.equal(overview.days.length, 30);
    const { stored, refused } = overview.days.at(-1) ?? {};
    assert.deepEqual({ stored, refused }, { stored: 3, refused: 1 });
    assert.deepEqual(
      overview.days.slice(0, -1).filter((day) => day.stored + day.refused > 0),
      [],
    );
  });
  await t.test('shows refusals by reason, and the latest of both kinds', () => {
    assert.deepEqual(
      overview.refusals.map(({ code, count }) => [code, count]),
      [['SIGNATURE_ARMORED', 1]],
    );
    assert.deepEqual(
      overview.lastUploads.map(({ id }) => id),
      [3, 2, 1],
    );
    assert.equal(overview.lastRefusals[0]?.target, `${REPOSITORY}@${DIGEST}`);
  });
  await t.test('is not for a token of some repositories', async () => {
    const scoped = await store.createToken(['admin'], [REPOSITORY]);
    for (const path of ['/overview', '/refusals', '/audit/status', '/audit/export'])
      assertProblem(await send(store.url, `/api/v1${path}`, { headers: bearer(scoped) }), 403, 'TOKEN_SCOPE');
  });
});

test('repositories and images', async (t) => {
  const store = await written(t);
  await t.test('are listed with what is live', async () => {
    const [repository] = (await get(store, '/repositories')).items;
    assert.deepEqual(
      [repository?.name, repository?.images, repository?.signatures, repository?.live],
      [REPOSITORY, 1, 3, 2],
    );
    const [image] = (await get(store, `/images?repository=${REPOSITORY}`)).items;
    assert.deepEqual([image?.digest, image?.signatures, image?.live], [DIGEST, 3, 2]);
    assert.equal([image?.signers].flat().length, 2);
  });
  await t.test('are found by the beginning of a word', async () => {
    for (const q of ['acme', 'app', 'acme/ap', 'ACME', 'example.com/acme', REPOSITORY])
      assert.equal((await get(store, `/repositories?q=${q}`)).items.length, 1, q);
    for (const q of ['cme', 'acme/b', '%25', '_', 'quay.io'])
      assert.equal((await get(store, `/repositories?q=${q}`)).items.length, 0, q);
  });
  await t.test('outside the scopes of a token are not there', async () => {
    const scoped = await store.createToken(['read'], ['quay.io']);
    assert.deepEqual((await get(store, '/repositories', scoped)).items, []);
    const images = await send(store.url, `/api/v1/images?repository=${REPOSITORY}`, { headers: bearer(scoped) });
    assertProblem(images, 403, 'TOKEN_SCOPE');
  });
});

test('search', async (t) => {
  const store = await written(t);
  type Found = Record<'repositories' | 'images' | 'signatures' | 'keys' | 'tokens', unknown[]>;
  const kinds = async (q: string, token = store.token) => {
    const found = await get<Found>(store, `/search?q=${encodeURIComponent(q)}`, token);
    return Object.entries(found)
      .filter(([, items]) => items.length > 0)
      .map(([kind]) => kind);
  };
  const [key] = (await get<{ items: { fingerprint: string }[] }>(store, '/keys?q=rsa4096')).items;
  const fingerprint = key?.fingerprint ?? '';
  const FINDS: readonly [what: string, q: string, kind: string][] = [
    ['a repository', 'acme/app', 'repositories'],
    ['a digest', DIGEST, 'images'],
    ['the beginning of a digest', DIGEST.slice(7, 15), 'images'],
    ['a tag reference', `${REPOSITORY}:v1`, 'signatures'],
    ['a short tag reference', 'app:v1', 'signatures'],
    ['a tag', 'v1', 'signatures'],
    ['a fingerprint', fingerprint, 'keys'],
    ['a fingerprint in groups of four', fingerprint.replace(/.{4}/g, '$& ').trim(), 'keys'],
    ['a key id in small letters', fingerprint.slice(-16).toLowerCase(), 'keys'],
    ['a signer', 'RSA4096@example.com', 'keys'],
    ['a token', 'tes', 'tokens'],
  ];
  for (const [what, q, kind] of FINDS)
    await t.test(`finds ${what}`, async () => assert.ok((await kinds(q)).includes(kind), String(await kinds(q))));
  await t.test('finds nothing where there is nothing', async () => assert.deepEqual(await kinds('no such thing'), []));
  await t.test('shows keys and tokens to nobody who may only read', async () => {
    const reader = await store.createToken(['read']);
    assert.deepEqual(await kinds(fingerprint, reader), []);
    assert.deepEqual(await kinds('test', reader), []);
  });
  await t.test('shows nothing outside the scopes of a token', async () => {
    const scoped = await store.createToken(['read'], ['quay.io']);
    for (const [, q] of FINDS) assert.deepEqual(await kinds(q, scoped), [], q);
  });
});

test('refused uploads', async (t) => {
  const store = await scene(t);
  const weak = await store.createToken(['read']);
  await store.uploadRaw(signature('armored'));
  await store.upload({ bytes: signature('secp256k1'), filename: IMAGE }, { bytes: signature('rsa2048') });
  await send(store.url, '/api/v1/signatures', { method: 'POST', headers: bearer(weak), body: 'x' });
  await send(store.url, `/${IMAGE}/signature-1`, { method: 'PUT', headers: bearer(weak), body: 'x' });
  await store.uploadRaw(Buffer.alloc(100_000, 0x90));
  const rows = (await get(store, '/refusals')).items;
  await t.test('are remembered with their reason, newest first', () => {
    assert.deepEqual(
      rows.map(({ code }) => code),
      ['SIGNATURE_TOO_LARGE', 'PERMISSION_MISSING', 'PERMISSION_MISSING', 'KEY_UNKNOWN', 'SIGNATURE_ARMORED'],
    );
    assert.equal(rows[3]?.target, IMAGE);
    assert.match(String(rows[4]?.detail), /--armor/);
  });
  await t.test('keep a target as it was written, also beyond ASCII', async () => {
    await store.upload({ bytes: signature('rsa2048'), filename: 'quay.io/größe@sha256=00' });
    assert.equal((await get(store, '/refusals')).items[0]?.target, 'quay.io/größe@sha256=00');
  });
  await t.test('are narrowed by code and by who was refused', async () => {
    assert.equal((await get(store, '/refusals?code=KEY_UNKNOWN')).items.length, 1);
    assert.equal((await get(store, '/refusals?actor=test')).items.length, 6);
    assert.equal((await get(store, '/refusals?actor=nobody')).items.length, 0);
  });
});

test('the audit log as a whole', async (t) => {
  const store = await written(t);
  await t.test('is intact, to its head', async () => {
    const status = await get<{ state: string; checkedTo: number; head: { seq: number } }>(store, '/audit/status');
    assert.deepEqual([status.state, status.checkedTo], ['intact', status.head.seq]);
  });
  await t.test('is exported as JSON lines, oldest first', async () => {
    const answer = await send(store.url, '/api/v1/audit/export', { headers: bearer(store.token) });
    assert.equal(answer.headers['content-type'], 'application/jsonl');
    const rows = answer.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    assert.deepEqual(rows.reverse(), (await get(store, '/audit?limit=1000')).items);
  });
  await t.test('is narrowed by time', async () => {
    const { items } = await get<{ items: { at: string; seq: number }[] }>(store, '/audit?limit=1000');
    const middle = items[Math.floor(items.length / 2)]?.at ?? '';
    const since = (await get(store, `/audit?limit=1000&since=${middle}`)).items;
    const until = (await get(store, `/audit?limit=1000&until=${middle}`)).items;
    assert.deepEqual([...since, ...until], items);
    assertProblem(
      await send(store.url, '/api/v1/audit?since=yesterday', { headers: bearer(store.token) }),
      400,
      'REQUEST_INVALID',
    );
  });
});

test('a preview of a key file', async (t) => {
  const store = await scene(t);
  const preview = (body: Uint8Array) =>
    send(store.url, '/api/v1/keys/preview', {
      method: 'POST',
      headers: { ...bearer(store.token), 'content-type': 'application/pgp-keys' },
      body,
    });
  await t.test('says what is in it, and stores nothing', async () => {
    const { keys } = (await preview(fixture('keys/rsa2048.asc'))).json<{ keys: { registered: object | null }[] }>();
    assert.equal(keys.length, 1);
    assert.ok(keys[0]?.registered);
    assert.equal((await get(store, '/keys')).items.length, 4);
  });
  await t.test('refuses a private key as registering does', async () => {
    const answer = await preview(
      Buffer.from('-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----\n'),
    );
    assert.equal(problemOf(answer, 422, answer.json<{ code: string }>().code).code.startsWith('KEY_'), true);
  });
  await t.test('and the key comes back as a file that can be registered', async () => {
    const [key] = (await get<{ items: { fingerprint: string }[] }>(store, '/keys')).items;
    for (const format of ['armored', 'binary']) {
      const path = `/api/v1/keys/${key?.fingerprint}/material?format=${format}`;
      const { body } = await send(store.url, path, { headers: bearer(store.token) });
      assert.equal(body.toString('latin1').startsWith('-----BEGIN PGP PUBLIC KEY BLOCK-----'), format === 'armored');
      assert.equal((await preview(body)).status, 200);
    }
  });
});

test('a verdict', async (t) => {
  const store = await scene(t);
  const verdicts = async (...names: string[]) => {
    const { headers, body } = form(names.map((name) => ({ bytes: signature(name) })));
    const answer = await send(store.url, '/api/v1/verify', {
      method: 'POST',
      headers: { ...headers, ...bearer(store.token) },
      body,
    });
    return answer.json<{ results: { status: string; steps: { step: string; outcome: string }[] }[] }>().results;
  };
  await t.test('passes every step of a good signature, and ends at the first that refuses', async () => {
    const [good, armored, unknown] = await verdicts('rsa2048', 'armored', 'secp256k1');
    assert.ok(good?.steps.every(({ outcome }) => outcome === 'passed'));
    const refusedAt = (result: typeof good) => result?.steps.find(({ outcome }) => outcome === 'refused')?.step;
    assert.deepEqual([refusedAt(armored), refusedAt(unknown)], ['format', 'key']);
    assert.deepEqual(
      unknown?.steps.map(({ outcome }) => outcome),
      ['passed', 'passed', 'passed', 'passed', 'refused', 'not-reached', 'not-reached', 'not-reached', 'not-reached'],
    );
  });
  await t.test('has a step for every code that refuses a signature', () => {
    const about = /^(?:SIGNATURE|CLAIM|SLOT|IMAGE)_|^KEY_(?:UNKNOWN|EXPIRED|RETIRED|REVOKED|UNUSABLE|SCOPE)$/;
    for (const code of Object.keys(ERRORS) as ErrorCode[])
      if (code !== 'SIGNATURE_NOT_FOUND' && code !== 'IMAGE_NOT_FOUND')
        assert.equal(
          stepOf(code) !== null,
          about.test(code) ||
            /^(?:DIGEST|REPOSITORY|TARGET)_INVALID$|^TOKEN_(?:SCOPE|KEY)$|^REPOSITORY_HIDDEN$/.test(code),
          code,
        );
    assert.equal(Object.keys(INTAKE_STEPS).length, 9);
  });
});
