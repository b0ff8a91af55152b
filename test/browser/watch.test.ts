// The other tests lean on a visit to fail when a page misbehaves. Here pages do, each in its own way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needs } from '../support/tools.ts';
import type { Visit } from './browser.ts';
import { createScene } from './scene.ts';

const MISBEHAVIOUR: readonly [what: string, fault: RegExp, act: (visit: Visit) => Promise<unknown>][] = [
  ['an error on the console', /console error: broken/, ({ page }) => page.evaluate("console.error('broken')")],
  [
    'an uncaught error',
    /uncaught: .*boom/s,
    ({ page }) => page.evaluate("setTimeout(() => { throw new Error('boom') })"),
  ],
  [
    'a script that the policy forbids',
    /security policy: script-src-elem forbids inline/,
    ({ page }) => page.evaluate("document.head.append(Object.assign(document.createElement('script'), { text: '1' }))"),
  ],
  [
    'a style that the policy forbids',
    /security policy: style-src-attr forbids inline/,
    ({ page }) => page.evaluate("document.body.setAttribute('style', 'color: red')"),
  ],
  [
    "a request to somebody else's server",
    /another origin: GET http:\/\/127\.0\.0\.2/,
    ({ page }) => page.goto('http://127.0.0.2:9/').catch(() => {}), // a fetch would be stopped by the policy already
  ],
  ['a dialog', /dialog alert: hello/, ({ page }) => page.evaluate("alert('hello')")],
  ['an answer nobody announced', /answer: 404 GET \/nothing/, ({ page }) => page.evaluate("fetch('/nothing')")],
  [
    'an answer that was announced and never came',
    /never came: 403 GET \/api\/v1\/keys/,
    async ({ watch }) => watch.expect('403 GET /api/v1/keys'),
  ],
  [
    'a step that finds nothing',
    /Timeout.*at http.*heading "Blank"/s,
    ({ page }) => page.click('#none', { timeout: 1 }),
  ],
];

/** In place of our pages, whose start takes longer than all the rest. */
const BLANK = {
  contentType: 'text/html',
  headers: { 'content-security-policy': "default-src 'none'; connect-src 'self'" },
  body: '<!doctype html><h1>Blank</h1>',
};

test('a visit', { ...needs('chromium'), concurrency: 3 }, async (t) => {
  const { visit } = await createScene(t);
  for (const [what, fault, act] of MISBEHAVIOUR)
    void t.test(`fails on ${what}`, () =>
      assert.rejects(
        visit(null, async (visited) => {
          await visited.context.route('**/ui/blank', (route) => route.fulfill(BLANK));
          await visited.page.goto('blank');
          await act(visited);
          await visited.page.waitForTimeout(50);
        }),
        (error: Error) => fault.test(error.message),
      ),
    );
});
