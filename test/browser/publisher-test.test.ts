// Whom the store would take a job for: the page that says it, before a pipeline fails.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Page } from 'playwright-core';
import { parseFingerprint } from '../../server/domain/fingerprint.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { send } from '../http/wire.ts';
import { type Claims, jwt, newKey, testIssuer } from '../support/issuer.ts';
import { LOCAL } from '../support/server.ts';
import { needs } from '../support/tools.ts';
import { createScene, type Scene } from './scene.ts';
import { goTo, heading, row, section, textOf } from './steps.ts';

const FIELD = 'ID token, or its claims as JSON';
const TEST = '/api/v1/publishers/test';

async function createTrialScene(t: TestContext) {
  const issuer = await testIssuer(t);
  const scene = await createScene(t, issuer.settings);
  const [key = ''] = await scene.registerKeys('rsa2048');
  const keys = [parseFingerprint(key)];
  const scopes = [parseScope('quay.io/acme')];
  const trust = (name: string, claims: Readonly<Record<string, string>>) =>
    scene.local.publishers.add({ name, kind: 'github', issuer: issuer.url, claims, scopes, keys }, LOCAL);
  await trust('releases', { repository_id: '123', environment: 'release', ref: 'refs/tags/v*' });
  await trust('nightly', { repository_id: '123', environment: 'nightly', ref: 'refs/heads/main' });
  const claims = (changes: Claims = {}) => claimsFor(scene, issuer.url, changes);
  const idToken = (changes: Claims = {}, signedWith = issuer.key()) => jwt(claims(changes), signedWith);
  return { ...scene, trust, claims, idToken };
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByLabel(FIELD).fill(text);
  await page.getByRole('button', { name: 'Test', exact: true }).click();
}

test('a token of a pipeline in the browser', needs('chromium', 'openssl'), async (t) => {
  const { visit, local, url, trust, claims, idToken } = await createTrialScene(t);

  await t.test('is taken for its publisher, by keyboard, and can still be exchanged', () =>
    visit('admin', async ({ page }) => {
      const token = idToken();
      await page.goto('');
      await goTo(page, 'Publishers');
      await page.getByRole('link', { name: 'Test a token' }).focus();
      await page.keyboard.press('Enter');
      await heading(page, 'Test a token').waitFor();
      await page.getByLabel(FIELD).focus();
      // As a terminal breaks it.
      await page.keyboard.insertText(token.replace(/.{80}/g, '$&\n'));
      await page.getByRole('button', { name: 'Test', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('This job is taken for releases').waitFor();
      await page.getByText('quay.io/acme', { exact: true }).waitFor();
      assert.match(await textOf(row(section(page, 'nightly'), 'environment')), /nightly release differs$/);
      const exchange = { method: 'POST', headers: JSON_BODY, body: JSON.stringify({ idToken: token }) };
      assert.equal((await send(url, '/api/v1/oidc/exchange', exchange)).status, 200);
    }),
  );

  await t.test('is told claim by claim why it is nobody’s, and of claims that they were believed', () =>
    visit('admin', async ({ page }) => {
      await page.goto('publishers/test');
      const { environment: _environment, ...rest } = claims({ ref: 'refs/heads/x' });
      await ask(page, JSON.stringify(rest));
      await page.getByText('No publisher matches').waitFor();
      const releases = section(page, 'releases');
      assert.match(await textOf(row(releases, 'environment')), /release nothing missing$/);
      assert.match(await textOf(row(releases, 'ref')), /refs\/tags\/v\* refs\/heads\/x differs$/);
      assert.match(await textOf(row(releases, 'repository_id')), /123 as it must be matches$/);
      await ask(page, JSON.stringify({ ...claims(), iss: 'https://elsewhere.example' }));
      await page.getByText('No publisher has this issuer').waitFor();
      await ask(page, JSON.stringify(claims()));
      await page.getByText('These claims were believed').waitFor();
      await page.getByLabel(FIELD).press('Space');
      // It was about what stood there before.
      await page.getByText('This job is taken for').waitFor({ state: 'detached' });
    }),
  );

  await t.test('has to name its publisher where several match', async () => {
    const twin = await trust("the release's twin", { repository_id: '123', environment: 'release' });
    await visit('admin', async ({ page }) => {
      await page.goto('publishers/test');
      await ask(page, idToken());
      await page.getByText('2 publishers match: the job must say which it is').waitFor();
      await page.getByText(/^--publisher '/).waitFor();
    });
    await local.publishers.remove(twin.id, LOCAL);
  });
});

test('a token that is pasted in the browser', needs('chromium', 'openssl'), async (t) => {
  const { visit, dataDir, createToken, idToken } = await createTrialScene(t);

  await t.test('that is not good ends no session, and says why', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect(`401 POST ${TEST}`);
      await page.goto('publishers/test');
      await ask(page, idToken({ aud: 'https://elsewhere.example' }));
      await page.getByText('its audience is "https://elsewhere.example"').waitFor();
      await ask(page, idToken({}, newKey('of a stranger')));
      await page.getByText('this is not an ID token of an issuer that this store trusts').waitFor();
      await page.getByText('ID_TOKEN_INVALID').first().waitFor();
      await heading(page, 'Test a token').waitFor();
    }),
  );

  await t.test('is not sent at all when it is none', () =>
    visit('admin', async ({ page, watch }) => {
      await page.goto('publishers/test');
      await ask(page, await createToken(['upload']));
      await page.getByText('This is a token of this store and was not sent').waitFor();
      await ask(page, 'correct horse battery');
      await page.getByText('This is no ID token').waitFor();
      await ask(page, '{"iss":');
      await page.getByText('These claims are not JSON').waitFor();
      assert.deepEqual(
        watch.calls.filter((call) => call.startsWith('POST')),
        [],
      );
    }),
  );

  await t.test('is kept neither in the browser nor in the store', () =>
    visit('admin', async ({ page, watch }) => {
      const token = idToken();
      await page.goto('publishers/test');
      await ask(page, token);
      await page.getByText('This job is taken for releases').waitFor();
      assert.deepEqual(
        watch.calls.filter((call) => call.startsWith('POST')),
        [`POST ${TEST}`],
      );
      const kept = await page.evaluate(
        'location.href + JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])',
      );
      const [, payload = ''] = token.split('.');
      assert.ok(!String(kept).includes(payload));
      for (const name of readdirSync(dataDir)) assert.ok(!readFileSync(join(dataDir, name)).includes(payload), name);
    }),
  );
});

const JSON_BODY = { 'content-type': 'application/json' };

/** As GitHub words them, for this store and for five minutes. */
function claimsFor({ url }: Scene, iss: string, changes: Claims): Claims {
  const at = Math.floor(Date.now() / 1000);
  return {
    ...{ iss, aud: url, jti: randomUUID(), iat: at, nbf: at, exp: at + 300 },
    ...{ repository_id: '123', environment: 'release', ref: 'refs/tags/v1' },
    ...changes,
  };
}
