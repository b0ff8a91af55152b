// Would it run? The page that answers for podman, CRI-O, Portieris and OpenShift, under the policy of a machine.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearer, send } from '../http/wire.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { needs } from '../support/tools.ts';
import { DAY_MS, gpgKeys } from './gpg-keys.ts';
import { createScene } from './scene.ts';
import { dropFiles, fact, goTo, heading, row, section, textOf } from './steps.ts';

const REPOSITORY = 'quay.io/acme/app';

test('a verdict in the browser', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  const gpg = gpgKeys(t);
  const createdAt = Date.now() - DAY_MS;
  const key = await gpg.generate({ userId: 'CI <ci@acme.example>', createdAt });
  const other = await gpg.generate({ userId: 'Somebody <somebody@example.net>', createdAt });
  await scene.registerKeys(Buffer.from(key.armored));
  const digest = randomDigest();
  const headers = { ...bearer(await scene.createToken(['upload'])), 'content-type': 'application/octet-stream' };
  const upload = { method: 'POST', headers, body: await key.sign(`${REPOSITORY}:v1`, digest) };
  assert.equal((await send(scene.url, '/api/v1/signatures', upload)).status, 201);

  await t.test('comes for a tag, with the signature that decides', () =>
    scene.visit('viewer', async ({ page }) => {
      await page.goto('');
      await goTo(page, 'Would it run?');
      await heading(page, 'Would it run?').waitFor();
      await page.getByLabel('Image').fill(`${REPOSITORY}:v1`);
      await page.keyboard.press('Enter');
      await page.getByText('2 of 5 accept it').waitFor();
      assert.match(await textOf(fact(section(page, 'What was asked'), 'Manifest')), new RegExp(digest));
      assert.match(await textOf(row(page, 'podman')), /accepted .* as quay\.io\/acme\/app:v1/);
      assert.match(await textOf(row(page, 'Portieris')), /refused .* Ed25519: .* sign with an RSA key as well$/);
      await section(page, 'Signatures').getByRole('link', { name: 'signature-1' }).click();
      await heading(page, 'Signature 1').waitFor();
    }),
  );

  await t.test('goes by the policy and the key files of a machine, and says what is missing', () =>
    scene.visit('viewer', async ({ page }) => {
      await page.goto(`image?repository=${encodeURIComponent(REPOSITORY)}&digest=${digest}`);
      await section(page, 'Image').getByRole('link', { name: 'Would it run?' }).click();
      await page.getByRole('button', { name: 'Policy, keys and manifest' }).click();
      const keyPath = '/etc/pki/containers/acme.asc';
      const policy = { default: [{ type: 'signedBy', keyType: 'GPGKeys', keyPath }] };
      await page.getByLabel('policy.json').fill(JSON.stringify(policy));
      await page.getByText(keyPath).filter({ visible: true }).last().waitFor();
      await page.getByRole('button', { name: 'Ask' }).click();
      await row(page, 'podman').getByText('unknown').waitFor();
      await dropFiles(page, 'Drop public keys here', { name: 'acme.asc', bytes: other.armored });
      await page.getByRole('button', { name: 'Ask' }).click();
      await row(page, 'podman').getByText('is not among the keys asked for').waitFor();
      await dropFiles(page, 'Drop public keys here', { name: 'acme.asc', bytes: key.armored });
      await page.getByRole('button', { name: 'Ask' }).click();
      await row(page, 'podman').getByText('accepted').waitFor();
      assert.equal(await textOf(fact(section(page, 'What was asked'), 'Demanded')), 'the default of the policy');
    }),
  );

  await t.test('takes no private key, and no file that cannot be one', () =>
    scene.visit('viewer', async ({ page }) => {
      await page.goto(`verdict?image=${encodeURIComponent(`${REPOSITORY}:v1`)}`);
      await page.getByRole('button', { name: 'Policy, keys and manifest' }).click();
      await dropFiles(
        page,
        'Drop public keys here',
        { name: 'secret.asc', bytes: await key.exportPrivate() },
        { name: 'disk.img', bytes: Buffer.alloc(1024 * 1024 + 1) },
        { name: 'acme.asc', bytes: key.armored },
      );
      await page.getByText('secret.asc is a private key. It was not sent').waitFor();
      await page.getByText('disk.img is larger than any file of public keys').waitFor();
      await page.getByRole('button', { name: 'Remove acme.asc' }).waitFor();
      assert.equal(await page.getByRole('button', { name: /^Remove (?:secret|disk)/ }).count(), 0);
      const asking = page.waitForRequest((request) => request.method() === 'POST');
      await page.getByRole('button', { name: 'Ask' }).click();
      const { keys } = (await asking).postDataJSON() as { keys: { path: string }[] };
      assert.deepEqual(
        keys.map(({ path }) => path),
        ['acme.asc'],
      );
    }),
  );

  await t.test('names the platforms of an index that are not signed', () =>
    scene.visit('viewer', async ({ page }) => {
      const entry = (each: string, architecture: string) => ({ digest: each, platform: { os: 'linux', architecture } });
      const manifest = { manifests: [entry(digest, 'amd64'), entry(randomDigest(), 's390x')] };
      await page.goto(`verdict?image=${encodeURIComponent(`${REPOSITORY}:v1`)}`);
      await page.getByRole('button', { name: 'Policy, keys and manifest' }).click();
      await page.getByRole('textbox', { name: 'Manifest' }).fill(JSON.stringify(manifest));
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.getByText('0 of 5 accept it').waitFor();
      const platforms = section(page, 'Platforms of the index');
      assert.match(await textOf(row(platforms, 'linux/amd64')), /1 accepted$/);
      assert.match(await textOf(row(platforms, 'linux/s390x')), /not signed refused$/);
    }),
  );

  await t.test('is refused for a policy that machines do not read, with the place', () =>
    scene.visit('viewer', async ({ page, watch }) => {
      watch.expect('422 POST /api/v1/verdict');
      await page.goto(`verdict?image=${encodeURIComponent(`${REPOSITORY}:v1`)}`);
      await page.getByRole('button', { name: 'Policy, keys and manifest' }).click();
      await page.getByLabel('policy.json').fill('{"default":[]}');
      await page.getByRole('button', { name: 'Ask' }).click();
      await page.getByText('POLICY_INVALID').waitFor();
    }),
  );
});
