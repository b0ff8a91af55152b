// From a token that an admin makes in the browser to a signature that anybody can check: `lookaside push` uploads with
// the token what skopeo signed, the pages lead to it, and the commands they show say whether an image is the one signed.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { gpgHome } from '../support/gpg.ts';
import { ociLayout } from '../support/images.ts';
import { createNode } from '../support/policy-node.ts';
import { type Exit, must, run, runCli } from '../support/processes.ts';
import { dockerRegistry } from '../support/registry.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';
import { CLIPBOARD, copied, fact, goTo, heading, row, section, textOf } from './steps.ts';

const TOOLS = ['chromium', 'gpg', 'skopeo', 'docker-registry', 'curl'] as const;

test('a pipeline that gets its token in the browser', needs(...TOOLS), async (t) => {
  const gpg = gpgHome(t);
  const [scene, registry, key] = await Promise.all([createScene(t), dockerRegistry(t), gpg.generate('release')]);
  const { visit, url } = scene;
  await scene.registerKeys(key.publicKey);
  const { image, imageDigest } = ociLayout(t);
  const repository = `${registry.host}/acme/app`;
  const staging = tempDir(t);
  const node = createNode(
    t,
    { registries: { [registry.host]: { 'lookaside-staging': `file://${staging}` } } },
    gpg.env,
  );
  await must(node.skopeo('copy', '--quiet', '--sign-by', key.fingerprint, image, `docker://${repository}:v1`));
  let commands = '';

  await t.test('is given the secret once, and can use it', () =>
    visit('admin', async ({ page, context }) => {
      await context.grantPermissions(CLIPBOARD);
      await page.goto('');
      await goTo(page, 'Tokens');
      await page.getByRole('button', { name: 'Create a token' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('acme pipeline');
      await dialog.getByLabel('upload', { exact: true }).check();
      await dialog.getByLabel('Only these').check();
      await dialog.getByRole('textbox', { name: 'Scope 1' }).fill(repository);
      await dialog.getByRole('button', { name: 'Create', exact: true }).click();
      const secret = await copied(page, dialog.getByRole('button', { name: 'Copy the token' }));
      assert.match(secret, /^lks_[A-Za-z0-9._~-]+$/);
      assert.match(
        await dialog.getByText('lookaside push').innerText(),
        new RegExp(`export LOOKASIDE_TOKEN=${secret}`),
      );

      const push = ['push', staging, '--server', url, '--registry', registry.host];
      const { stdout, stderr } = await must(runCli(push, { env: { LOOKASIDE_TOKEN: secret } }));
      assert.equal(stdout, '1 stored, 0 already there, 0 refused\n', stderr);

      await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
      await row(page, 'acme pipeline').waitFor();
      assert.doesNotMatch(await page.content(), /lks_/);
      await page.reload();
      assert.match(await row(page, 'acme pipeline').locator('[data-label="Last use"]').innerText(), /just now|minute/);
      assert.doesNotMatch(await page.content(), /lks_/);
    }),
  );

  await t.test('leads from the repositories to what it uploaded, one request a page', () =>
    visit('viewer', async ({ page, watch, context }) => {
      await context.grantPermissions(CLIPBOARD);
      await page.goto('');
      await heading(page, 'Overview').waitFor();
      await watch.settled();
      const steps: [name: string, go: () => Promise<void>][] = [
        ['Repositories', () => goTo(page, 'Repositories')],
        [repository, () => page.getByRole('main').getByRole('link', { name: repository }).click()],
        [imageDigest.slice(0, 19), () => page.getByRole('link', { name: imageDigest.slice(0, 19) }).click()],
        ['Signature 1', () => page.getByRole('link', { name: 'signature-1' }).click()],
      ];
      for (const [name, go] of steps) {
        const before = watch.calls.length;
        await go();
        await heading(page, name).waitFor();
        await watch.settled();
        assert.equal(watch.calls.length - before, 1, watch.calls.slice(before).join());
      }
      await assertFacts(page, { repository, imageDigest });
      assert.equal(
        await copied(page, page.getByRole('button', { name: 'Copy the lookaside URL' })),
        `${url}/${repository}@${imageDigest.replace(':', '=')}/signature-1`,
      );
      commands = await copied(page, page.getByRole('button', { name: 'Copy the commands' }));
    }),
  );

  // What the page shows, in a shell; the registry here speaks plain HTTP, which skopeo has to be told.
  const home = tempDir(t);
  const config = join(home, '.config/containers');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'registries.conf'), `[[registry]]\nlocation = "${registry.host}"\ninsecure = true\n`);
  const shell = (script: string): Promise<Exit> => run('bash', ['-c', script], { env: { HOME: home } });
  const afterDownload = (command: string) => commands.replace(/^skopeo inspect/m, `${command}\n$&`);

  await t.test('shows commands that check the signature', async () => {
    const { code, stdout, stderr } = await shell(commands);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`Signature verified.*${imageDigest}`));
  });
  for (const [what, command] of [
    ['a signature that was tampered with', 'printf X | dd of=signature bs=1 seek=150 conv=notrunc status=none'],
    ['a signature of nothing', ': > signature'],
  ] as const)
    await t.test(`shows commands that fail on ${what}`, async () => {
      const { code, stdout } = await shell(afterDownload(command));
      assert.notEqual(code, 0);
      assert.doesNotMatch(stdout, /verified/i);
    });
  await t.test('shows commands that fail on another image than the one that was signed', async () => {
    const { code, stdout } = await shell(commands.replace(/> manifest\.json$/m, '$&\necho >> manifest.json'));
    assert.notEqual(code, 0);
    assert.doesNotMatch(stdout, /verified/i);
  });
});

async function assertFacts(page: Page, { repository, imageDigest }: { repository: string; imageDigest: string }) {
  const standing = section(page, 'Signature');
  assert.match(await textOf(fact(standing, 'State')), /^live runtimes read it/);
  assert.match(await textOf(fact(standing, 'Number')), /^signature-1 only live one/);
  assert.equal(await textOf(fact(standing, 'Docker reference')), `${repository}:v1`);
  assert.match(await textOf(fact(standing, 'Uploaded by')), /Token acme pipeline/);
  assert.equal(await textOf(fact(section(page, 'Signer'), 'User ids')), 'release <release@example.com>');
  const claim = await section(page, 'Claim').innerText();
  assert.ok(claim.includes(imageDigest), claim);
}
