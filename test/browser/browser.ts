// Debian's Chromium, one for a test file, and visits with it: each a browser profile of its own that is watched from its
// first request to its last (watch.ts) and closed whatever happens.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findTool } from '../support/tools.ts';
import { type Watch, watchContext } from './watch.ts';

const LAUNCH_MS = 30_000;
/** For one step: an element that is waited for, a page that loads. They take far less than a second. */
const STEP_MS = 10_000;
export const DESKTOP = { width: 1280, height: 900 } as const;
export const PHONE = { width: 400, height: 800 } as const;

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: Watch;
};

export type VisitOptions = BrowserContextOptions & {
  /** Before the first page, in the same profile. */
  readonly prepare?: (context: BrowserContext) => Promise<void>;
  /** With all that moves and fades; without, a page is at once as it is in the end. */
  readonly isMoving?: boolean;
};

/** As a style sheet of its own kind, which the security policy of the pages lets pass. */
const STILL = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('*, ::before, ::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [sheet];
})()`;

export type TestBrowser = {
  /** Addresses are below /ui of the store at `url`: `page.goto('keys')`. */
  visit(url: string, body: (visit: Visit) => Promise<void>, options?: VisitOptions): Promise<void>;
};

export async function launchBrowser(t: Pick<TestContext, 'after'>): Promise<TestBrowser> {
  const executablePath = findTool('chromium') ?? 'chromium';
  // Chromium refuses to run as root with its sandbox, and everybody else should have it.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args, timeout: LAUNCH_MS });
  t.after(() => browser.close());

  return {
    async visit(url, body, { prepare, isMoving = false, ...options } = {}) {
      const baseURL = `${url}/ui/`;
      const context = await browser.newContext({ baseURL, viewport: DESKTOP, locale: 'en-GB', ...options });
      try {
        context.setDefaultTimeout(STEP_MS);
        await prepare?.(context);
        const watch = await watchContext(context, url);
        if (!isMoving) await context.addInitScript({ content: STILL });
        const page = await context.newPage();
        await explained(page, watch, () => body({ page, context, watch }));
        await page.evaluate('0').catch(() => {}); // what the page has reported until now has arrived then
        assert.deepEqual(watch.faults(), [], 'what the page did beside what was looked at');
      } finally {
        await context.close();
      }
    },
  };
}

/** A step that found nothing says little; what was there in its place, and what went wrong before, says the rest. */
async function explained(page: Page, watch: Watch, body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (cause) {
    const shown = await page
      .locator('body')
      .ariaSnapshot({ timeout: 1000 })
      .catch(() => '(no page)');
    const what = cause instanceof Error ? cause.message : String(cause);
    const faults = watch.faults().map((fault) => `- ${fault}\n`);
    const content = shown.slice(Math.max(0, shown.indexOf('- main:'))).slice(0, 4000); // without masthead and navigation
    throw new Error(`${what}\n\nat ${page.url()}\n${faults.join('')}\n${content}`, { cause });
  }
}
