// Every page and main state with axe-core, light and dark, wide and narrow; and nothing that makes it scroll sideways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { findBarriers } from './axe.ts';
import { DESKTOP, PHONE } from './browser.ts';
import { EMPTY_PLACES, goToPlace, type Place, placesOf } from './places.ts';
import { createScene, type Person, type Scene } from './scene.ts';
import { fillStore } from './store.ts';

/** With every rule of axe. */
const FIRST = { name: 'light, wide', colorScheme: 'light', size: DESKTOP } as const;
/** With those that another theme or width can break. */
const OTHERS = [
  { name: 'dark, wide', colorScheme: 'dark', size: DESKTOP, rules: ['color-contrast', 'link-in-text-block'] },
  { name: 'dark, narrow', colorScheme: 'dark', size: PHONE, rules: ['color-contrast', 'scrollable-region-focusable'] },
  { name: 'light, narrow', colorScheme: 'light', size: PHONE, rules: ['scrollable-region-focusable'] },
] as const;

/** What reaches beyond the page as a whole, or beyond its content within the frame. */
const TOO_WIDE = `[document.documentElement, document.getElementById('main') ?? document.body].flatMap((frame) =>
  frame.scrollWidth <= frame.clientWidth ? [] : [frame, ...frame.querySelectorAll('*')]
    .filter((element) => element.getBoundingClientRect().right > frame.getBoundingClientRect().right + 1)
    .map((element) => 'scrolls sideways for ' + element.tagName + '.' + element.className + ' in ' + frame.tagName).slice(0, 3))`;

/** What is done with a page, and lies beyond it where nobody can scroll to: a card cuts off what it has no room for. */
const CUT_OFF = `[...(document.querySelector('[role="dialog"]') ?? document.getElementById('main') ?? document.body)
  .querySelectorAll('a, button, input, select, textarea')].filter((element) => element.checkVisibility())
  .filter((element) => !element.closest('.pf-v6-screen-reader, .lks-scroll-box'))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((element) => 'cut off: ' + element.outerHTML.slice(0, 200))`;

/** The frame learns of another width a moment after it. */
async function findTooWide(page: Page): Promise<string[]> {
  const find = async () => (await page.evaluate(`[...${TOO_WIDE}, ...${CUT_OFF}]`)) as string[];
  const found = await find();
  if (found.length === 0) return found;
  await page.waitForTimeout(500);
  return find();
}

async function findAll(page: Page, place: Place): Promise<string[]> {
  const found: string[] = [];
  for (const { name, colorScheme, size, ...only } of [FIRST, ...OTHERS]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const barriers = await findBarriers(page, 'rules' in only ? only.rules : undefined);
    found.push(...barriers.map((barrier) => `${place.name}, ${name}: ${barrier}`));
    found.push(...(await findTooWide(page)).map((what) => `${place.name}, ${name}: ${what}`));
  }
  return found;
}

function keepsNobodyOut({ visit }: Scene, who: Person | null, places: readonly Place[]) {
  return () =>
    visit(who, async ({ page }) => {
      const found: string[] = [];
      for (const place of places) {
        await page.setViewportSize(DESKTOP);
        await goToPlace(page, place);
        found.push(...(await findAll(page, place)));
        await place.leave?.(page);
      }
      assert.deepEqual(found, []);
    });
}

// At the same time: a browser that looks at a page keeps one processor busy.
test('every page keeps nobody out', { ...needs('chromium', 'gpg'), concurrency: true }, async (t) => {
  const scene = await createScene(t);
  const empty = await createScene(t);
  const places = placesOf(await fillStore(t, scene, { isHostile: true }));
  const outside = places.filter(({ isOutside }) => isOutside);
  const inside = places.filter(({ isOutside }) => !isOutside);
  const half = (rest: number) => inside.filter((_, index) => index % 2 === rest);
  await Promise.all([
    t.test('before signing in', keepsNobodyOut(scene, null, outside)),
    t.test('of a store that is filled', keepsNobodyOut(scene, 'admin', half(0))),
    t.test('of a store that is filled, the others', keepsNobodyOut(scene, 'admin', half(1))),
    t.test('of a store that is empty', keepsNobodyOut(empty, 'viewer', EMPTY_PLACES)),
  ]);
});
