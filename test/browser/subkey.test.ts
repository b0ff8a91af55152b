// A subkey that ends before its key, on the overview: below its key, with what ends with it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY_MS } from '../../server/domain/instant.ts';
import { bearer, send } from '../http/wire.ts';
import { gpgHome } from '../support/gpg.ts';
import { claim, randomDigest } from '../support/gpg-claims.ts';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';

test('a signing subkey that expires before its key', needs('gpg', 'chromium'), async (t) => {
  const scene = await createScene(t);
  const home = gpgHome(t);
  const { subkey, publicKey } = await home.generateWithSubkey('careful');
  await scene.registerKeys(publicKey);
  const digest = randomDigest();
  const bytes = await home.sign({ fingerprint: subkey, publicKey }, claim('quay.io/acme/app:v1', digest));
  const headers = { ...bearer(await scene.createToken(['upload'])), 'content-type': 'application/octet-stream' };
  assert.equal((await send(scene.url, '/api/v1/signatures', { method: 'POST', headers, body: bytes })).status, 201);

  await scene.visit('viewer', async ({ page }) => {
    await page.goto('');
    const rows = page.getByRole('region', { name: 'Keys that expire within 90 days' }).getByRole('row');
    await rows.nth(2).waitFor();
    const [, key = '', part = ''] = await rows.allInnerTexts();
    assert.match(key.replace(/\s+/g, ' '), /^careful .* never 1 1 1$/);
    assert.match(part.replace(/\s+/g, ' '), /^Subkey of careful .* expires in (?:29|30) days .* 1 1 1$/);
    assert.match(part.replace(/\s/g, ''), new RegExp(subkey.slice(-8)));
    await page.getByText('1 image has no signature left when its key expires.').waitFor();

    const image = `image?repository=quay.io/acme/app&digest=${digest}`;
    await page.goto(image);
    await page.getByText('Signed by 1 key; runtimes read 1 signature').waitFor();
    await page.clock.setFixedTime(Date.now() + 60 * DAY_MS);
    await page.goto(image);
    await page.getByText('Signed with expired keys only').waitFor();
    await page.getByText(/the key expired .*, and runtimes refuse what it signed/).waitFor();
  });
});
