// The page that makes the configuration of clients: what is shown, copied and downloaded is what the server made.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { type ConfigKind, parseMirror, parsePlace, WISHES_OF } from '../../server/domain/client-config.ts';
import { KINDS } from '../../web/src/pages/configuration/kinds.ts';
import { generatorOf } from '../support/configured-node.ts';
import { needs } from '../support/tools.ts';
import { createScene } from './scene.ts';
import { CLIPBOARD, copied, goTo, heading, section, textOf } from './steps.ts';
import { fillStore } from './store.ts';
import { STOREFRONT } from './store-plan.ts';

test('the page knows the kinds and wishes of the server', () => {
  const sorted = (lists: Readonly<Record<string, readonly string[]>>) =>
    Object.fromEntries(Object.entries(lists).map(([kind, wishes]) => [kind, [...wishes].sort()]));
  const known = Object.fromEntries(Object.entries(KINDS).map(([kind, { wishes }]) => [kind, wishes]));
  assert.deepEqual(sorted(known), sorted(WISHES_OF));
});

test('the page of client configuration', needs('chromium', 'gpg'), async (t) => {
  const scene = await createScene(t);
  const { visit } = scene;
  await fillStore(t, scene);
  const generate = generatorOf(scene);
  const YAML = '/etc/containers/registries.d/lookaside.yaml';

  await t.test('is open to viewers, who copy a file as the server made it', () =>
    visit('viewer', async ({ page, context }) => {
      await context.grantPermissions([...CLIPBOARD]);
      await page.goto('');
      await goTo(page, 'Client configuration');
      await heading(page, 'Client configuration').waitFor();
      const [file] = (await generate('registries.d')).files;
      const text = await copied(page, section(page, YAML).getByRole('button', { name: 'Copy lookaside.yaml' }));
      assert.equal(text, file?.content);
    }),
  );

  await t.test('has its section of registries.d on the page of a repository', () =>
    visit('viewer', async ({ page, context }) => {
      await context.grantPermissions([...CLIPBOARD]);
      await page.goto(`repository?name=${STOREFRONT}`);
      await page.getByRole('tab', { name: 'Runtime configuration' }).click();
      const [file] = (await generate('registries.d', { registries: [parsePlace(STOREFRONT)] })).files;
      assert.match(file?.content ?? '', new RegExp(`^ +${STOREFRONT}:$`, 'm'));
      const text = await copied(page, section(page, YAML).getByRole('button', { name: 'Copy lookaside.yaml' }));
      assert.equal(text, file?.content);
    }),
  );

  await t.test('makes every kind, and asks for what is missing first', () =>
    visit('admin', async ({ page }) => {
      await page.goto('configuration');
      for (const [kind, { label, needs: missing }] of Object.entries(KINDS)) {
        await page.getByLabel('For', { exact: true }).selectOption({ label });
        if (missing === undefined)
          await page
            .getByRole('region')
            .filter({ hasText: firstLine(kind as ConfigKind) })
            .first()
            .waitFor();
        else await page.getByText('Something is still missing').waitFor();
        assert.equal(new URL(page.url()).searchParams.get('kind'), kind);
      }
      await page.getByLabel('Namespaces').fill('team-a\nteam-b=quay.io/acme');
      await page.getByRole('button', { name: 'Make the files' }).click();
      await section(page, '/etc/crio/policies/team-b.json').waitFor();
      assert.equal(await page.getByText('Something is still missing').count(), 0);
    }),
  );

  await t.test('takes wishes, downloads the file, and says what to know', () =>
    visit('admin', async ({ page }) => {
      await page.goto('configuration');
      await section(page, YAML).waitFor();
      await openWishes(page);
      await page.getByLabel('Mirrors').fill('mirror.example.com/hub=quay.io');
      await page.getByLabel('Also for containers/image before 5.22').check();
      await page.getByRole('button', { name: 'Make the files' }).click();
      await page.getByText('lookaside alias add /mirror.example.com/hub quay.io').waitFor();
      const downloading = page.waitForEvent('download');
      await section(page, YAML).getByRole('button', { name: 'Download' }).click();
      const download = await downloading;
      assert.equal(download.suggestedFilename(), 'lookaside.yaml');
      const mirrors = [parseMirror('mirror.example.com/hub=quay.io')];
      const [file] = (await generate('registries.d', { mirrors, legacy: true })).files;
      assert.equal(readFileSync(await download.path(), 'utf8'), file?.content);
    }),
  );

  await t.test('shows why nothing was made', () =>
    visit('admin', async ({ page, watch }) => {
      watch.expect('400 POST /api/v1/config');
      await page.goto('configuration?kind=policy');
      await section(page, '/etc/containers/policy.json').waitFor();
      await openWishes(page);
      await page.getByLabel('signedIdentity').fill('matchEverything');
      await page.getByRole('button', { name: 'Make the files' }).click();
      await page.getByText('Nothing was made').waitFor();
      assert.match(await textOf(page.getByRole('main')), /"matchEverything" is no signedIdentity/);
    }),
  );
});

const openWishes = (page: Page) => page.getByRole('button', { name: /^Wishes/ }).click();

/** Of the file that is made without any wish. */
function firstLine(kind: ConfigKind): string {
  const lines: Partial<Record<ConfigKind, string>> = {
    policy: '"insecureAcceptAnything"',
    keyring: 'BEGIN PGP PUBLIC KEY BLOCK',
    installer: '#!/bin/sh',
    'machine-config': 'MachineConfig',
    portieris: 'ClusterImagePolicy',
  };
  return lines[kind] ?? 'docker:';
}
