// Without a mouse: Tab, Enter, Escape and what is typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { randomDigest } from '../support/gpg-claims.ts';
import { needs } from '../support/tools.ts';
import { DAY_MS, gpgKeys } from './gpg-keys.ts';
import { createScene, PASSWORDS, type Scene } from './scene.ts';
import { fact, heading, section, textOf } from './steps.ts';

const MOST_TABS = 60;
const isFocused = (target: Locator) => target.evaluate((element) => element === element.ownerDocument.activeElement);

/** Tab by Tab, and every stop on the way can be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let count = 0; count < MOST_TABS; count++) {
    await page.keyboard.press('Tab');
    const unseen = await page.evaluate(`(() => {
      const element = document.activeElement;
      const { outlineStyle, boxShadow, visibility } = getComputedStyle(element);
      const isSeen = element.checkVisibility() && visibility === 'visible' && (outlineStyle !== 'none' || boxShadow !== 'none');
      return isSeen || element === document.body ? null : element.outerHTML.slice(0, 200);
    })()`);
    assert.equal(unseen, null, 'the focus cannot be seen');
    if (await isFocused(target)) return;
  }
  assert.fail(`${target} is out of reach`);
}

test('with the keyboard alone', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  // As people have it: the focus and what fades in or out can get into each other's way.
  const visit: Scene['visit'] = (who, body) => scene.visit(who, body, { isMoving: true });
  const key = await gpgKeys(t).generate({ userId: 'CI <ci@acme.example>', createdAt: Date.now() - DAY_MS });

  await t.test('somebody signs in, goes to a page and registers a key', () =>
    visit(null, async ({ page, watch }) => {
      watch.expect('401 GET /api/v1/session');
      const { keyboard } = page;
      await page.goto('');
      await heading(page, 'Sign in').waitFor();
      await keyboard.type('admin');
      await keyboard.press('Tab');
      await keyboard.type(PASSWORDS.admin);
      await keyboard.press('Enter');
      await heading(page, 'Overview').waitFor();

      await tabTo(page, page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Keys' }));
      await keyboard.press('Enter');
      const title = heading(page, 'Keys');
      await title.waitFor();
      assert.ok(await isFocused(title), 'a screen reader says where one has come');
      await tabTo(page, page.getByRole('button', { name: 'Register a key' }).first());
      await keyboard.press('Enter');
      await heading(page, 'Register a key').waitFor();
      await tabTo(page, page.getByLabel('Or paste it'));
      await keyboard.insertText(key.armored);
      await tabTo(page, page.getByRole('button', { name: 'Read the key' }));
      await keyboard.press('Enter');
      await page.getByText('Nothing is stored yet.').waitFor();
      await tabTo(page, page.getByRole('button', { name: 'Register', exact: true }));
      await keyboard.press('Enter');
      await page.getByText('is accepted from now on').waitFor();
    }),
  );

  await t.test('somebody withdraws a signature, and gets out of a dialog unharmed', async () => {
    const token = await scene.createToken(['upload']);
    const body = new Uint8Array(await key.sign('quay.io/acme/app:v1', randomDigest()));
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' };
    const { status } = await fetch(`${scene.url}/api/v1/signatures`, { method: 'POST', headers, body });
    assert.equal(status, 201);
    await visit('admin', async ({ page }) => {
      const { keyboard } = page;
      await page.goto('signatures/1');
      const button = page.getByRole('main').getByRole('button', { name: 'Withdraw' });
      await tabTo(page, button);
      await keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      assert.ok(await isFocused(button), 'back where one was');
      await keyboard.press('Enter');
      const reason = dialog.getByLabel('Reason');
      await reason.waitFor();
      assert.ok(await isFocused(reason));
      await keyboard.type('signed by mistake');
      for (let count = 0; count < 8; count++) {
        await keyboard.press('Tab');
        const within = await dialog.evaluate((element) => element.contains(element.ownerDocument.activeElement));
        assert.ok(within, 'the dialog keeps the focus');
      }
      await tabTo(page, dialog.getByRole('button', { name: 'Withdraw' }));
      await keyboard.press('Enter');
      await page.getByText('Withdrawn: runtimes do not read it here any more').waitFor();
      assert.match(await textOf(fact(section(page, 'Signature'), 'State')), /^withdrawn/);
      await dialog.waitFor({ state: 'detached' });
      assert.notEqual(await page.evaluate('document.activeElement.tagName'), 'BODY', 'the focus is somewhere');
    });
  });

  await t.test('somebody skips what is on every page, and walks through results', () =>
    visit('viewer', async ({ page }) => {
      const { keyboard } = page;
      await page.goto('keys');
      await heading(page, 'Keys').waitFor();
      await tabTo(page, page.getByRole('link', { name: 'Skip to content' }));
      await keyboard.press('Enter');
      await tabTo(page, page.getByLabel('Name, user id or fingerprint'));
      await page.goto('search');
      await heading(page, 'Search').waitFor();
      await keyboard.type('acme');
      await section(page, 'Keys').getByRole('link').waitFor();
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      await heading(page, 'CI').waitFor();
    }),
  );
});
