// Why was that upload refused? The page that takes a signature through every step of intake and stores nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { randomDigest } from '../support/gpg-claims.ts';
import { needs } from '../support/tools.ts';
import { DAY_MS, gpgKeys } from './gpg-keys.ts';
import { createScene } from './scene.ts';
import { dropFiles, goTo, heading, section, textOf } from './steps.ts';

const REPOSITORY = 'quay.io/acme/app';
const verdict = (page: Page, name: string): Locator => section(page, `Verdict on ${name}`);
/** What became of each step, in their order. */
async function outcomesOf(place: Locator): Promise<string[]> {
  const steps = await place.getByRole('list', { name: 'Steps of the check' }).getByRole('listitem').all();
  const labels = await Promise.all(steps.map((step) => step.getAttribute('aria-label')));
  return labels.map((label) => label?.replace(/.*: /, '') ?? '');
}

test('checking a signature in the browser', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  const { visit, url } = scene;
  const gpg = gpgKeys(t);
  const createdAt = Date.now() - DAY_MS;
  const key = await gpg.generate({ userId: 'CI <ci@acme.example>', createdAt });
  const stranger = await gpg.generate({ userId: 'Somebody <somebody@example.net>', createdAt });
  await scene.registerKeys(Buffer.from(key.armored));
  const digest = randomDigest();
  const good = await key.sign(`${REPOSITORY}:v1`, digest);
  const path = `${url}/${REPOSITORY}@${digest.replace(':', '=')}/signature-1`;

  await t.test('says what is wrong with each file, and at which step', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('');
      await goTo(page, 'Check a signature');
      await heading(page, 'Check a signature').waitFor();
      const armored = await key.sign(`${REPOSITORY}:v1`, digest, { options: ['--armor'] });
      const plain = ['--compress-algo', 'none']; // or the damage would be found before the key is looked at
      const tampered = await key.sign(`${REPOSITORY}:v1`, digest, { options: plain });
      tampered[tampered.length - 5] = (tampered.at(-5) ?? 0) ^ 0xff;
      const unknown = await stranger.sign(`${REPOSITORY}:v1`, digest);
      const files = { 'armored.asc': armored, 'tampered.sig': tampered, 'unknown.sig': unknown, 'good.sig': good };
      await dropFiles(
        page,
        'Drop signature files here',
        ...Object.entries(files).map(([name, bytes]) => ({ name, bytes })),
      );
      await page.getByText('1 acceptable, 3 refused').waitFor();
      for (const [name, code, reason] of [
        ['armored.asc', 'SIGNATURE_ARMORED', /gpg --dearmor/],
        ['tampered.sig', 'SIGNATURE_BAD', /the cryptographic check holds refused/],
        ['unknown.sig', 'KEY_UNKNOWN', new RegExp(stranger.fingerprint.slice(-16))],
      ] as const) {
        const shown = await textOf(verdict(page, name));
        assert.ok(shown.includes(code), shown);
        assert.match(shown, reason);
      }
      assert.deepEqual(await outcomesOf(verdict(page, 'unknown.sig')), [
        ...Array(4).fill('passed'),
        'refused',
        ...Array(4).fill('not looked at'),
      ]);
      assert.equal((await fetch(path)).status, 404, 'nothing is stored');
      const upload = page.getByRole('button', { name: 'Upload the acceptable one' });
      assert.equal(await upload.getAttribute('aria-disabled'), 'true', 'for a viewer');
    }),
  );

  await t.test('sends no private key, dropped or pasted', () =>
    visit('viewer', async ({ page, watch }) => {
      const secret = await key.exportPrivate();
      await page.goto('check');
      await dropFiles(page, 'Drop signature files here', { name: 'secret.asc', bytes: secret });
      await verdict(page, 'secret.asc').getByText('This is a private key').waitFor();
      await page.getByLabel('Or paste it in base64').fill(secret);
      await page.getByRole('button', { name: 'Check the pasted text' }).click();
      await page.locator('form').getByText('This is a private key').waitFor();
      assert.deepEqual(
        watch.calls.filter((call) => !call.startsWith('GET ')),
        [],
      );
    }),
  );
  await t.test('compares it with the image it is meant for', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('check');
      await page.getByLabel('Target').fill(`${REPOSITORY}@${randomDigest().replace(':', '=')}`);
      await page.getByLabel('Or paste it in base64').fill(good.toString('base64').replace(/.{76}/g, '$&\n'));
      await page.getByRole('button', { name: 'Check the pasted text' }).click();
      await verdict(page, 'Pasted base64').getByText('CLAIM_DIGEST_MISMATCH').waitFor();
    }),
  );

  await t.test('uploads a good one from there, which is served at once', () =>
    visit('admin', async ({ page }) => {
      await page.goto('check');
      await page.getByLabel('Target').focus();
      await dropFiles(page, 'Drop signature files here', { name: 'signature-1', bytes: good });
      await page.getByText('1 acceptable', { exact: true }).waitFor();
      const isFocused = 'document.activeElement === document.querySelector("form input:not([hidden])")';
      assert.ok(await page.evaluate(isFocused), 'the line that somebody writes in stays the same one');
      assert.deepEqual(await outcomesOf(verdict(page, 'signature-1')), Array(9).fill('passed'));
      assert.equal((await fetch(path)).status, 404);
      await page.getByRole('button', { name: 'Upload the acceptable one' }).click();
      await page.getByText('Stored, and served from now on').waitFor();
      assert.deepEqual(Buffer.from(await (await fetch(path)).arrayBuffer()), good);
      await verdict(page, 'signature-1').getByRole('link', { name: 'signature-1' }).first().click();
      await heading(page, 'Signature 1').waitFor();
    }),
  );
});
