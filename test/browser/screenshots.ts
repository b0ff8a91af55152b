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
import { goToPlace, type Place, placesOf } from './places.ts';
import { createScene } from './scene.ts';
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
async function takePicture(page: Page, place: Place, look: (typeof LOOKS)[number]): Promise<void> {
  await page.setViewportSize(look.viewport);
  await goToPlace(page, place);
  const rest = (await page.evaluate(
    "(() => { const main = document.getElementById('main'); return main ? main.scrollHeight - main.clientHeight : 0; })()",
  )) as number;
  const height = Math.min(HIGHEST, look.viewport.height + rest);
  await page.setViewportSize({ width: look.viewport.width, height });
  await page.mouse.move(0, 0); // or what lies below it shows its tooltip
  await page.waitForTimeout(150);
  const path = join(FOLDER, `${place.name}-${look.name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  process.stdout.write(`${relative(ROOT, path)}  ${Math.ceil(statSync(path).size / 1024)} KiB\n`);
  await place.leave?.(page);
}

const wanted = process.argv.slice(2);
buildPages();
if (wanted.length === 0) rmSync(FOLDER, { recursive: true, force: true }); // none of a page that is no more
mkdirSync(FOLDER, { recursive: true });

test('screenshots', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t, { LOOKASIDE_PUBLIC_URL: 'https://sigs.acme.example' }, { isOld: true });
  const all = placesOf(await fillStore(t, scene, { isBusy: true }));
  const places = all.filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word)));
  for (const look of LOOKS)
    for (const isOutside of [true, false])
      await scene.visit(
        isOutside ? null : 'admin',
        async ({ page }) => {
          for (const place of places.filter((each) => (each.isOutside === true) === isOutside))
            await takePicture(page, place, look);
        },
        { colorScheme: look.colorScheme, isStill: true },
      );
});
