// In and out: the door, the way back to where one was, and every way in which a session ends.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { LIMITS } from '../../server/domain/limits.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { COOKIE, createScene, PASSWORDS, type Scene, secretOf } from './scene.ts';
import { chooseInUserMenu, goTo, heading, signIn } from './steps.ts';

const NO_SESSION = '401 GET /api/v1/session';
const REFUSED = '401 POST /api/v1/session';

test('a session in the browser', needs('chromium'), async (t) => {
  const scene = await createScene(t);
  await begins(t, scene);
  await ends(t, scene);
});

async function begins(t: TestContext, { visit, clock }: Scene): Promise<void> {
  await t.test('begins on the page that was asked for, with a cookie out of reach of scripts', () =>
    visit(null, async ({ page, context, watch }) => {
      watch.expect(NO_SESSION);
      await page.goto('audit?action=user.created');
      await heading(page, 'Sign in').waitFor();
      assert.equal(await page.title(), 'Sign in · Lookaside');
      await signIn(page, 'admin', PASSWORDS.admin);
      await heading(page, 'Audit log').waitFor();
      assert.match(page.url(), /\/ui\/audit\?action=user\.created$/);
      const cookie = (await context.cookies()).find(({ name }) => name === COOKIE);
      assert.equal(cookie?.httpOnly, true);
      assert.equal(cookie?.sameSite, 'Strict');
      assert.equal(
        await page.evaluate('document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })'),
        '{}',
      );
    }),
  );

  await t.test('does not begin with a wrong password, nor says whether there is such a user', () =>
    visit(null, async ({ page, context, watch }) => {
      watch.expect(NO_SESSION, REFUSED);
      await page.goto('');
      for (const [name, password] of [
        ['admin', 'not the password'],
        ['nobody', PASSWORDS.admin],
      ] as const) {
        const answered = page.waitForResponse((response) => response.request().method() === 'POST');
        await signIn(page, name, password);
        await answered; // until then the words of the last attempt may be there still
        await page.getByText('The user name or the password is wrong.').waitFor();
        assert.equal(await page.getByLabel('Password').inputValue(), '');
      }
      assert.equal(await secretOf(context), null);
      await signIn(page, 'admin', PASSWORDS.admin);
      await heading(page, 'Overview').waitFor();
    }),
  );

  await t.test('makes whoever guesses wait, and says how long', () =>
    visit(null, async ({ page, watch }) => {
      watch.expect(NO_SESSION, REFUSED, '429 POST /api/v1/session');
      await page.goto('');
      const guess = async (password: string) => {
        await signIn(page, 'guessed', password);
        await watch.settled(); // or the answer clears what is filled in meanwhile
      };
      for (let attempt = 0; attempt < 5; attempt++) await guess(`guess ${attempt}`);
      clock.set(Date.now()); // or the wait is over before it is seen on a slow machine
      await guess('guess');
      await guess('guess');
      await page.getByText(/Too many attempts\. Try again in \d+ seconds?\./).waitFor();
      clock.set(null);
    }),
  );
}

async function ends(t: TestContext, { visit, url, clock, local }: Scene): Promise<void> {
  const statusWith = async (secret: string) =>
    (await fetch(`${url}/api/v1/session`, { headers: { cookie: `${COOKIE}=${secret}` } })).status;

  await t.test('ends with signing out: the cookie is gone, and the server refuses its secret', () =>
    visit('admin', async ({ page, context, watch }) => {
      watch.expect(NO_SESSION);
      await page.goto('keys');
      await heading(page, 'Keys').waitFor();
      const secret = (await secretOf(context)) ?? '';
      assert.equal(await statusWith(secret), 200);
      await chooseInUserMenu(page, 'Sign out');
      await heading(page, 'Sign in').waitFor();
      assert.equal(await secretOf(context), null);
      assert.equal(await statusWith(secret), 401);
      // Nothing of before is shown again. The heading is there already: what comes is the question who is signed in.
      const asked = page.waitForResponse((response) => response.url().endsWith('/api/v1/session'));
      await page.goBack();
      assert.equal((await asked).status(), 401);
      await heading(page, 'Sign in').waitFor();
    }),
  );

  await t.test('ends when it is not used for long, and leads back to the page after signing in', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('401 GET /api/v1/tokens');
      await page.goto('keys');
      await heading(page, 'Keys').waitFor();
      clock.set(Date.now() + LIMITS.sessionIdleMs + 60_000);
      await goTo(page, 'Tokens');
      await page.getByText('Your session has ended.').waitFor();
      await signIn(page, 'admin', PASSWORDS.admin);
      await heading(page, 'Tokens').waitFor();
      clock.set(null);
    }),
  );

  await t.test('ends everywhere when the password is changed', () =>
    visit(null, async ({ page, watch, context }) => {
      watch.expect(NO_SESSION, '401 PUT /api/v1/session/password');
      const [before, after] = ['password of before', 'password of after'];
      await local.users.create({ name: 'changer', role: 'viewer', password: before }, LOCAL);
      await page.goto('');
      await signIn(page, 'changer', before);
      await heading(page, 'Overview').waitFor();
      await chooseInUserMenu(page, 'Change password');
      const field = (name: string) => page.getByRole('textbox', { name, exact: true });
      const change = async (current: string) => {
        await field('Current password').fill(current);
        await field('New password').fill(after);
        await field('New password again').fill(after);
        await page.getByRole('button', { name: 'Change password' }).click();
      };
      await change('not the password');
      await page.getByText('The current password is wrong.').waitFor();
      const secret = (await secretOf(context)) ?? '';
      await change(before);
      await page.getByText('The password was changed. Sign in with the new one.').waitFor();
      assert.equal(await statusWith(secret), 401);
      await signIn(page, 'changer', after);
      await heading(page, 'Overview').waitFor();
    }),
  );
}
