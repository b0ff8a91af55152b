// `npm run screenshots`: every page and main state of a store that looks like that of a shop at work, light, dark and
// narrow, into screenshots/. Words behind `--` choose some of them: `npm run screenshots -- key overview`.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { DESKTOP, PHONE } from './browser.ts';
import { buildPages } from './build-pages.ts';
import { EMPTY_PLACES, goToPlace, type Place, placesOf } from './places.ts';
import { createScene, type Scene } from './scene.ts';
import { fillStore } from './store.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, 'screenshots');
const LOOKS = [
  { name: 'light', colorScheme: 'light', viewport: DESKTOP },
  { name: 'dark', colorScheme: 'dark', viewport: DESKTOP },
  { name: 'narrow', colorScheme: 'light', viewport: PHONE },
] as const;
/** Longer pages are cut: what comes after that is more of the same. */
const HIGHEST = 2400;

/** The page scrolls inside of its frame, so the window is made as high as what is in it. */
async function takePicture(page: Page, place: Place, { name, colorScheme, viewport }: (typeof LOOKS)[number]) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
  await goToPlace(page, place);
  const rest = (await page.evaluate(
    "(() => { const main = document.getElementById('main'); return main ? main.scrollHeight - main.clientHeight : 0; })()",
  )) as number;
  await page.setViewportSize({ width: viewport.width, height: Math.min(HIGHEST, viewport.height + rest) });
  await page.mouse.move(0, 0); // or what lies below it shows its tooltip
  await page.waitForTimeout(150);
  const path = join(FOLDER, `${place.name}-${name}.png`);
  await page.screenshot({ path });
  process.stdout.write(`${relative(ROOT, path)}  ${Math.ceil(statSync(path).size / 1024)} KiB\n`);
  await place.leave?.(page);
}

async function takePictures({ visit }: Scene, all: readonly Place[]): Promise<void> {
  const places = all.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  for (const who of [null, 'admin'] as const)
    await visit(who, async ({ page }) => {
      for (const place of places.filter(({ isOutside }) => (isOutside === true) === (who === null)))
        for (const look of LOOKS) await takePicture(page, place, look);
    });
}

const settings = { LOOKASIDE_PUBLIC_URL: 'https://sigs.acme.example' };
const wanted = process.argv.slice(2);
buildPages();
if (wanted.length === 0) rmSync(FOLDER, { recursive: true, force: true }); // none of a page that is no more
mkdirSync(FOLDER, { recursive: true });

test('screenshots', needs('chromium', 'gpg'), async (t) => {
  const empty = await createScene(t, settings);
  await takePictures(empty, EMPTY_PLACES);
  const scene = await createScene(t, settings, { isOld: true });
  await takePictures(scene, placesOf(await fillStore(t, scene, { isBusy: true })));
});
