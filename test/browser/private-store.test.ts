// What the pages say of a store that is private but for some repositories.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';
import { section } from './steps.ts';

const snippet = (page: Page) => section(page, '/etc/containers/registries.d/lookaside.yaml').locator('pre').innerText();

test(
  'the page of a repository has a section with a token only where reading needs one',
  needs('chromium'),
  async (t) => {
    const { visit } = await createScene(t, {
      LOOKASIDE_READ_ACCESS: 'token',
      LOOKASIDE_PUBLIC_SCOPES: 'quay.io/open,*.example.com',
    });
    await visit('viewer', async ({ page }) => {
      await page.goto('repository?name=quay.io/acme/app&view=setup');
      await page.getByText('reading this store needs a token').waitFor();
      assert.match(await snippet(page), /^ +quay\.io\/acme\/app:\n +lookaside: .*lookaside:TOKEN@.*\/quay\.io"?$/m);
      await page.goto('repository?name=quay.io/open/app&view=setup');
      assert.match(await snippet(page), /^ +quay\.io\/open\/app:\n +lookaside: "?http:\/\/127[^@]*\/quay\.io"?$/m);
      assert.equal(await page.getByText('needs a token').count(), 0);
    });
  },
);
