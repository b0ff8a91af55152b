// Names that want to be markup, and letters that turn around what stands beside them: on every page that shows them they
// are text, isolated from the text around, and what cannot be seen is made visible.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { ADMIN, createScene } from './scene.ts';
import { dropFiles, row } from './steps.ts';
import { fillStore } from './store.ts';
import { digestOf, HOSTILE, LONG_REPOSITORY, ODD_REPOSITORY } from './store-plan.ts';

const MARKUP = '<img src=x onerror=alert(1)>';

/** What is wrong with the way the page shows hostile text; in the page. */
const INSPECT = `(() => {
  const faults = [...document.querySelectorAll('img[src="x"], [onerror]')].map(({ outerHTML }) => 'an element: ' + outerHTML);
  const turns = (text) => /[\\u202a-\\u202e\\u2066-\\u2069\\u200e\\u200f]/.test(text);
  if (turns(document.title)) faults.push('the title turns around');
  for (const element of document.querySelectorAll('[title], [aria-label], [alt]'))
    for (const name of ['title', 'aria-label', 'alt'])
      if (turns(element.getAttribute(name) ?? '')) faults.push(name + ' turns around: ' + element.outerHTML.slice(0, 200));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let shown = 0;
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode;
    if (turns(data)) faults.push('text turns around: ' + data);
    if (!data.includes('<img src=x')) continue;
    shown += 1;
    if (!parentElement.closest('bdi, textarea')) faults.push('not isolated: ' + parentElement.outerHTML.slice(0, 200));
  }
  return { faults, shown };
})()`;

async function assertHarmless(page: Page, what: string): Promise<void> {
  await page.getByText(MARKUP).filter({ visible: true }).first().waitFor();
  const { faults, shown } = (await page.evaluate(INSPECT)) as { faults: string[]; shown: number };
  assert.deepEqual(faults, [], what);
  assert.ok(shown > 0, what);
  assert.ok((await page.getByText('U+202E').count()) > 0, `${what}: the override is made visible`);
}

test('hostile text', { ...needs('chromium', 'gpg'), concurrency: 2 }, async (t) => {
  const scene = await createScene(t);
  const { visit, local } = scene;
  const store = await fillStore(t, scene, { isHostile: true });
  const [key] = (await local.keys.list({ q: 'onerror' }, { limit: 1, after: null }, ADMIN)).items;
  assert.ok(key);
  const reference = (repository: string) => `${repository}:${'v'.repeat(128)}`;
  const [long, odd] = [LONG_REPOSITORY, ODD_REPOSITORY].map((name) => store.idsOf(reference(name))[0] ?? 0);
  await local.tokens.create({ name: HOSTILE, permissions: ['read'], scopes: [], lifetimeMs: null }, ADMIN);
  await local.signatures.withdraw(odd ?? 0, HOSTILE, ADMIN);
  const image = (repository: string) =>
    `image?repository=${encodeURIComponent(repository)}&digest=${digestOf(repository)}`;

  void t.test('is text on every page that shows it', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('400 GET /api/v1/images'); // the name that is none
      const PAGES = {
        'the overview': '',
        'the search': 'search?q=onerror',
        'a question that finds nothing': `search?q=${encodeURIComponent(`${HOSTILE} not there`)}`,
        'a repository': `repository?name=${encodeURIComponent(LONG_REPOSITORY)}`,
        'the signatures of a repository': `repository?name=${encodeURIComponent(LONG_REPOSITORY)}&view=signatures`,
        'a repository that is none': `repository?name=${encodeURIComponent(HOSTILE)}`,
        'an image': image(LONG_REPOSITORY),
        'an image with a withdrawn signature': image(ODD_REPOSITORY),
        'a signature': `signatures/${long}`,
        'a withdrawn signature': `signatures/${odd}`,
        'the keys': 'keys',
        'a key': `keys/${key.fingerprint}`,
        'the tokens': 'tokens',
        'the refusals': 'refusals',
      };
      for (const [what, address] of Object.entries(PAGES)) {
        await page.goto(address);
        await watch.settled(); // its head may show the text before the rest has come
        await assertHarmless(page, what);
      }
    }),
  );

  void t.test('is text in what is read from files, in details and in dialogs', () =>
    visit('admin', async ({ page }) => {
      await page.goto('audit?action=token.created');
      await row(page, 'token.created').first().getByRole('button', { name: 'Details' }).click();
      await assertHarmless(page, 'the details of an event');
      await page.goto(`keys/${key.fingerprint}`);
      await page.getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByText(MARKUP).waitFor();
      await assertHarmless(page, 'the dialog that revokes');
      await page.goto('check');
      const [name, bytes] = [HOSTILE, await store.keys.ci.sign('quay.io/acme/app:v1', digestOf('app'))];
      await dropFiles(page, 'Drop signature files here', { name, bytes });
      await page.getByText('1 acceptable').waitFor();
      await assertHarmless(page, 'the name of a file');
      await page.goto('keys/register');
      const material = await local.keys.material(key.fingerprint, 'armored', ADMIN);
      await dropFiles(page, 'Drop a key file here', { name: HOSTILE, bytes: material });
      await page.getByText('It brings nothing new that would show.').waitFor();
      await assertHarmless(page, 'the preview of a key');
    }),
  );
});
