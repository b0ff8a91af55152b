// What stands where there is nothing, too much, or no answer.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { needs } from '../support/tools.ts';
import { createScene, type Scene } from './scene.ts';
import { goTo, heading, section } from './steps.ts';

test('a store', needs('chromium'), async (t) => {
  const scene = await createScene(t);
  await t.test('that is empty', (t) => empty(t, scene));
  await t.test('that knows no registry', (t) => unknowing(t, scene));
  await t.test('that is crowded', (t) => crowded(t, scene));
  await silent(t, scene);
});

async function empty(t: TestContext, { visit }: Scene): Promise<void> {
  await t.test('says what to do first, step by step, and each step leads to its page', () =>
    visit('admin', async ({ page }) => {
      await page.goto('');
      const welcome = section(page, 'Welcome to Lookaside');
      for (const step of ['1. Register a key', '2. Create a token', '3. Sign and push', '4. Tell the nodes'])
        await welcome.getByRole('heading', { name: step }).waitFor();
      await welcome.getByRole('link', { name: 'Register a key' }).click();
      await heading(page, 'Register a key').waitFor();
    }),
  );

  await t.test('says on every list how it is filled', () =>
    visit('admin', async ({ page }) => {
      const EMPTY = {
        Repositories: 'No signatures yet',
        Keys: 'No key is registered yet',
        Tokens: 'No token yet',
        Refusals: /Nothing (?:was|has been) refused/,
      };
      await page.goto('');
      for (const [name, words] of Object.entries(EMPTY)) {
        await goTo(page, name);
        await page.getByRole('heading', { level: 2, name: words }).waitFor();
        assert.equal(await page.getByRole('main').getByRole('grid').count(), 0, name);
      }
    }),
  );
}

async function unknowing(t: TestContext, { visit }: Scene): Promise<void> {
  await t.test('asks for the registries that clients pull from, and makes their configuration', () =>
    visit('viewer', async ({ page, watch }) => {
      watch.expect('400 POST /api/v1/config');
      await page.goto('configuration');
      await page.getByText('Nothing can be made yet').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0, 'it would be refused again');
      await page.getByLabel('Registries').fill('quay.io');
      await page.getByRole('button', { name: 'Make the files' }).click();
      await page.getByText('lookaside.yaml').waitFor();
    }),
  );
}

async function crowded(t: TestContext, scene: Scene): Promise<void> {
  await scene.registerKeys('rsa2048');
  fillWithRows(scene.config.databasePath);
  const name = (number: number) => `quay.io/acme/app-${String(number).padStart(5, '0')}`;

  await t.test('shows 10,000 repositories page by page, there and back, and finds one by a filter', () =>
    scene.visit('viewer', async ({ page, watch }) => {
      await page.goto('repositories');
      const rows = page.getByRole('main').getByRole('grid').locator('tbody').getByRole('row');
      const pages = page.getByRole('navigation', { name: 'Pages of repositories' });
      const link = (number: number) => page.getByRole('link', { name: name(number), exact: true });
      await link(1).waitFor();
      assert.equal(await rows.count(), 100);
      for (const first of [101, 201]) {
        await pages.getByRole('button', { name: 'Next page' }).click();
        await link(first).waitFor();
        await link(first - 100).waitFor({ state: 'detached' });
        assert.equal(await rows.count(), 100);
      }
      assert.equal(await pages.getByText('Page 3').count(), 1);
      await pages.getByRole('button', { name: 'Previous page' }).click();
      await link(101).waitFor();
      await page.reload();
      await link(101).waitFor();
      await page.getByLabel('Filter by name').fill('app-09999');
      await link(9999).waitFor();
      assert.equal(await rows.count(), 1);
      await watch.settled();
      for (const call of watch.calls) assert.doesNotMatch(call, /limit=\d{4}/);
    }),
  );

  await t.test('lists 10,000 tokens in the same way', () =>
    scene.visit('admin', async ({ page }) => {
      await page.goto('tokens');
      const rows = page.getByRole('grid', { name: 'tokens' }).locator('tbody').getByRole('row');
      await rows.nth(99).waitFor(); // the first rows may be those that stand for what is being loaded
      assert.equal(await rows.count(), 100);
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.getByText('Page 2').waitFor();
      await page.getByLabel('Name or id').fill('token 04711');
      await page.getByText('token 04711').waitFor();
      await rows.nth(1).waitFor({ state: 'detached' }); // those of the page before go a moment later
      assert.equal(await rows.count(), 1);
    }),
  );

  await t.test('counts them on the overview, and searches them', () =>
    scene.visit('viewer', async ({ page }) => {
      await page.goto('');
      await section(page, 'Repositories').getByRole('link', { name: '10,000' }).waitFor();
      await goTo(page, 'Search');
      await page.getByRole('main').getByRole('textbox').pressSequentially('app-0777');
      await section(page, 'Repositories')
        .getByRole('link', { name: name(7770) })
        .waitFor();
    }),
  );
}

/** As the tables have them; what the rows say about each other is kept by triggers. */
function fillWithRows(path: string): void {
  const database = new Database(path);
  const numbers = 'WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 10000)';
  database.transaction(() => {
    database.exec(`INSERT INTO signatures (repository, digest, sha256, identity, bytes, signer, signing_key, reference,
        signed_at, notes, stored_at, stored_by)
      ${numbers} SELECT printf('quay.io/acme/app-%05d', n), printf('sha256:%064x', n), randomblob(32), randomblob(32),
        randomblob(300), fingerprint, fingerprint, printf('quay.io/acme/app-%05d:v1', n), 0, '[]', 0,
        '{"kind":"local","name":"tester"}' FROM up, keys`);
    database.exec(`INSERT INTO tokens (id, name, sha256, permissions, scopes, created_at)
      ${numbers} SELECT printf('%012x', n), printf('token %05d', n), randomblob(32), '["upload"]', '[""]', n FROM up`);
  })();
  database.close();
}

async function silent(t: TestContext, { url, visit, stop }: Scene): Promise<void> {
  await t.test('that does not answer is an error that can be tried again', () =>
    visit('viewer', async ({ page, context, watch }) => {
      await page.goto('');
      await heading(page, 'Overview').waitFor();
      await watch.settled();
      const refused = 'net::ERR_CONNECTION_REFUSED';
      watch.expect(`${refused} GET /api/v1/tokens`);
      await context.route(`${url}/api/v1/**`, (route) => route.abort('connectionrefused'));
      await goTo(page, 'Tokens');
      await page.getByText('This could not be loaded').waitFor();
      await page.getByText('the server cannot be reached').waitFor();
      await context.unroute(`${url}/api/v1/**`);
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('grid', { name: 'tokens' }).waitFor();
    }),
  );

  await t.test('that has stopped does not pretend that somebody is signed out', () =>
    visit('viewer', async ({ page, watch }) => {
      await page.goto('users');
      await heading(page, 'Users').waitFor();
      await watch.settled();
      const refused = 'net::ERR_CONNECTION_REFUSED';
      await stop();
      watch.expect(`${refused} DELETE /api/v1/session`);
      await page.getByRole('button', { name: 'User menu' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByText('You are still signed in').waitFor();
    }),
  );
}
