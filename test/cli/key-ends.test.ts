// key expiry, impact and rotation, and what retire and revoke say before it is too late.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { atTerminal } from '../support/at-terminal.ts';
import { createSigner, randomDigest, stage } from '../support/gpg-claims.ts';
import { runCli } from '../support/processes.ts';
import { FIXTURES } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { commandLine, type Lookaside } from './scene.ts';

const REGISTRY = 'quay.io';

type Signer = Awaited<ReturnType<typeof createSigner>>;

/** Registers both keys; `sign` puts a signature for each tag into the store. */
async function keyScene(t: TestContext, lookaside: Lookaside, expiresInDays?: number) {
  const [old, successor] = [await createSigner('old', expiresInDays), await createSigner('new')];
  const dir = tempDir(t);
  for (const { fingerprint, publicKey } of [old, successor]) {
    writeFileSync(join(dir, fingerprint), publicKey);
    assert.equal((await lookaside('key', 'add', join(dir, fingerprint))).code, 0);
  }
  const sign = async (signer: Signer, path: string, digest: string, tags: number) => {
    const tree = tempDir(t);
    stage(tree, path, digest, await signer.signTags(`${REGISTRY}/${path}`, digest, tags));
    const { code, out, err } = await lookaside('import', tree, '--registry', REGISTRY);
    assert.equal(code, 0, out + err);
  };
  return { old, successor, sign };
}

test('key rotation', async (t) => {
  const lookaside = commandLine(t);
  const { old, successor, sign } = await keyScene(t, lookaside);
  const [one, two] = [randomDigest(), randomDigest()];
  await sign(old, 'acme/app', one, 2);
  await sign(old, 'acme/api', two, 1);
  const rotation = (...options: string[]) =>
    lookaside('key', 'rotation', old.fingerprint, '--to', successor.fingerprint, ...options);
  const lines = async () => (await rotation()).out.split('\n').filter(Boolean).sort();

  await t.test('prints a line for each reference that is left, and nothing else, on standard output', async () => {
    assert.equal((await lines()).length, 3);
    for (const line of await lines())
      assert.match(line, /^quay\.io\/acme\/(\w+)@sha256:[0-9a-f]{64} quay\.io\/acme\/\1:\S+$/);
    assert.match((await rotation()).err, /^2 images of 2 left to sign, 2 of them without any signature/);
  });
  await t.test('goes on where it stopped', async () => {
    await sign(successor, 'acme/app', one, 1);
    const left = await lines();
    assert.equal(left.length, 2);
    assert.match((await rotation()).err, /^2 images of 2 left to sign, 1 of them without/);
    const json = JSON.parse((await rotation('--json')).out) as { unsigned: number; items: object[] };
    assert.deepEqual([json.unsigned, json.items.length], [1, 2]);
  });
  await t.test('is refused the retirement of the old key, which says what it would cost', async () => {
    const { code, out, err } = await lookaside('key', 'retire', old.fingerprint);
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      err,
      new RegExp(`^Only this key has signed:\n  quay\\.io/acme/api@${two}\nlookaside: 1 image would be`),
    );
    assert.match(err, /\(KEY_IN_USE\)$/);
  });
  await t.test('says so when nothing is left, and the old key can go', async () => {
    await sign(successor, 'acme/app', one, 2);
    await sign(successor, 'acme/api', two, 1);
    const { code, out, err } = await rotation();
    assert.deepEqual([code, out], [0, '']);
    assert.match(err, /^nothing is left to sign of 2 images; the old key can be retired$/);
    assert.match((await lookaside('key', 'retire', old.fingerprint)).out, /^retired /);
  });
  await t.test('wants a successor that may sign, for what the old key signed', async () => {
    const back = await lookaside('key', 'rotation', successor.fingerprint, '--to', old.fingerprint);
    assert.match(back.err, /is retired; a successor must be active \(KEY_STATE_CONFLICT\)$/);
    const narrow = `${FIXTURES}keys/rsa2048.asc`;
    const added = await lookaside('key', 'add', narrow, '--scope', 'quay.io/other');
    const other = added.out.split(' ')[1] ?? '';
    const { err } = await lookaside('key', 'rotation', old.fingerprint, '--to', other);
    assert.match(err, /^the successor may not sign for everything; `lookaside key add FILE --scope …` changes that/);
  });
});

test('key retire --force retires a key that images depend on', async (t) => {
  const lookaside = commandLine(t);
  const { old, sign } = await keyScene(t, lookaside);
  await sign(old, 'acme/app', randomDigest(), 1);
  assert.match((await lookaside('key', 'retire', old.fingerprint, '--force')).out, /^retired /);
});

test('key impact lists what nothing else signs', async (t) => {
  const lookaside = commandLine(t);
  const { old, sign } = await keyScene(t, lookaside);
  const digest = randomDigest();
  await sign(old, 'acme/app', digest, 1);
  const { out, err } = await lookaside('key', 'impact', old.fingerprint);
  assert.match(out, new RegExp(`^quay\\.io/acme/app@${digest} quay\\.io/acme/app:\\S+$`));
  assert.match(err, /^1 live signature of 1 image; 1 of them with no other signature that is good then/);
  const atExpiry = await lookaside('key', 'impact', old.fingerprint, '--at-expiry');
  assert.deepEqual([atExpiry.code, /never expires/.test(atExpiry.err)], [2, true]);
});

