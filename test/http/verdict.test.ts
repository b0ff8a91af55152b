// POST /api/v1/verdict: who would accept an image, over the wire.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { RuntimeVerdict } from '../../server/services/runtime-verdict.ts';
import { fixture, LOCAL } from '../support/server.ts';
import { assertProblem, DIGEST, REPOSITORY, type Scene, scene, stored } from './scene.ts';
import { type Answer, bearer, send } from './wire.ts';

const PULLED = `${REPOSITORY}@${DIGEST}`;

type Outcomes = Record<string, string>;

function asking(store: Scene) {
  const ask = (body: object, token = store.token): Promise<Answer> =>
    send(store.url, '/api/v1/verdict', {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    });
  const verdict = async (body: object) => {
    const answer = await ask(body);
    assert.equal(answer.status, 200, answer.text);
    return answer.json<RuntimeVerdict>();
  };
  return { ask, verdict };
}

function outcomes({ readers }: Pick<RuntimeVerdict, 'readers'>): Outcomes {
  return Object.fromEntries(readers.map(({ reader, outcome, code }) => [reader, `${outcome} ${code}`]));
}

function everybody(what: string): Outcomes {
  return Object.fromEntries(['gpgme', 'gpgme-older', 'openpgp', 'portieris', 'cvo'].map((reader) => [reader, what]));
}

const keyPath = '/etc/pki/acme.gpg';
const signedBy = (extra: object = {}) => ({ type: 'signedBy', keyType: 'GPGKeys', keyPath, ...extra });
const policy = (...requirements: object[]) =>
  JSON.stringify({ default: [{ type: 'reject' }], transports: { docker: { [REPOSITORY]: requirements } } });
const handedOver = (name: string) => [{ path: keyPath, key: fixture(`keys/${name}.asc`).toString() }];

