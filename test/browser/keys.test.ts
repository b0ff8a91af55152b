// Keys, from the file on an admin's desktop to the end of what they signed.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { DAY_MS, type GpgKeys, gpgKeys } from './gpg-keys.ts';
import { createScene, type Scene } from './scene.ts';
import { dropFiles, fact, heading, row, section, textOf } from './steps.ts';

const REPOSITORY = 'quay.io/acme/app';

test('a key in the browser', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  const gpg = gpgKeys(t);
  await registering(t, scene, gpg);
  await revoking(t, scene, gpg);
});

async function registering(t: TestContext, { visit, local }: Scene, gpg: GpgKeys): Promise<void> {
  const made = Date.now() - 40 * DAY_MS;
  const find = (fingerprint: string) => local.keys.get(parseFingerprint(fingerprint), LOCAL);

  await t.test('is registered from a dropped file, after a look at what it holds', async () => {
    const key = await gpg.generate({
      userId: 'Release <release@acme.example>',
      hasSubkey: true,
      createdAt: made,
      expiresAt: Date.now() + 20 * DAY_MS,
    });
    await visit('admin', async ({ page, watch }) => {
      await page.goto('keys');
      await page.getByRole('button', { name: 'Register a key' }).first().click();
      await heading(page, 'Register a key').waitFor();
      await dropFiles(page, 'Drop a key file here', { name: 'release.asc', bytes: key.armored });
      await page.getByText('Read 1 key from release.asc. Nothing is stored yet.').waitFor();
      const shown = section(page, 'Key');
      assert.equal(await textOf(fact(shown, 'User ids')), 'Release <release@acme.example>');
      assert.equal((await textOf(fact(shown, 'Fingerprint'))).replaceAll(' ', ''), key.fingerprint);
      assert.equal(await textOf(fact(shown, 'Algorithm')), 'Ed25519');
      assert.match(await textOf(fact(shown, 'Created')), /\(40 days ago\)/);
      assert.match(await textOf(fact(shown, 'Expires')), /in (?:19|20) days/);
      assert.match(await row(shown, 'Subkey').innerText(), /yes/);
      await assert.rejects(find(key.fingerprint), { code: 'KEY_NOT_FOUND' });

      await page.getByLabel('Name').fill('Release key of 2026');
      await page.getByLabel('Only these').check();
      await page.getByRole('textbox', { name: 'Scope 1' }).fill('quay.io/acme');
      await page.getByRole('button', { name: 'Register', exact: true }).click();
      await page.getByText(/^Registered\..* is accepted from now on/).waitFor();
      const { name, scopes } = await find(key.fingerprint);
      assert.deepEqual([name, scopes.length], ['Release key of 2026', 1]);
      assert.equal(watch.calls.filter((call) => call.startsWith('POST')).length, 2);
      await page.getByRole('link', { name: 'Release key of 2026' }).click();
      await heading(page, 'Release key of 2026').waitFor();
      assert.match(await textOf(fact(section(page, 'Key'), 'Scopes')), /quay\.io\/acme/);
    });
  });

  await t.test('is registered by paste, and says when it brings nothing new', async () => {
    const key = await gpg.generate({ userId: 'CI <ci@acme.example>', createdAt: made });
    await visit('admin', async ({ page }) => {
      await page.goto('keys/register');
      const paste = async () => {
        await page.getByLabel('Or paste it').fill(key.armored);
        await page.getByRole('button', { name: 'Read the key' }).click();
      };
      await paste();
      await page.getByRole('button', { name: 'Register', exact: true }).click();
      await page.getByRole('button', { name: 'Register another key' }).click();
      await paste();
      await page.getByText('It brings nothing new that would show.').waitFor();
    });
    assert.equal((await find(key.fingerprint)).name, 'CI <ci@acme.example>');
  });

  await t.test('does not leave the browser when it is private, dropped or pasted', async () => {
    const key = await gpg.generate({ userId: 'Secret <secret@acme.example>', createdAt: made });
    const secret = await key.exportPrivate();
    await visit('admin', async ({ page, watch }) => {
      await page.goto('keys/register');
      const warning = page.getByText('This is a private key. It was not sent to the server.');
      await dropFiles(page, 'Drop a key file here', { name: 'secret.asc', bytes: secret });
      await warning.waitFor();
      await page.reload();
      await page.getByLabel('Or paste it').fill(secret);
      await page.getByRole('button', { name: 'Read the key' }).click();
      await warning.waitFor();
      assert.equal(await page.getByLabel('Or paste it').inputValue(), '');
      assert.deepEqual(
        watch.calls.filter((call) => call.startsWith('POST')),
        [],
      );
    });
    await assert.rejects(find(key.fingerprint), { code: 'KEY_NOT_FOUND' });
  });

  await t.test('is told from what is none, with the reason', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('422 POST /api/v1/keys/preview');
      await page.goto('keys/register');
      await dropFiles(page, 'Drop a key file here', { name: 'holiday.jpg', bytes: 'not a key' });
      await page.getByText('This cannot be registered.').waitFor();
      await page.getByText('KEY_INVALID').waitFor();
    }),
  );
}

async function revoking(t: TestContext, scene: Scene, gpg: GpgKeys): Promise<void> {
  const { visit, url, local } = scene;
  const key = await gpg.generate({ userId: 'Stolen <stolen@acme.example>', createdAt: Date.now() - DAY_MS });
  await scene.registerKeys(Buffer.from(key.armored));
  const token = await scene.createToken(['upload']);
  const paths: string[] = [];
  for (const tag of ['v1', 'v2']) {
    const digest = randomDigest();
    const body = new Uint8Array(await key.sign(`${REPOSITORY}:${tag}`, digest));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
    assert.equal((await fetch(`${url}/api/v1/signatures`, { method: 'POST', headers, body })).status, 201);
    paths.push(`/${REPOSITORY}@${digest.replace(':', '=')}/signature-1`);
  }
  const statuses = () => Promise.all(paths.map(async (path) => (await fetch(url + path)).status));

  await t.test('is revoked with a word on what it takes along, and takes it along', () =>
    visit('admin', async ({ page }) => {
      assert.deepEqual(await statuses(), [200, 200]);
      await page.goto(`keys/${key.fingerprint}`);
      await page.getByRole('button', { name: 'Revoke' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('2 signatures of 2 images stop being served at once.').waitFor();
      const confirm = dialog.getByRole('button', { name: 'Revoke' });
      await dialog.getByLabel('Reason').fill('laptop stolen');
      assert.equal(await confirm.getAttribute('aria-disabled'), 'true');
      await dialog.getByLabel('Last 8 digits of the fingerprint').fill(key.fingerprint.slice(-8));
      await confirm.click();
      await page.getByText('This key is revoked. Nothing that it signed is served, and that is final.').waitFor();
      await page.getByText('laptop stolen').first().waitFor();
      assert.deepEqual(await statuses(), [404, 404]);
      assert.equal(await page.getByRole('button', { name: 'Revoke' }).count(), 0);
    }),
  );
  await t.test('is revoked in the audit log', async () => {
    const { items } = await local.audit.list({ action: 'key.revoked' }, { limit: 5, before: null }, LOCAL);
    assert.deepEqual(
      items.map(({ actor, subject, detail }) => [actor.name, subject, detail.reason]),
      [['admin', key.fingerprint, 'laptop stolen']],
    );
  });
}