test('key expiry', async (t) => {
  const lookaside = commandLine(t);
  const { old, successor, sign } = await keyScene(t, lookaside, 30);
  const digests = Array.from({ length: 13 }, () => randomDigest());
  for (const digest of digests) await sign(old, 'acme/app', digest, 1);
  await sign(successor, 'acme/app', digests[0] ?? '', 1);

  await t.test('says which keys end, and which images with them', async () => {
    const { out } = await lookaside('key', 'expiry');
    const [header, key, empty, head, ...images] = out.split('\n');
    assert.match(header ?? '', /^FINGERPRINT +STATE +EXPIRES +IMAGES +ONLY +NAME$/);
    assert.match(key ?? '', new RegExp(`^${old.fingerprint} +active +\\d{4}-\\d\\d-\\d\\d +13 +12 +old`));
    assert.equal(empty, '');
    assert.match(head ?? '', /12 images lose the last acceptable signature:$/);
    assert.equal(images.length, 11);
    assert.match(images.at(-1) ?? '', /and 2 more, which `lookaside key impact [0-9A-F]{40} --at-expiry` lists/);
    const all = await lookaside('key', 'impact', old.fingerprint, '--at-expiry');
    const listed = all.out.split('\n').map((line) => line.split(' ')[0]);
    assert.deepEqual(
      listed.sort(),
      digests
        .slice(1)
        .map((digest) => `quay.io/acme/app@${digest}`)
        .sort(),
    );
  });
  await t.test('looks as far ahead as it is told', async () => {
    assert.match((await lookaside('key', 'expiry', '--within', '10d')).err, /^no key expires within 10d$/);
    assert.equal((await lookaside('key', 'expiry', '--within', 'soon')).code, 2);
  });
  await t.test('has keys that have expired, also as JSON', async () => {
    await lookaside('key', 'add', `${FIXTURES}keys/expired.asc`);
    assert.match((await lookaside('key', 'expiry', '--within', '1d')).out, /[0-9A-F]{40} +expired +2024-07-01 +0 +0 /);
    const keys = JSON.parse((await lookaside('key', 'expiry', '--json')).out) as { served: { onlyImages: number } }[];
    assert.deepEqual(
      keys.map(({ served }) => served.onlyImages),
      [0, 12],
    );
  });
});

test('key revoke', async (t) => {
  const settings = { LOOKASIDE_DATA_DIR: tempDir(t) };
  const lookaside = commandLine(t, settings);
  const { old, successor, sign } = await keyScene(t, lookaside);
  const digests = Array.from({ length: 12 }, () => randomDigest());
  for (const digest of digests) await sign(old, 'acme/app', digest, 1);
  await sign(successor, 'acme/app', digests[0] ?? '', 1);
  const revoke = ['key', 'revoke', old.fingerprint, '--reason', 'stolen'];
  const stateOf = async (fingerprint: string) =>
    (JSON.parse((await lookaside('key', 'list', '--json')).out) as { fingerprint: string; state: string }[]).find(
      (key) => key.fingerprint === fingerprint,
    )?.state;

  await t.test(
    'says at a terminal what it takes along, and takes yes alone for an answer',
    needs('python3'),
    async () => {
      const type = atTerminal({ ...settings, TERM: 'xterm' });
      for (const answer of ['no\r', '\r', '\u0004']) {
        const [shown, code] = await type([answer], ...revoke);
        assert.match(
          shown,
          /^revoking ends 12 live signatures of 12 images, at once and for good\r\n11 images have no other/,
        );
        assert.match(shown, /and 1 more, which `lookaside key impact [0-9A-F]{40}` lists/);
        assert.match(shown, /not confirmed with yes; nothing was changed/);
        assert.equal(code, 2);
      }
      assert.equal(await stateOf(old.fingerprint), 'active');
      const [shown, code] = await type(['yes\r'], ...revoke);
      assert.equal(code, 0, shown);
      assert.equal(await stateOf(old.fingerprint), 'revoked');
      const again = await lookaside(...revoke);
      assert.match(again.err, /^lookaside: key [0-9A-F]{40} is revoked since .* \(KEY_STATE_CONFLICT\)$/);
    },
  );
  await t.test('does not wait for an answer of a script, nor with --yes', needs('python3'), async () => {
    const unattended = await runCli(['key', 'revoke', successor.fingerprint, '--reason', 'stolen'], { env: settings });
    assert.equal(unattended.stdout, `revoked ${successor.fingerprint} new <new@example.com>\n`);
    assert.match(unattended.stderr, /^revoking ends 1 live signature of 1 image, at once and for good\n1 image has no/);
    const third = await lookaside('key', 'add', `${FIXTURES}keys/rsa2048.asc`);
    const type = atTerminal({ ...settings, TERM: 'xterm' });
    const [, code] = await type([], 'key', 'revoke', third.out.split(' ')[1] ?? '', '--reason', 'unused', '--yes');
    assert.equal(code, 0);
  });
});
