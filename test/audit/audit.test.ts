// The real npm against registries that answer questions about packages in every way there is.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Exit, run } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { judge } from './audit.ts';

const SCRIPT = fileURLToPath(new URL('./run.ts', import.meta.url));
const URL_OF = 'https://github.com/advisories/GHSA-test';

function advisory(severity: string) {
  return { express: [{ id: 1, url: URL_OF, title: 'it burns', severity, vulnerable_versions: '<99.0.0' }] };
}

async function ask(t: TestContext, answer: RequestListener): Promise<Exit> {
  const registry = createServer(answer).listen(0, '127.0.0.1');
  t.after(() => registry.close());
  await new Promise((resolve) => registry.once('listening', resolve));
  const { port } = registry.address() as AddressInfo;
  const options = [`--registry=http://127.0.0.1:${port}/`, '--fetch-retries=0'];
  return run(process.execPath, [SCRIPT, ...options], { env: { HOME: tempDir(t) } });
}

const answers =
  (body: unknown): RequestListener =>
  (req, res) => {
    if (req.method === 'POST') res.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    else res.writeHead(404).end('{}');
  };

test('packages are checked', async (t) => {
  await t.test('and nothing is known against them', async (t) => {
    const { code, stdout } = await ask(t, answers({}));
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^npm audit: 0 of high severity, all accounted for\n$/);
  });
  for (const severity of ['high', 'critical'])
    await t.test(`and a finding is ${severity}, which fails`, async (t) => {
      const { code, stdout } = await ask(t, answers(advisory(severity)));
      assert.equal(code, 1, stdout);
      assert.match(stdout, new RegExp(`^FAIL ${severity} express: it burns ${URL_OF}\n`));
    });
  await t.test('and a finding is moderate, which does not', async (t) => {
    const { code, stdout } = await ask(t, answers(advisory('moderate')));
    assert.equal(code, 0, stdout);
  });
  await t.test('and the registry does not answer such questions, which is said', async (t) => {
    const { code, stdout } = await ask(t, (_req, res) => void res.writeHead(405).end());
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^npm audit: not available here, nothing was checked \(.*405/);
  });
});

test('a finding with a written reason', async (t) => {
  const via = [{ name: 'express', severity: 'high', title: 'it burns', url: URL_OF }];
  const found = JSON.stringify({ metadata: { vulnerabilities: { high: 1 } }, vulnerabilities: { express: { via } } });
  await t.test('passes, and the reason is printed', () => {
    const { fails, lines } = judge(found, { [URL_OF]: 'nothing here is on fire' });
    assert.equal(fails, false);
    assert.match(lines[0] ?? '', /^accepted high express: it burns .* \(nothing here is on fire\)$/);
  });
  await t.test('fails once it is no longer found', () => {
    const none = JSON.stringify({ metadata: { vulnerabilities: {} }, vulnerabilities: {} });
    assert.equal(judge(none, { [URL_OF]: 'nothing here is on fire' }).fails, true);
  });
});
