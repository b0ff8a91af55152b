// Replacing a key in the browser: what the successor has yet to sign, what that keeps from happening, and the end of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { documentedCommands } from '../support/documented.ts';
import { randomDigest } from '../support/gpg-claims.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { DAY_MS, type GpgKey, gpgKeys } from './gpg-keys.ts';
import { createScene } from './scene.ts';
import { heading, section } from './steps.ts';

const REPOSITORY = 'quay.io/acme/app';

test('a key that is replaced in the browser', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  const { visit, url, local } = scene;
  const gpg = gpgKeys(t);
  const made = { createdAt: Date.now() - DAY_MS };
  const old = await gpg.generate({ userId: 'Old <old@acme.example>', ...made });
  const successor = await gpg.generate({ userId: 'Successor <new@acme.example>', ...made });
  await scene.registerKeys(Buffer.from(old.armored), Buffer.from(successor.armored));
  const token = await scene.createToken(['upload']);
  const digests = Array.from({ length: 2 }, () => randomDigest());
  const sign = async (key: GpgKey, digest: string) => {
    const body = new Uint8Array(await key.sign(`${REPOSITORY}:v1`, digest));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
    assert.equal((await fetch(`${url}/api/v1/signatures`, { method: 'POST', headers, body })).status, 201);
  };
  for (const digest of digests) await sign(old, digest);
  const stateOf = async () => (await local.keys.get(parseFingerprint(old.fingerprint), LOCAL)).state.state;

  await t.test('shows what is left to sign, gives it as a file, and says how', () =>
    visit('viewer', async ({ page }) => {
      await page.goto(`keys/${old.fingerprint}`);
      await page.getByRole('link', { name: 'Replace this key' }).click();
      await heading(page, 'Replace Old <old@acme.example>').waitFor();
      await page.getByLabel('The key that takes over').selectOption(successor.fingerprint);
      await page.getByText('The successor has signed 0 of 2 images of this key.').waitFor();
      const left = section(page, 'Left to sign');
      assert.equal(await left.getByRole('row').count(), 3);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        left.getByRole('link', { name: 'Download the list' }).click(),
      ]);
      const stream = await download.createReadStream();
      const text = Buffer.concat(await stream.toArray()).toString();
      const lines = digests.map((digest) => `${REPOSITORY}@${digest} ${REPOSITORY}:v1`);
      assert.deepEqual(text.trimEnd().split('\n').sort(), lines.sort());
      const commands = await section(page, 'Sign again').innerText();
      for (const word of [url, `OLD=${old.fingerprint}`, `NEW=${successor.fingerprint}`])
        assert.ok(commands.includes(word), word);
      assert.ok(commands.includes(documentedCommands('A key that shall be replaced').trim()), commands);
    }),
  );

  await t.test('is retired while images depend on it only by somebody who says so', () =>
    visit('admin', async ({ page }) => {
      await sign(successor, digests[0] ?? '');
      await page.goto(`keys/${old.fingerprint}`);
      await page.getByRole('button', { name: 'Retire' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(/^1 image has no other signature that runtimes accept/).waitFor();
      await dialog.getByText(`${REPOSITORY}@${digests[1]?.slice(0, 19)}`).waitFor();
      const confirm = dialog.getByRole('button', { name: 'Retire' });
      await dialog.getByLabel('Reason').fill('replaced');
      assert.equal(await confirm.getAttribute('aria-disabled'), 'true');
      await dialog.getByLabel('Retire it all the same').check();
      await confirm.click();
      await page.getByText('This key is retired: what it signed is served, new uploads are refused.').waitFor();
      assert.equal(await stateOf(), 'retired');
      await local.keys.change(parseFingerprint(old.fingerprint), { state: 'active' }, LOCAL);
    }),
  );

  await t.test('lists on its page the images that nothing else signs', () =>
    visit('viewer', async ({ page }) => {
      await page.goto(`keys/${old.fingerprint}`);
      await page.getByRole('button', { name: 'Show these images' }).click();
      const images = section(page, 'Images that only this key has signed');
      await images.getByText(digests[1]?.slice(0, 19) ?? '').waitFor();
      assert.equal(await images.getByRole('row').count(), 2);
    }),
  );

  await t.test('goes without a word once its successor has signed all', () =>
    visit('admin', async ({ page }) => {
      await sign(successor, digests[1] ?? '');
      await page.goto(`keys/${old.fingerprint}/rotation?to=${successor.fingerprint}`);
      await page.getByText('The successor has signed 2 of 2 images of this key.').waitFor();
      await page.getByText('Nothing is left to sign').waitFor();
      await page.getByRole('link', { name: 'its page' }).click();
      await page.getByRole('button', { name: 'Retire' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('replaced');
      await dialog.getByRole('button', { name: 'Retire' }).click();
      await page.getByText('This key is retired: what it signed is served, new uploads are refused.').waitFor();
      assert.equal(await stateOf(), 'retired');
    }),
  );
});
