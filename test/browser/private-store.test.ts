// What the pages say of a store that is private but for some repositories.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';

test('the page of a repository says that reading needs a token, and what does not', needs('chromium'), async (t) => {
  const { visit } = await createScene(t, {
    LOOKASIDE_READ_ACCESS: 'token',
    LOOKASIDE_PUBLIC_SCOPES: 'quay.io/open,*.example.com',
  });
  await visit('viewer', async ({ page }) => {
    await page.goto('repository?name=quay.io/acme/app&view=setup');
    await page.getByText('Reading this store needs a token').waitFor();
    const told = await page.getByText('Without one, what is public can be read').innerText();
    assert.match(told, /quay\.io\/open, \*\.example\.com$/);
  });
});
