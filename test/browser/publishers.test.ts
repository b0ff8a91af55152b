// Pipelines that publish without a secret, on their page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';
import { confirm, goTo, heading, row } from './steps.ts';

test('publishers', needs('chromium'), async (t) => {
  const { visit, local, registerKeys } = await createScene(t);
  const [key = ''] = await registerKeys('rsa2048');

  await t.test('are added with the keyboard alone, as the form of their CI system begins', () =>
    visit('admin', async ({ page }) => {
      await page.goto('');
      await goTo(page, 'Publishers');
      await heading(page, 'Publishers').waitFor();
      await page.getByRole('main').getByRole('button', { name: 'Trust a pipeline' }).first().focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').focus();
      await page.keyboard.type('app');
      await dialog.getByLabel('CI system').selectOption('GitLab CI');
      assert.equal(await dialog.getByLabel('Issuer').inputValue(), 'https://gitlab.com');
      assert.equal(await dialog.getByLabel('Claim 1', { exact: true }).inputValue(), 'project_id');
      await dialog.getByLabel('Value of claim 1').focus();
      await page.keyboard.type('42');
      await dialog.getByRole('button', { name: 'Add a claim' }).focus();
      await page.keyboard.press('Enter');
      await dialog.locator('input:focus').waitFor();
      await page.keyboard.type('ref');
      await page.keyboard.press('Tab');
      await page.keyboard.type('refs/heads/**');
      await dialog.getByRole('textbox', { name: 'Scope 1' }).fill('quay.io/acme');
      const button = dialog.getByRole('button', { name: 'Trust it' });
      assert.equal(await button.getAttribute('aria-disabled'), 'true');
      await dialog.getByRole('checkbox').focus();
      await page.keyboard.press('Space');
      await button.focus();
      await page.keyboard.press('Enter');
      await row(page, 'app').getByText('refs/heads/**').waitFor();
      const [added] = await local.publishers.list(LOCAL);
      assert.deepEqual(
        [added?.claims, added?.scopes, added?.keys, added?.kind],
        [{ project_id: '42', ref: 'refs/heads/**' }, ['quay.io/acme'], [key], 'gitlab'],
      );
    }),
  );
  await t.test('are not added by a name alone, and the page says why', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('400 POST /api/v1/publishers');
      await page.goto('publishers');
      await page.getByRole('button', { name: 'Trust a pipeline' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('named');
      await dialog.getByLabel('Claim 1', { exact: true }).fill('repository');
      await dialog.getByLabel('Value of claim 1').fill('acme/app');
      await dialog.getByRole('textbox', { name: 'Scope 1' }).fill('quay.io/acme');
      await dialog.getByRole('checkbox').check();
      await dialog.getByRole('button', { name: 'Trust it' }).click();
      await dialog.getByText('registered by somebody else').waitFor();
      await dialog.getByText('PUBLISHER_INVALID').waitFor();
    }),
  );
  await t.test('are removed', () =>
    visit('admin', async ({ page }) => {
      await page.goto('publishers');
      await row(page, 'app').getByRole('button', { name: 'Remove' }).click();
      await confirm(page, 'Remove');
      await page.getByText('No pipeline is trusted yet').waitFor();
      assert.deepEqual(await local.publishers.list(LOCAL), []);
    }),
  );
});
