// A key as careful people have it, made by gpg: the primary key only certifies, and a subkey signs for a month.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gpgHome } from '../support/gpg.ts';
import { claim, randomDigest, stage } from '../support/gpg-claims.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { commandLine } from './scene.ts';

const REGISTRY = 'quay.io';

type Item = {
  readonly fingerprint: string;
  readonly endingSubkeys: readonly { readonly expiresAt: string }[];
  readonly signerExpiresAt: string;
};

test('a signing subkey that expires before its key', needs('gpg'), async (t) => {
  const home = gpgHome(t);
  const { fingerprint: key, subkey, publicKey } = await home.generateWithSubkey('careful');

  const server = await testServer(t);
  const lookaside = commandLine(t, { LOOKASIDE_DATA_DIR: server.dataDir });
  const file = join(tempDir(t), 'careful.gpg');
  writeFileSync(file, publicKey);
  assert.equal((await lookaside('key', 'add', file)).code, 0);
  const digest = randomDigest();
  const tree = tempDir(t);
  const signer = { fingerprint: subkey, publicKey };
  stage(tree, 'acme/app', digest, [await home.sign(signer, claim(`${REGISTRY}/acme/app:v1`, digest))]);
  assert.equal((await lookaside('import', tree, '--registry', REGISTRY)).code, 0);
  const image = `quay.io/acme/app@${digest}`;

  await t.test('is below its key in the report of what expires, with what ends with it', async () => {
    const { out } = await lookaside('key', 'expiry');
    const [, whole, part, empty, ...lost] = out.split('\n');
    assert.match(whole ?? '', new RegExp(`^${key}  active  never +1 +1 +careful `));
    assert.match(part ?? '', new RegExp(`^${subkey}  active  \\d{4}-\\d\\d-\\d\\d +1 +1 +subkey of careful `));
    assert.deepEqual(
      [empty, ...lost],
      ['', `With subkey ${subkey} 1 image loses the last acceptable signature:`, `  ${image}`],
    );
    assert.match((await lookaside('key', 'expiry', '--within', '10d')).err, /^no key expires within 10d$/);
  });
  await t.test('is asked about by its own fingerprint', async () => {
    const { out, err } = await lookaside('key', 'impact', subkey, '--at-expiry');
    assert.equal(out, `${image} quay.io/acme/app:v1`);
    assert.match(err, /^1 live signature of 1 image; 1 of them with no other signature that is good then$/);
    assert.match((await lookaside('key', 'impact', key, '--at-expiry')).err, /never expires/);
    assert.match((await lookaside('key', 'impact', 'A'.repeat(40))).err, /KEY_NOT_FOUND/);
  });
  await t.test('is in the API and in the overview, with its fingerprint', async () => {
    const admin = await server.createToken(['admin']);
    const get = async (path: string) => {
      const answer = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${admin}` } });
      return (await answer.json()) as Record<string, Item[]>;
    };
    const expected = { fingerprint: subkey, served: { signatures: 1, images: 1, onlyImages: 1 } };
    for (const keys of [(await get('/keys/expiring')).items, (await get('/overview')).expiringKeys]) {
      assert.equal(keys?.[0]?.fingerprint, key);
      assert.partialDeepStrictEqual(keys?.[0]?.endingSubkeys, [expected]);
    }
    assert.equal((await get(`/keys/${subkey}/impact?end=expiry`)).items?.length, 1);
    const [ending] = (await get('/keys/expiring')).items?.[0]?.endingSubkeys ?? [];
    assert.ok(ending?.expiresAt);
    assert.equal((await get('/signatures')).items?.[0]?.signerExpiresAt, ending.expiresAt);
  });
  await t.test('is a series of its own among the metrics, for alerts', async () => {
    const text = await (await fetch(String(server.metricsUrl))).text();
    const labels = `\\{name="careful <careful@example.com>",key_id="${subkey.slice(-16)}"\\}`;
    assert.match(text, new RegExp(`^lookaside_key_expiry_timestamp_seconds${labels} \\d{10}$`, 'm'));
    assert.match(text, new RegExp(`^lookaside_key_only_images${labels} 1$`, 'm'));
    assert.doesNotMatch(text, new RegExp(`expiry_timestamp_seconds\\{[^}]*${key.slice(-16)}`));
  });
});
