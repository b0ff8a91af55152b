// A viewer sees everything and changes nothing: the pages say so before somebody tries, and the server whenever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { operationList } from '../../server/http/contract/operations.ts';
import { needs } from '../support/tools.ts';
import { ADMIN, createScene } from './scene.ts';
import { heading, signIn } from './steps.ts';
import { type FilledStore, fillStore } from './store.ts';
import { STOREFRONT } from './store-plan.ts';

const WHY = 'Your role is viewer, which may not do this';

test('a viewer', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  const { visit, local } = scene;
  const store = await fillStore(t, scene);

  await t.test('is told why a button does nothing, on every page that has one', () =>
    visit('viewer', async ({ page, watch }) => {
      const release = `keys/${store.keys.release.fingerprint}`;
      const [signature] = store.idsOf(`${STOREFRONT}:v2.15.0`);
      const buttons: [address: string, title: string | RegExp, names: readonly string[]][] = [
        ['keys', 'Keys', ['Register a key']],
        [release, 'Release engineering', ['Register a newer copy', 'Retire', 'Revoke', 'Rename', 'Change scopes']],
        ['tokens', 'Tokens', ['Create a token', 'Revoke']],
        ['publishers', 'Publishers', ['Trust a pipeline', 'Remove']],
        ['publishers/test', 'Test a token', ['Test']],
        ['aliases', 'Aliases', ['Add an alias', 'Change', 'Remove']],
        ['users', 'Users', ['Add a user']],
        [`signatures/${signature}`, `Signature ${signature}`, ['Withdraw']],
      ];
      for (const [address, title, names] of buttons) {
        await page.goto(address);
        await heading(page, title).waitFor();
        for (const name of names) await assertExplained(page, name);
      }
      assert.deepEqual(
        watch.calls.filter((call) => !call.startsWith('GET ')),
        [],
      );
    }),
  );

  await t.test('may look at what a key file holds, and not register it', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('keys/register');
      await page.getByLabel('Or paste it').fill(store.stranger.armored);
      await page.getByRole('button', { name: 'Read the key' }).click();
      await page.getByText('Nothing is stored yet.').waitFor();
      await assertExplained(page, 'Register');
    }),
  );

  await t.test('is refused whatever is asked of the API from the page, with the cookie of the session', () =>
    visit('viewer', async ({ page, watch }) => {
      await page.goto('keys');
      const before = await local.audit.verify(null, ADMIN);
      const attempts = forbidden(store);
      assert.ok(attempts.length >= 9, 'the operations for admins only');
      for (const { method, path } of attempts) watch.expect(`403 ${method} ${path}`);
      const answers = await page.evaluate(`Promise.all(${JSON.stringify(attempts)}.map(async ({ method, path }) => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch(path, { method, headers, body: '{}' });
        return answer.status + ' ' + (await answer.json()).code;
      }))`);
      assert.deepEqual(
        answers,
        attempts.map(() => '403 PERMISSION_MISSING'),
      );
      assert.deepEqual(await local.audit.verify(null, ADMIN), before);
    }),
  );

  await t.test('who was an admin a moment ago is refused, and reads why', async () => {
    const password = 'a passing greatness';
    await local.users.create({ name: 'demoted', role: 'admin', password }, ADMIN);
    await visit(null, async ({ page, watch }) => {
      watch.expect('401 GET /api/v1/session', '403 POST /api/v1/tokens');
      await page.goto('tokens');
      await signIn(page, 'demoted', password);
      await heading(page, 'Tokens').waitFor();
      await local.users.change('demoted', { role: 'viewer' }, ADMIN);
      await page.getByRole('button', { name: 'Create a token' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('too late');
      await dialog.getByLabel('upload', { exact: true }).check();
      await dialog.getByLabel('Everything').check();
      await dialog.getByRole('button', { name: 'Create', exact: true }).click();
      await dialog.getByText('No token was created.').waitFor();
      await dialog.getByText('PERMISSION_MISSING').waitFor();
    });
  });
});

/** Cannot be used, can be reached by keyboard and pointer, and says why. */
async function assertExplained(page: Page, name: string): Promise<void> {
  const button = page.getByRole('main').getByRole('button', { name, exact: true }).first();
  assert.equal(await button.getAttribute('aria-disabled'), 'true', name);
  await button.focus();
  await page.getByRole('tooltip').getByText(WHY).waitFor();
  await button.dispatchEvent('click');
  assert.equal(await page.getByRole('dialog').count(), 0, name);
  await button.blur();
  await page.getByRole('tooltip').waitFor({ state: 'detached' });
}

/** Every call that viewers have no right to, with parameters of things that exist. */
function forbidden({ keys, idsOf }: FilledStore): { method: string; path: string }[] {
  const values: Record<string, string | number> = {
    fingerprint: keys.release.fingerprint,
    id: idsOf(`${STOREFRONT}:v2.15.0`)[0] ?? 0,
    name: 'admin',
  };
  return operationList()
    .map(([, operation]) => operation)
    .filter(({ needs }) => Array.isArray(needs) && !needs.includes('view') && !needs.includes('read'))
    .map(({ method, path }) => ({
      method: method.toUpperCase(),
      path: `/api/v1${path.replace(/:(\w+)/g, (_, name: string) => String(values[name]))}`,
    }));
}
