// What comes over the wire before somebody sees a page: how much, from where, under which rules, and not twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BrowserContext, Request } from 'playwright-core';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';
import { goTo, heading } from './steps.ts';

/** Compressed JavaScript and CSS of the first page. */
const BUDGET_BYTES = 400 * 1024;
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join(';');

type Loaded = { readonly path: string; readonly bytes: number; readonly headers: Record<string, string> };

/** The files of the pages that have come over the network, as their answers finish. */
function recordFiles(context: BrowserContext): { all(): Promise<Loaded[]> } {
  const finished: Promise<Loaded>[] = [];
  const measure = async (request: Request): Promise<Loaded> => {
    const { responseBodySize } = await request.sizes();
    const response = await request.response();
    return {
      path: new URL(request.url()).pathname,
      bytes: responseBodySize,
      headers: (await response?.allHeaders()) ?? {},
    };
  };
  context.on('requestfinished', (request) => {
    if (request.url().includes('/ui/')) finished.push(measure(request));
  });
  return { all: () => Promise.all(finished) };
}

const isCode = ({ path }: Loaded) => /\.(?:js|css)$/.test(path);

test('the pages as they are delivered', { ...needs('chromium'), concurrency: 2 }, async (t) => {
  const { visit, url } = await createScene(t);

  void t.test('cost less than 400 KiB of code, compressed, and are kept after that', () =>
    visit('admin', async ({ page, context, watch }) => {
      const files = recordFiles(context);
      await page.goto('');
      await heading(page, 'Overview').waitFor();
      await watch.settled();
      const first = await files.all();
      const code = first.filter(isCode);
      const bytes = code.reduce((sum, file) => sum + file.bytes, 0);
      t.diagnostic(`first load: ${code.length} files of JavaScript and CSS, ${(bytes / 1024).toFixed(1)} KiB`);
      assert.ok(code.length > 5 && bytes < BUDGET_BYTES, `${bytes} bytes in ${code.length} files`);
      for (const { path, headers } of code) {
        assert.match(path, /^\/ui\/assets\/.+-[\w-]{8}\.(?:js|css)$/);
        assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable', path);
        if (Number(headers['content-length']) >= 1024) assert.equal(headers['content-encoding'], 'br', path);
      }
      assert.equal(first.find(({ path }) => path === '/ui/')?.headers['cache-control'], 'no-cache');

      const again = await context.newPage();
      await again.goto('');
      await heading(again, 'Overview').waitFor();
      await watch.settled();
      const transferred = (await again.evaluate(
        "performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/')).map(({ transferSize }) => transferSize)",
      )) as number[];
      assert.ok(transferred.length >= code.length);
      assert.deepEqual(new Set(transferred), new Set([0]));
    }),
  );

  void t.test('come with the policy that is meant, on every address below /ui/', async () => {
    for (const path of ['/ui/', '/ui/keys', '/ui/no/such/page', '/ui/theme.js']) {
      const { headers } = await fetch(url + path);
      assert.equal(headers.get('content-security-policy'), POLICY, path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN', path);
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', path);
      assert.equal(headers.get('referrer-policy'), 'same-origin', path);
    }
  });

  void t.test('are found by whoever types the address of the store', () =>
    visit('viewer', async ({ page }) => {
      for (const address of ['/', '/ui', '/ui/']) {
        await page.goto(url + address);
        await heading(page, 'Overview').waitFor();
        assert.equal(page.url(), `${url}/ui/`);
      }
    }),
  );

  void t.test('run no script that somebody gets into the document', () =>
    assert.rejects(
      visit('viewer', async ({ page }) => {
        await page.goto('keys');
        await heading(page, 'Keys').waitFor();
        await page.evaluate(`(() => {
          const script = Object.assign(document.createElement('script'), { text: 'window.ran = true' });
          document.body.append(script);
          document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.ran = true">');
          document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc="<script>parent.ran = true</script>"></iframe>');
          document.body.insertAdjacentHTML('beforeend', '<a id="bait" href="javascript:window.ran = true">.</a>');
          document.getElementById('bait').click();
        })()`);
        await page.waitForTimeout(200);
        assert.equal(await page.evaluate('window.ran'), undefined);
        assert.equal(await page.evaluate("try { eval('1') } catch (error) { error.name }"), 'EvalError');
      }),
      // And what was tried has not gone unnoticed.
      ({ message }: Error) =>
        /script-src-elem forbids inline/.test(message) && /script-src-attr forbids inline/.test(message),
    ),
  );

  void t.test('ask the API once for a page, and not at all for one that was seen a moment ago', () =>
    visit('admin', async ({ page, watch }) => {
      await page.goto('');
      await heading(page, 'Overview').waitFor();
      await watch.settled();
      assert.deepEqual(watch.calls, ['GET /api/v1/session', 'GET /api/v1/overview']);
      const PAGES = {
        Search: [],
        Repositories: ['GET /api/v1/repositories'],
        'Check a signature': [],
        Keys: ['GET /api/v1/keys'],
        Tokens: ['GET /api/v1/tokens'],
        Publishers: ['GET /api/v1/publishers'],
        Users: ['GET /api/v1/users'],
        Refusals: ['GET /api/v1/refusals'],
        'Audit log': ['GET /api/v1/audit'],
        'API reference': ['GET /api/v1/openapi.json'],
      };
      for (const [name, calls] of Object.entries<readonly string[]>({ ...PAGES, Overview: [] })) {
        const before: number = watch.calls.length;
        await goTo(page, name);
        await heading(page, name).waitFor();
        await watch.settled();
        assert.deepEqual(watch.calls.slice(before), calls, name);
      }
    }),
  );
});
