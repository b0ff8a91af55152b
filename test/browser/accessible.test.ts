// Every page and main state with axe-core, light and dark, wide and narrow; and nothing that makes it scroll sideways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { findBarriers } from './axe.ts';
import { DESKTOP, PHONE } from './browser.ts';
import { goToPlace, type Place, placesOf } from './places.ts';
import { createScene } from './scene.ts';
import { fillStore } from './store.ts';

/** The first with every rule of axe, the others with those that another theme or width can break. */
const LOOKS = [
  { name: 'light, wide', colorScheme: 'light', size: DESKTOP },
  { name: 'dark, wide', colorScheme: 'dark', size: DESKTOP, rules: ['color-contrast', 'link-in-text-block'] },
  {
    name: 'dark, narrow',
    colorScheme: 'dark',
    size: PHONE,
    rules: ['color-contrast', 'scrollable-region-focusable', 'aria-hidden-focus'],
  },
  { name: 'light, narrow', colorScheme: 'light', size: PHONE, rules: ['color-contrast'] },
] as const;

/** What reaches beyond the page as a whole, or beyond its content within the frame. */
const TOO_WIDE = `[document.documentElement, document.getElementById('main') ?? document.body].flatMap((frame) =>
  frame.scrollWidth <= frame.clientWidth ? [] : [frame, ...frame.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > frame.getBoundingClientRect().right + 1)
    .map((element) => element.tagName + '.' + element.className + ' in ' + frame.tagName).slice(0, 3))`;

/** The frame learns of another width a moment after it. */
async function findTooWide(page: Page): Promise<string[]> {
  const found = (await page.evaluate(TOO_WIDE)) as string[];
  if (found.length === 0) return found;
  await page.waitForTimeout(500);
  return (await page.evaluate(TOO_WIDE)) as string[];
}

async function findAll(page: Page, place: Place): Promise<string[]> {
  const found: string[] = [];
  for (const { name, colorScheme, size, ...only } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const barriers = await findBarriers(page, 'rules' in only ? only.rules : undefined);
    found.push(...barriers.map((barrier) => `${place.name}, ${name}: ${barrier}`));
    found.push(...(await findTooWide(page)).map((what) => `${place.name}, ${name}: scrolls sideways for ${what}`));
  }
  return found;
}

// At the same time: a browser that looks at a page keeps one processor busy.
test('every page', { ...needs('chromium', 'gpg'), concurrency: true }, async (t) => {
  const scene = await createScene(t);
  const places = placesOf(await fillStore(t, scene, { isHostile: true }));
  const inside = places.filter(({ isOutside }) => !isOutside);
  const parts = {
    'before signing in': places.filter(({ isOutside }) => isOutside),
    'after signing in': inside.filter((_, index) => index % 2 === 0),
    'after signing in, the others': inside.filter((_, index) => index % 2 === 1),
  };
  await Promise.all(
    Object.entries(parts).map(([name, those]) =>
      t.test(`keeps nobody out ${name}`, () =>
        scene.visit(
          those.some(({ isOutside }) => isOutside) ? null : 'admin',
          async ({ page }) => {
            const found: string[] = [];
            for (const place of those) {
              await page.setViewportSize(DESKTOP);
              await goToPlace(page, place);
              found.push(...(await findAll(page, place)));
              await place.leave?.(page);
            }
            assert.deepEqual(found, []);
          },
          { isStill: true },
        ),
      ),
    ),
  );
});
