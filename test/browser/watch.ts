// What a page does beside what is seen of it. Whatever nobody should have to notice is a fault: a message on the console,
// a broken rule of the content security policy, an uncaught error, a dialog of the browser, a request to somebody else's
// server, an answer of 400 or more that the test has not announced.
import { setTimeout } from 'node:timers/promises';
import type { BrowserContext, Request } from 'playwright-core';

export type Watch = {
  /**
   * Announces answers of 400 and more, and requests without an answer: `401 GET /api/v1/session`,
   * `net::ERR_CONNECTION_REFUSED GET /api/v1/overview`. One that never comes is a fault as well.
   */
  expect(...answers: readonly string[]): void;
  /** The calls of the API so far: `GET /api/v1/keys?limit=50`. */
  readonly calls: readonly string[];
  /** Nothing is on its way any more, and nothing has begun since then for as long as pages take to ask. */
  settled(): Promise<void>;
  faults(): readonly string[];
};

/** In the page: what the browser refuses is known there only. Another name than any page would use. */
const REPORT = 'lookasideTestReport';
const LISTEN = `document.addEventListener('securitypolicyviolation', (event) =>
  window.${REPORT}(event.effectiveDirective + ' forbids ' + (event.blockedURI || 'it') + ' ' + event.sample));`;

/** Chromium's own words for an answer that is looked at here already. */
const FAILED_LOAD = /^Failed to load resource:/;
/** The page has moved on and no longer wants the answer. */
const ABORTED = 'net::ERR_ABORTED';
const QUIET_MS = 100;
const SETTLED_MS = 10_000;

export async function watchContext(context: BrowserContext, origin: string): Promise<Watch> {
  const seen: string[] = [];
  const calls: string[] = [];
  const expected = new Set<string>();
  const came = new Set<string>();

  const underway = new Set<Request>();
  let lastAt = performance.now();
  const finish = (request: Request) => {
    underway.delete(request);
    lastAt = performance.now();
  };

  const nameOf = (request: Request) => `${request.method()} ${new URL(request.url()).pathname}`;
  function settle(how: string | number, request: Request): void {
    const name = `${how} ${nameOf(request)}`;
    if (expected.has(name)) came.add(name);
    else seen.push(`answer: ${name}`);
  }

  await context.exposeBinding(REPORT, (_source, text: string) => void seen.push(`security policy: ${text}`));
  await context.addInitScript({ content: LISTEN });
  context.on('console', (message) => {
    const isNoise = FAILED_LOAD.test(message.text()) || !['error', 'warning'].includes(message.type());
    if (!isNoise) seen.push(`console ${message.type()}: ${message.text()}`);
  });
  context.on('weberror', (error) => void seen.push(`uncaught: ${error.error().stack ?? error.error().message}`));
  context.on('dialog', (dialog) => {
    seen.push(`dialog ${dialog.type()}: ${dialog.message()}`);
    void dialog.dismiss();
  });
  context.on('page', (page) => page.on('crash', () => void seen.push('the page crashed')));
  context.on('request', (request) => {
    const url = new URL(request.url());
    underway.add(request);
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.origin !== origin)
      seen.push(`another origin: ${request.method()} ${request.url()}`);
    if (url.pathname.startsWith('/api/')) calls.push(`${request.method()} ${url.pathname}${url.search}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) settle(response.status(), response.request());
  });
  context.on('requestfinished', finish);
  context.on('requestfailed', (request) => {
    finish(request);
    const why = request.failure()?.errorText ?? 'failed';
    if (why !== ABORTED) settle(why, request);
  });

  return {
    expect: (...answers) => {
      for (const answer of answers) expected.add(answer);
    },
    calls,
    async settled() {
      const end = performance.now() + SETTLED_MS;
      while (underway.size > 0 || performance.now() - lastAt < QUIET_MS) {
        if (performance.now() > end) throw new Error(`still on their way: ${[...underway].map(nameOf).join()}`);
        await setTimeout(QUIET_MS / 5);
      }
    },
    faults: () => [...seen, ...[...expected].filter((name) => !came.has(name)).map((name) => `never came: ${name}`)],
  };
}
