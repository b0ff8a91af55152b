// A real server with two people, a clock that can be moved, and a browser: what every test of the pages begins with.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { BrowserContext } from 'playwright-core';
import type { Environment } from '../../server/config.ts';
import type { Instant } from '../../server/domain/instant.ts';
import { userPrincipal } from '../../server/domain/principal.ts';
import { parseUserName } from '../../server/domain/user.ts';
import { realWorld } from '../../server/ops/world.ts';
import { freePort } from '../support/free-port.ts';
import { LOCAL, type TestServer, testServer } from '../support/server.ts';
import { launchBrowser, type TestBrowser, type Visit, type VisitOptions } from './browser.ts';
import { daysBefore, FIRST_DAY } from './store-plan.ts';

export const PASSWORDS = { admin: 'correct horse battery', viewer: 'staple of the viewer' } as const;
export type Person = keyof typeof PASSWORDS;
export const ADMIN = userPrincipal({ name: parseUserName('admin'), role: 'admin' });

export const COOKIE = 'lookaside_session';

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

export type SceneOptions = {
  /** The store begins when store-plan.ts has its first day, and the clock stays there until somebody sets it. */
  readonly isOld?: boolean;
};

export async function createScene(
  t: Pick<TestContext, 'after'>,
  settings: Environment = {},
  { isOld = false }: SceneOptions = {},
): Promise<Scene> {
  const clock = createClock();
  if (isOld) clock.set(daysBefore(Date.now(), FIRST_DAY));
  const world = { ...realWorld, now: clock.now };
  // A store that trusts pipelines has to know its own address, so it is chosen before the start.
  const port = String(await freePort());
  const own = { LOOKASIDE_PORT: port, LOOKASIDE_PUBLIC_URL: `http://127.0.0.1:${port}` };
  const [browser, server] = await Promise.all([
    launchBrowser(t),
    testServer(t, { LOOKASIDE_ADMIN_PASSWORD: PASSWORDS.admin, ...own, ...settings }, { world }),
  ]);
  await server.local.users.create({ name: 'viewer', role: 'viewer', password: PASSWORDS.viewer }, LOCAL);
  const signIn = createQuietSignIn(server.url);
  return {
    ...server,
    clock,
    browser,
    visit(who, body, options = {}) {
      const prepare = who === null ? {} : { prepare: (context: BrowserContext) => signIn(who, context) };
      return browser.visit(server.url, body, { ...prepare, ...options });
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

/** Without the page, for tests that are about something else; once for all of them, since passwords take their time. */
function createQuietSignIn(url: string) {
  const kept = new Map<Person, string>();
  return async (who: Person, context: BrowserContext): Promise<void> => {
    const { request } = context;
    const cookie = kept.get(who);
    if (cookie !== undefined) {
      await context.addCookies([{ name: COOKIE, value: cookie, url, httpOnly: true, sameSite: 'Strict' }]);
      if ((await request.get(`${url}/api/v1/session`)).status() === 200) return;
    }
    const data = { username: who, password: PASSWORDS[who] };
    const answer = await request.post(`${url}/api/v1/session`, { data });
    assert.equal(answer.status(), 200, await answer.text());
    kept.set(who, (await secretOf(context)) ?? '');
  };
}

/** Of the session, as the cookie has it. */
export async function secretOf(context: BrowserContext): Promise<string | null> {
  return (await context.cookies()).find(({ name }) => name === COOKIE)?.value ?? null;
}
