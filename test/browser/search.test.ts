// Finding things as one types, and taking a signature back that is found.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { createScene, type Scene } from './scene.ts';
import { fact, heading, row, section, textOf } from './steps.ts';
import { type FilledStore, fillStore } from './store.ts';
import { CHECKOUT, digestOf, POSTGRES, STOREFRONT, WITHDRAWN } from './store-plan.ts';

/** Letter by letter, as people do; nothing is sent off with Enter. */
async function type(page: Page, text: string): Promise<void> {
  const box = page.getByRole('main').getByRole('textbox');
  await box.fill('');
  await box.pressSequentially(text);
}

test('in a filled store', { ...needs('chromium', 'gpg'), concurrency: 2 }, async (t) => {
  const scene = await createScene(t);
  const store = await fillStore(t, scene);
  searching(t, scene, store);
  withdrawing(t, scene, store);
});

function searching(t: TestContext, { visit }: Scene, store: FilledStore): void {
  const release = store.keys.release.fingerprint;
  const digest = digestOf(`${STOREFRONT}:v2.15.1`);

  void t.test('the search finds each kind of thing as one types', () =>
    visit('viewer', async ({ page, watch }) => {
      await page.goto('search');
      const searches: [what: string, typed: string, kind: string, found: string][] = [
        ['a repository', 'acme/storef', 'Repositories', STOREFRONT],
        ['a repository by a later part of its name', 'postgres', 'Repositories', POSTGRES],
        ['a digest', digest, 'Images', digest],
        ['the first digits of a digest', digest.slice(7, 17), 'Images', digest],
        ['a tag reference', 'storefront:v2.15.0', 'Signatures by tag', `${STOREFRONT}:v2.15.0`],
        ['a fingerprint', release, 'Keys', 'Release engineering'],
        [
          'a fingerprint as gpg prints it',
          release.replace(/.{4}/g, '$& ').toLowerCase(),
          'Keys',
          'Release engineering',
        ],
        ['a key id', release.slice(-16), 'Keys', 'Release engineering'],
        ['the name of a signer', 'product sec', 'Keys', 'Product security'],
        ['a user id', 'platform@acme', 'Keys', 'Platform team'],
        ['the name of a token', 'gitlab-sto', 'Tokens', 'gitlab-storefront'],
      ];
      for (const [what, typed, kind, found] of searches) {
        await type(page, typed);
        const link = section(page, kind).getByRole('link', { name: found }).first();
        await link.waitFor().catch((cause) => assert.fail(`${what}: ${cause}`));
      }
      const asked = watch.calls.filter((call) => call.includes('/search?'));
      assert.ok(asked.length < searches.length * 3, `not once for each letter: ${asked.length}`);
      await type(page, 'no such thing');
      await page.getByText('Nothing was found').last().waitFor();
    }),
  );

  void t.test('the box above every page leads to the results, and a result to its page', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('users');
      const box = page.getByRole('banner').getByRole('textbox');
      await box.fill(`${STOREFRONT}@${digest}`);
      await box.press('Enter');
      await heading(page, 'Search').waitFor();
      await section(page, 'Images').getByRole('link', { name: digest }).click();
      await heading(page, digest.slice(0, 19)).waitFor();
      await page.getByText('Signed by 3 keys; runtimes read 4 signatures').waitFor();
      await page.goBack();
      assert.equal(await page.getByRole('main').getByRole('textbox').inputValue(), `${STOREFRONT}@${digest}`);
    }),
  );

  void t.test('an image says which of its signatures are not served any more, and why', () =>
    visit('viewer', async ({ page }) => {
      await page.goto(`image?repository=${CHECKOUT}&digest=${digestOf(WITHDRAWN)}`);
      await row(section(page, 'Live signatures'), 'CI').waitFor();
      const gone = row(section(page, 'No longer served'), 'Release engineering');
      assert.match(await textOf(gone), /withdrawn .*OPS-4117/);
    }),
  );

  void t.test('a key that expires soon says how many images have no other signature', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('');
      const expiring = row(section(page, 'Keys that expire within 90 days'), 'Platform team');
      assert.match(await textOf(expiring), /expires in (?:19|20) days .* 3 3 2$/);
      await expiring.getByRole('link', { name: 'Platform team' }).click();
      await page.getByText(/This key expires in (?:19|20) days\./).waitFor();
    }),
  );
}

function withdrawing(t: TestContext, { visit, url }: Scene, store: FilledStore): void {
  void t.test('the last live signature of an image is withdrawn after a warning, and is 404 from then on', () =>
    visit('admin', async ({ page }) => {
      const [id] = store.idsOf(`${CHECKOUT}:v1.9.1`);
      const path = `${url}/${CHECKOUT}@${digestOf(`${CHECKOUT}:v1.9.1`).replace(':', '=')}/signature-1`;
      assert.equal((await fetch(path)).status, 200);
      await page.goto(`signatures/${id}`);
      await page.getByRole('button', { name: 'Withdraw' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('This is the last live signature of the image').waitFor();
      const confirm = dialog.getByRole('button', { name: 'Withdraw' });
      assert.equal(await confirm.getAttribute('aria-disabled'), 'true', 'without a reason');
      await dialog.getByLabel('Reason').fill('built from a branch nobody reviewed');
      await confirm.click();
      await page.getByText('Withdrawn: runtimes do not read it here any more').waitFor();
      assert.match(await textOf(fact(section(page, 'Signature'), 'State')), /^withdrawn/);
      assert.match(await textOf(section(page, 'History')), /by User admin Reason: built from a branch nobody reviewed/);
      assert.equal((await fetch(path)).status, 404);
      assert.equal(await page.getByRole('button', { name: 'Withdraw' }).getAttribute('aria-disabled'), 'true');
    }),
  );

  void t.test('a signature that is not the last one goes without that warning, and the next one moves up', () =>
    visit('admin', async ({ page }) => {
      const [id] = store.idsOf(`${STOREFRONT}:v2.14.0`);
      const path = (number: number) =>
        `${url}/${STOREFRONT}@${digestOf(`${STOREFRONT}:v2.14.0`).replace(':', '=')}/signature-${number}`;
      const second = await (await fetch(path(2))).arrayBuffer();
      await page.goto(`signatures/${id}`);
      await page.getByRole('button', { name: 'Withdraw' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Reason').fill('signed twice');
      assert.equal(await dialog.getByText('This is the last live signature').count(), 0);
      await dialog.getByRole('button', { name: 'Withdraw' }).click();
      await page.getByText('Withdrawn: runtimes do not read it here any more').waitFor();
      assert.deepEqual(await (await fetch(path(1))).arrayBuffer(), second);
      assert.equal((await fetch(path(2))).status, 404);
    }),
  );
}
