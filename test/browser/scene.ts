// A real server with two people, a clock that can be moved, and a browser: what every test of the pages begins with.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { Environment } from '../../server/config.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { userPrincipal } from '../../server/domain/principal.ts';
import { parseUserName } from '../../server/domain/user.ts';
import { realWorld } from '../../server/ops/world.ts';
import { LOCAL, type TestServer, testServer } from '../support/server.ts';
import { launchBrowser, type TestBrowser, type Visit, type VisitOptions } from './browser.ts';

export const PASSWORDS = { admin: 'correct horse battery', viewer: 'staple of the viewer' } as const;
export type Person = keyof typeof PASSWORDS;
export const ADMIN = userPrincipal({ name: parseUserName('admin'), role: 'admin' });

export type Clock = {
  now(): Instant;
  /** The server's time from now on; null is that of the machine. */
  set(at: Date | number | null): void;
};

export type Scene = TestServer & {
  readonly clock: Clock;
  readonly browser: TestBrowser;
  /** A visit of somebody who is signed in, or of nobody. */
  visit(who: Person | null, body: (visit: Visit) => Promise<void>, options?: VisitOptions): Promise<void>;
};

export async function createScene(t: Pick<TestContext, 'after'>, settings: Environment = {}): Promise<Scene> {
  const clock = createClock();
  const world = { ...realWorld, now: clock.now };
  const [browser, server] = await Promise.all([
    launchBrowser(t),
    testServer(t, { LOOKASIDE_ADMIN_PASSWORD: PASSWORDS.admin, ...settings }, { world }),
  ]);
  await server.local.users.create({ name: 'viewer', role: 'viewer', password: PASSWORDS.viewer }, LOCAL);
  return {
    ...server,
    clock,
    browser,
    visit(who, body, options = {}) {
      const signIn = (context: BrowserContext) => signInQuietly(context, server.url, who);
      return browser.visit(server.url, body, { prepare: signIn, ...options });
    },
  };
}

function createClock(): Clock {
  let fixed: number | null = null;
  return {
    now: () => (fixed ?? Date.now()) as Instant,
    set(at) {
      fixed = at === null ? null : Number(at);
    },
  };
}

/** Without the page, for tests that are about something else. */
async function signInQuietly({ request }: BrowserContext, url: string, who: Person | null): Promise<void> {
  if (who === null) return;
  const data = { username: who, password: PASSWORDS[who] };
  const answer = await request.post(`${url}/api/v1/session`, { data });
  assert.equal(answer.status(), 200, await answer.text());
}

/** As people do it, on the sign-in page that is open. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export function heading(page: Page, name: string | RegExp) {
  return page.getByRole('heading', { level: 1, name });
}
