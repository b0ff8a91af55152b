// People who sign in, and the log of what they and everybody else did.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import type { Locator, Page } from 'playwright-core';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { createScene, PASSWORDS, type Scene } from './scene.ts';
import { confirm, fact, goTo, heading, row, signIn, textOf } from './steps.ts';

type Event = {
  readonly seq: number;
  readonly action: string;
  readonly subject: string;
  readonly actor: { name: string };
};

const actionsOf = (page: Page, name: string) => page.getByRole('button', { name: `Actions for ${name}` });

/** Opens what is done with somebody, and returns the dialog. */
async function act(page: Page, name: string, what: string): Promise<Locator> {
  await actionsOf(page, name).click();
  await page.getByRole('menuitem', { name: what }).click();
  return page.getByRole('dialog');
}

async function fillPassword(dialog: Locator, password: string): Promise<void> {
  await dialog.getByRole('textbox', { name: 'Password', exact: true }).fill(password);
  await dialog.getByRole('textbox', { name: 'Password again', exact: true }).fill(password);
}

test('people and what they did', needs('chromium'), async (t) => {
  const scene = await createScene(t);
  await people(t, scene);
  await records(t, scene);
});

async function people(t: TestContext, { visit, url }: Scene): Promise<void> {
  const status = async (username: string, password: string) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username, password });
    return (await fetch(`${url}/api/v1/session`, { method: 'POST', headers, body })).status;
  };

  await t.test('somebody who is added can sign in, and after a change of role do more', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('400 POST /api/v1/users');
      await page.goto('users');
      await page.getByRole('button', { name: 'Add a user' }).click();
      const adding = page.getByRole('dialog');
      await adding.getByLabel('Name').fill('j.okafor');
      await fillPassword(adding, 'short');
      await adding.getByRole('button', { name: 'Add' }).click();
      await adding.getByText('at least 8 are needed').waitFor();
      await fillPassword(adding, 'first password');
      await adding.getByRole('button', { name: 'Add' }).click();
      await row(page, 'j.okafor').getByText('viewer').waitFor();
      assert.equal(await status('j.okafor', 'first password'), 200);

      const role = await act(page, 'j.okafor', 'Change role');
      await role.getByLabel('admin').check();
      await role.getByRole('button', { name: 'Change role' }).click();
      await row(page, 'j.okafor').getByText('admin').waitFor();
      const password = await act(page, 'j.okafor', 'Set password');
      await fillPassword(password, 'second password');
      await password.getByRole('button', { name: 'Set password' }).click();
      await page.getByText('j.okafor has a new password').waitFor();
      assert.deepEqual(
        [await status('j.okafor', 'first password'), await status('j.okafor', 'second password')],
        [401, 200],
      );
    }),
  );

  await t.test('somebody who is removed is out at once, wherever they are signed in', () =>
    visit(null, async ({ page: theirs, watch }) => {
      watch.expect('401 GET /api/v1/session', '401 GET /api/v1/keys');
      await theirs.goto('');
      await signIn(theirs, 'j.okafor', 'second password');
      await heading(theirs, 'Overview').waitFor();
      await visit('admin', async ({ page }) => {
        await page.goto('users');
        await act(page, 'j.okafor', 'Remove');
        await confirm(page, 'Remove');
        await row(page, 'j.okafor').waitFor({ state: 'detached' });
      });
      await goTo(theirs, 'Keys');
      await heading(theirs, 'Sign in').waitFor();
    }),
  );

  await t.test('the last admin stays, in the page and at the API', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('409 DELETE /api/v1/users/admin', '409 PATCH /api/v1/users/admin');
      await page.goto('users');
      await actionsOf(page, 'admin').click();
      for (const item of ['Change role', 'Remove']) {
        const entry = page.getByRole('menuitem', { name: item });
        assert.equal(await entry.getAttribute('aria-disabled'), 'true', item);
        await entry.hover();
        await page.getByRole('tooltip').getByText('ask another admin').waitFor();
      }
      const answers =
        await page.evaluate(`Promise.all([['DELETE'], ['PATCH', '{"role":"viewer"}']].map(async ([method, body]) => {
        const headers = { 'content-type': 'application/json' };
        return (await (await fetch('/api/v1/users/admin', { method, headers, body })).json()).code;
      }))`);
      assert.deepEqual(answers, ['USER_LAST_ADMIN', 'USER_LAST_ADMIN']);
    }),
  );
}

async function records(t: TestContext, { visit, local, config, clock }: Scene): Promise<void> {
  await t.test('the audit log shows all of it, by whom, and narrows to one event', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('audit');
      await page.getByText(/The hash chain of \d+ events is intact/).waitFor();
      for (const action of ['user.created', 'user.role_changed', 'user.password_changed', 'user.removed'])
        assert.match(await textOf(row(page, action).filter({ hasText: 'j.okafor' })), /User admin j\.okafor$/);
      await page.getByLabel('Action').selectOption('user.role_changed');
      await page.getByLabel('By', { exact: true }).fill('admin');
      await row(page, 'user.removed').waitFor({ state: 'detached' });
      await page.waitForURL(/\?(?=.*action=user\.role_changed)(?=.*actor=admin)/);
      await row(page, 'user.role_changed').getByRole('button', { name: 'Details' }).click();
      assert.deepEqual([await textOf(fact(page, 'From')), await textOf(fact(page, 'To'))], ['viewer', 'admin']);
      await page.getByLabel('By', { exact: true }).fill('nobody');
      await page.getByText('No event fits the filters').waitFor();
    }),
  );

  await t.test('the export has every event in one line, oldest first, chained', () =>
    visit('viewer', async ({ page }) => {
      await page.goto('audit');
      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Export as JSON lines' }).click();
      const download = await downloading;
      assert.equal(download.suggestedFilename(), 'audit.jsonl');
      const lines = readFileSync(await download.path(), 'utf8')
        .trimEnd()
        .split('\n');
      const events = lines.map((line) => JSON.parse(line) as Event & { hash: string; previous: string });
      const { seq } = await local.audit.verify(null, LOCAL);
      assert.deepEqual(
        events.map((event) => event.seq),
        Array.from({ length: seq }, (_, index) => index + 1),
      );
      assert.ok(events.every(({ previous }, index) => index === 0 || previous === events[index - 1]?.hash));
      assert.equal(
        events.filter(({ action, subject }) => action === 'user.removed' && subject === 'j.okafor').length,
        1,
      );
      assert.doesNotMatch(lines.join(), new RegExp(`password"|${PASSWORDS.admin}|first password`));
    }),
  );

  await t.test('a log that somebody has changed in the database says so', async () => {
    const database = new Database(config.databasePath);
    database
      .prepare("UPDATE audit SET actor = json_set(actor, '$.name', 'nobody') WHERE action = 'user.removed'")
      .run();
    database.close();
    clock.set(Date.now() + 11 * 60_000); // when the chain is looked at again
    await visit('viewer', async ({ page }) => {
      await page.goto('audit');
      await page.getByText('The hash chain is broken').waitFor();
    });
    clock.set(null);
  });
}
