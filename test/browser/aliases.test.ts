// The page of aliases: what is added, changed and removed there counts for whoever reads next.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { signature } from '../http/scene.ts';
import { bearer, send } from '../http/wire.ts';
import { CORPUS_DIGEST_HEX } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';
import { CLIPBOARD, confirm, copied, goTo, heading, row } from './steps.ts';

const AT = `@sha256=${CORPUS_DIGEST_HEX}/signature-1`;
const HOST = 'registry.example.com';

async function fill(page: Page, path: string, target: string): Promise<void> {
  await page.getByLabel('Path').fill(path);
  await page.getByLabel('Stands for').fill(target);
}

test('aliases', needs('chromium'), async (t) => {
  const { visit, url, ...server } = await createScene(t);
  await server.registerKeys('rsa2048');
  const headers = { ...bearer(await server.createToken(['upload'])), 'content-type': 'application/octet-stream' };
  const upload = { method: 'POST', headers, body: signature('rsa2048') };
  assert.equal((await send(url, '/api/v1/signatures', upload)).status, 201);
  const read = async (path: string) => (await send(url, `${path}${AT}`)).status;

  await t.test('are added with the keyboard alone, and faults stand at their field', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('400 POST /api/v1/aliases', '400 POST /api/v1/aliases');
      await page.goto('');
      await goTo(page, 'Aliases');
      await heading(page, 'Aliases').waitFor();
      await page.getByText('No alias yet').waitFor();
      await page.getByRole('button', { name: 'Add an alias' }).first().focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await fill(page, '/api/mirror', HOST);
      await page.keyboard.press('Enter');
      await dialog.getByText('/api is an address of this server').waitFor();
      assert.equal(await dialog.getByLabel('Path').getAttribute('aria-invalid'), 'true');
      await fill(page, '/mirror.corp/hub', 'acme');
      await page.keyboard.press('Enter');
      await dialog.getByText('is not what an alias can stand for').waitFor();
      assert.equal(await dialog.getByLabel('Stands for').getAttribute('aria-invalid'), 'true');
      await fill(page, '/mirror.corp/hub', HOST);
      await page.keyboard.press('Enter');
      await row(page, '/mirror.corp/hub').getByText(HOST).waitFor();
      assert.equal(await read('/mirror.corp/hub/acme/app'), 200);
    }),
  );

  await t.test('have an address to give to clients', () =>
    visit('admin', async ({ page, context }) => {
      await context.grantPermissions([...CLIPBOARD]);
      await page.goto('aliases');
      const button = page.getByRole('button', { name: 'Copy the address of /mirror.corp/hub' });
      assert.equal(await copied(page, button), `${url}/mirror.corp/hub`);
    }),
  );

  await t.test('are changed in one step, with a warning where signatures are hidden', () =>
    visit('admin', async ({ page }) => {
      await page.goto('aliases');
      await page.getByRole('button', { name: 'Add an alias' }).click();
      await fill(page, `/${HOST}`, 'quay.io');
      await page.keyboard.press('Enter');
      await row(page, 'quay.io').getByText(`This store has ${HOST}/acme/app`).waitFor();
      assert.equal(await read(`/${HOST}/acme/app`), 404);

      await row(page, 'quay.io').getByRole('button', { name: 'Change' }).click();
      const dialog = page.getByRole('dialog');
      assert.equal(await dialog.getByLabel('Path').inputValue(), `/${HOST}`);
      assert.equal(await dialog.getByLabel('Path').getAttribute('readonly'), '');
      await dialog.getByLabel('Stands for').fill(HOST);
      await confirm(page, 'Change');
      await page.getByRole('table').getByText('This store has').waitFor({ state: 'detached' });
      assert.equal(await read(`/${HOST}/acme/app`), 200);
    }),
  );

  await t.test('are removed', () =>
    visit('admin', async ({ page }) => {
      await page.goto('aliases');
      await row(page, '/mirror.corp/hub').getByRole('button', { name: 'Remove' }).click();
      await confirm(page, 'Remove');
      await row(page, '/mirror.corp/hub').waitFor({ state: 'detached' });
      assert.equal(await read('/mirror.corp/hub/acme/app'), 404);
    }),
  );

  await t.test('are there to be seen for a viewer, who is told why they cannot be changed', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('aliases');
      const remove = row(page, `/${HOST}`).getByRole('button', { name: 'Remove' });
      assert.equal(await remove.getAttribute('aria-disabled'), 'true');
      assert.equal(await page.getByRole('button', { name: 'Add an alias' }).getAttribute('aria-disabled'), 'true');
    }),
  );
});
