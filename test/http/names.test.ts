// Which repository a path means: the default registry, ports, case, and the boundaries of a prefix.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { createSigner, randomDigest, type Signer } from '../support/gpg-claims.ts';
import { results, type Scene, scene } from './scene.ts';

let signer: Signer;
before(async () => {
  signer = await createSigner();
});

async function publish(store: Scene, ...images: readonly [reference: string, digest: string][]): Promise<void> {
  const signed = await Promise.all(images.map(([reference, digest]) => signer.sign(reference, digest)));
  const answer = await store.upload(...signed.map((bytes) => ({ bytes })));
  assert.equal(answer.status, 201, answer.text);
  for (const result of results(answer)) assert.equal(result.status, 'stored');
}

const NAMES: readonly [reference: string, found: readonly string[], missed: readonly string[]][] = [
  [
    'busybox:latest',
    ['docker.io/library/busybox', 'docker.io/busybox', 'library/busybox', 'busybox', 'index.docker.io/busybox'],
    ['quay.io/library/busybox', 'docker.io/docker.io/library/busybox', 'docker.io/library/library/busybox'],
  ],
  ['docker.io/acme/app:v1', ['docker.io/acme/app', 'acme/app', 'index.docker.io/acme/app'], ['library/acme/app']],
  ['127.0.0.1:5000/acme/app:v1', ['127.0.0.1:5000/acme/app'], ['127.0.0.1/acme/app', '127.0.0.1:5001/acme/app']],
  ['localhost/app:v1', ['localhost/app'], ['localhost/library/app', 'docker.io/localhost/app', 'localhost:80/app']],
];

test('a repository', async (t) => {
  const store = await scene(t);
  await store.registerKeys(signer.publicKey);
  for (const [reference, found, missed] of NAMES) {
    const digest = randomDigest();
    await publish(store, [reference, digest]);
    const at = async (name: string) => (await store.get(`/${name}@${digest.replace(':', '=')}/signature-1`)).status;
    for (const name of found)
      await t.test(`signed as ${reference} is served as ${name}`, async () => assert.equal(await at(name), 200));
    for (const name of missed)
      await t.test(`signed as ${reference} is not served as ${name}`, async () => assert.equal(await at(name), 404));
  }
});

test('a store with another default registry', async (t) => {
  const store = await scene(t, { LOOKASIDE_DEFAULT_REGISTRY: 'quay.io' });
  await store.registerKeys(signer.publicKey);
  const digest = randomDigest();
  await publish(store, ['quay.io/acme/app:v1', digest], ['busybox:v1', digest]);
  const at = async (name: string) => (await store.get(`/${name}@${digest.replace(':', '=')}/signature-1`)).status;

  await t.test('finds names without a registry there', async () => assert.equal(await at('acme/app'), 200));
  await t.test('does not look for them at Docker Hub', async () => assert.equal(await at('busybox'), 404));
  await t.test('reads a claim without a registry as Docker Hub, as runtimes do', async () =>
    assert.equal(await at('docker.io/library/busybox'), 200),
  );
});

test('the layout by digest', async (t) => {
  const store = await scene(t);
  await store.registerKeys(signer.publicKey);
  const digest = randomDigest();
  const repositories = ['quay.io/acme/app', 'quay.io/acme-evil/app', 'quay.io/acme/deep/app', 'quay.io:8443/acme/app'];
  for (const repository of repositories) await publish(store, [`${repository}:v1`, digest]);
  const hex = digest.replace(':', '=');
  const count = async (prefix: string) => {
    let number = 1;
    while ((await store.get(`${prefix}/${hex}/signature-${number}`)).status === 200) number++;
    return number - 1;
  };

  const table: readonly [prefix: string, count: number][] = [
    ['', 4],
    ['/quay.io', 3],
    ['/quay.io/acme', 2],
    ['/quay.io/acme-evil', 1],
    ['/quay.io/acme/deep', 1],
    ['/quay.io/acme/app', 1],
    ['/quay.io:8443', 1],
    ['/quay.io/ac', 0],
    ['/quay.i', 0],
    ['/docker.io', 0],
  ];
  for (const [prefix, expected] of table)
    await t.test(`finds ${expected} below ${prefix || 'the whole store'}`, async () =>
      assert.equal(await count(prefix), expected),
    );

  await t.test('ends at nine, however many there are', async () => {
    const many = randomDigest();
    const signed = await signer.signTags('quay.io/acme/app', many, 11);
    assert.equal((await store.upload(...signed.map((bytes) => ({ bytes })))).status, 201);
    const at = async (path: string) => (await store.get(`${path}/signature-9`)).status;
    const after = async (path: string) => (await store.get(`${path}/signature-10`)).status;
    assert.equal(await at(`/quay.io/acme/${many.replace(':', '=')}`), 200);
    assert.equal(await after(`/quay.io/acme/${many.replace(':', '=')}`), 404);
    assert.equal(await after(`/quay.io/acme/app@${many.replace(':', '=')}`), 200);
  });
});