test('a verdict on an image', async (t) => {
  const store = await scene(t);
  const { ask, verdict } = asking(store);

  await t.test('that nobody signed says so, and what to do', async () => {
    const unsigned = await verdict({ image: PULLED });
    assert.deepEqual(outcomes(unsigned), everybody('refused unsigned'));
    assert.match(unsigned.readers[0]?.advice ?? '', /lookaside push/);
  });
  await t.test('whose tag nobody signed asks for the digest', async () =>
    assertProblem(await ask({ image: `${REPOSITORY}:v1` }), 400, 'REQUEST_INVALID'),
  );

  await stored(store, 'ed25519', 'rsa2048');
  await t.test('names the signature that decides, for each reader by itself', async () => {
    const { readers, ...rest } = await verdict({ image: `${REPOSITORY}:v1` });
    const numbers = Object.fromEntries(readers.map(({ reader, number }) => [reader, number]));
    assert.deepEqual(numbers, { gpgme: 1, 'gpgme-older': 1, openpgp: 2, portieris: 2, cvo: 2 });
    assert.equal(rest.digest, DIGEST);
    assert.match(rest.notes.join(), /signed as :v1 last/);
  });

  await t.test('of an index names the platforms without a signature', async () => {
    const index = JSON.stringify({
      schemaVersion: 2,
      manifests: [
        { digest: DIGEST, platform: { os: 'linux', architecture: 'amd64' } },
        { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
        { digest: `sha256:${'1'.repeat(64)}`, platform: { os: 'unknown', architecture: 'unknown' } },
      ],
    });
    const judged = await verdict({ image: `${REPOSITORY}:v1`, manifest: index });
    assert.deepEqual(
      judged.platforms?.map(({ name, signatures }) => [name, signatures.length]),
      [
        ['linux/amd64', 2],
        ['linux/arm64/v8', 0],
      ],
    );
    assert.equal(judged.digest, `sha256:${createHash('sha256').update(index).digest('hex')}`);
    assert.equal(outcomes(judged).gpgme, 'refused unsigned-platforms');
    assert.equal(outcomes(judged).portieris, 'refused unsigned');
    assertProblem(await ask({ image: PULLED, manifest: index }), 422, 'MANIFEST_INVALID');
  });

  await t.test('goes through aliases, as reads do, and is about the name that is pulled', async () => {
    await store.local.aliases.add(
      { path: '/mirror.example/hub', target: 'registry.example.com', replace: false },
      LOCAL,
    );
    const mirrored = { image: `mirror.example/hub/acme/app@${DIGEST}` };
    const { storedAs, ...rest } = await verdict(mirrored);
    assert.equal(storedAs, REPOSITORY);
    assert.equal(outcomes(rest).gpgme, 'refused identity');
    const remap = { type: 'remapIdentity', prefix: 'mirror.example/hub', signedPrefix: 'registry.example.com' };
    const remapped = JSON.stringify({ default: [signedBy({ signedIdentity: remap })] });
    assert.equal(
      outcomes(await verdict({ ...mirrored, policy: remapped, keys: handedOver('rsa2048') })).gpgme,
      'accepted signed',
    );
  });

  await t.test('is refused for what is not a question', async () => {
    assertProblem(await ask({ image: PULLED, policy: '{"default":[]}' }), 422, 'POLICY_INVALID');
    assertProblem(await ask({ image: PULLED, manifest: '<html>' }), 422, 'MANIFEST_INVALID');
    assertProblem(await ask({ image: PULLED, manifest: '[]' }), 422, 'MANIFEST_INVALID');
    assertProblem(await ask({ image: 'UPPER' }), 400, 'REPOSITORY_INVALID');
    assertProblem(await ask({ image: PULLED, digest: `sha256:${'2'.repeat(64)}` }), 400, 'REQUEST_INVALID');
    assertProblem(
      await ask({ image: PULLED, keys: [{ path: 'a', key: 'no key' }], fetch: true }),
      400,
      'REQUEST_INVALID',
    );
    assertProblem(await ask({ image: PULLED, keys: [{ path: 'a', key: '%' }] }), 400, 'REQUEST_INVALID');
  });
  await t.test('needs the permission to read, within the scopes', async () => {
    const uploader = await store.createToken(['upload']);
    assertProblem(await ask({ image: PULLED }, uploader), 403, 'PERMISSION_MISSING');
    const elsewhere = await store.createToken(['read'], ['quay.io']);
    assertProblem(await ask({ image: PULLED }, elsewhere), 403, 'TOKEN_SCOPE');
    const sneaky = { image: `quay.io/acme/app@${DIGEST}`, storedAs: REPOSITORY };
    assertProblem(await ask(sneaky, elsewhere), 403, 'TOKEN_SCOPE');
    const here = await store.createToken(['read'], ['registry.example.com/acme']);
    assert.equal((await ask({ image: PULLED }, here)).status, 200);
    assertProblem(await send(store.url, '/api/v1/verdict', { method: 'POST' }), 401, 'CREDENTIALS_MISSING');
  });
});

test('a verdict under a policy', async (t) => {
  const store = await scene(t);
  const { verdict } = asking(store);
  await stored(store, 'ed25519', 'rsa2048');

  await t.test('goes by the keys of the policy', async () => {
    const accepted = await verdict({ image: PULLED, policy: policy(signedBy()), keys: handedOver('rsa2048') });
    assert.deepEqual(outcomes(accepted), everybody('accepted signed'));
    assert.deepEqual(accepted.basis, { kind: 'policy', scope: REPOSITORY });
    assert.deepEqual(
      accepted.readers[0]?.requirements[0]?.decisions.map(({ number, code }) => [number, code]),
      [
        [1, 'KEY_UNKNOWN'],
        [2, 'signed'],
      ],
    );
    const stranger = await verdict({ image: PULLED, policy: policy(signedBy()), keys: handedOver('stranger') });
    assert.equal(outcomes(stranger).gpgme, 'refused KEY_UNKNOWN');
  });
  await t.test('takes keys in base64, and leaves out those it cannot read', async () => {
    const file = Buffer.concat([fixture('keys/rsa2048.gpg'), await dearmored('dsa')]);
    const keys = [{ path: keyPath, key: file.toString('base64') }];
    const { notes, ...rest } = await verdict({ image: PULLED, policy: policy(signedBy()), keys });
    assert.equal(outcomes(rest).gpgme, 'accepted signed');
    assert.match(notes.join(), /a key was left out: .*algorithm 17/);
  });
  await t.test('tells of key files that GnuPG reads and others do not', async () => {
    const file = Buffer.concat([fixture('keys/rsa2048.gpg'), await dearmored('ed25519')]);
    const keyData = file.toString('base64');
    const both = { type: 'signedBy', keyType: 'GPGKeys', keyData };
    const { readers } = await verdict({ image: PULLED, policy: policy(both) });
    assert.deepEqual(
      readers.map(({ outcome, code }) => `${outcome} ${code}`),
      ['accepted signed', 'accepted signed', 'refused KEY_UNSUPPORTED', 'refused KEY_UNSUPPORTED', 'accepted signed'],
    );
    assert.match(readers[2]?.why ?? '', /no key but such as Ed25519/);
  });
  await t.test('is unknown without the key, unless something else refuses', async () => {
    const unknown = await verdict({ image: PULLED, policy: policy(signedBy()) });
    assert.equal(outcomes(unknown).gpgme, 'unknown keys-unknown');
    const refused = await verdict({ image: PULLED, policy: policy(signedBy(), { type: 'reject' }) });
    assert.equal(outcomes(refused).gpgme, 'refused reject');
    const sigstore = { type: 'sigstoreSigned', keyPath: '/cosign.pub' };
    assert.equal(outcomes(await verdict({ image: PULLED, policy: policy(sigstore) })).gpgme, 'unknown sigstore');
  });
  await t.test('tells the name apart from the key', async () => {
    const exact = signedBy({ signedIdentity: { type: 'matchExact' } });
    const named = await verdict({ image: PULLED, policy: policy(exact), keys: handedOver('rsa2048') });
    assert.equal(outcomes(named).gpgme, 'refused KEY_UNKNOWN');
    assert.equal(named.readers[0]?.requirements[0]?.decisions[1]?.code, 'identity');
  });
});

test('verdicts wait for each other, and not without end', async (t) => {
  const store = await scene(t);
  const { ask } = asking(store);
  await stored(store, 'rsa2048');
  const answers = await Promise.all(Array.from({ length: 60 }, () => ask({ image: PULLED })));
  const statuses = new Set(answers.map(({ status }) => status));
  assert.deepEqual([...statuses].sort(), [200, 503]);
  assertProblem(answers.find(({ status }) => status === 503) as Answer, 503, 'INTAKE_BUSY');
  assert.equal((await ask({ image: PULLED })).status, 200);
});

async function dearmored(name: string): Promise<Uint8Array> {
  const { unarmor } = await import('openpgp');
  return (await unarmor(fixture(`keys/${name}.asc`).toString())).data as Uint8Array;
}
