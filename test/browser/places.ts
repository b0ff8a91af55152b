// Every page and its main states, in a store that fillStore has filled: for tests that look at all of them, and for
// screenshots.
import type { Page } from 'playwright-core';
import { dropFiles, row, section } from './steps.ts';
import type { FilledStore } from './store.ts';
import { CHECKOUT, digestOf, PIPELINES, POSTGRES, STOREFRONT, WITHDRAWN } from './store-plan.ts';

export type Place = {
  /** Also of the screenshot. */
  readonly name: string;
  /** Below /ui/. */
  readonly address: string;
  /** What is there when the page is. */
  readonly shows: string | RegExp;
  /** What is done there before it is looked at. */
  readonly act?: (page: Page) => Promise<unknown>;
  /** What is done before another page is gone to. */
  readonly leave?: (page: Page) => Promise<unknown>;
  /** Looked at by somebody who is not signed in. */
  readonly isOutside?: boolean;
};

const dialog = (page: Page) => page.getByRole('dialog').waitFor();
const press = (name: string) => async (page: Page) => {
  await page.getByRole('main').getByRole('button', { name, exact: true }).first().click();
  await dialog(page);
};

export function placesOf(store: FilledStore): Place[] {
  const { keys, stranger, idsOf } = store;
  const newest = `${STOREFRONT}:v2.15.1`;
  const image = (repository: string, reference: string) =>
    `image?repository=${encodeURIComponent(repository)}&digest=${digestOf(reference)}`;
  const signature = (reference: string, at = 0) => `signatures/${idsOf(reference)[at]}`;
  return [
    { name: 'sign-in', address: 'sign-in', shows: 'Sign in', isOutside: true },
    { name: 'sign-in-ended', address: 'sign-in?ended', shows: 'Your session has ended.', isOutside: true },
    { name: 'overview', address: '', shows: 'Last refusals' },
    { name: 'search', address: 'search', shows: 'One box for everything' },
    { name: 'search-results', address: 'search?q=acme', shows: 'Platform team' },
    { name: 'search-nothing', address: 'search?q=nonesuch', shows: 'Nothing was found' },
    { name: 'repositories', address: 'repositories', shows: STOREFRONT },
    { name: 'repositories-no-match', address: 'repositories?q=nonesuch', shows: 'No repository matches' },
    { name: 'repository', address: `repository?name=${STOREFRONT}`, shows: 'v2.15.1' },
    { name: 'repository-signatures', address: `repository?name=${STOREFRONT}&view=signatures`, shows: 'v2.14.0' },
    { name: 'repository-runtimes', address: `repository?name=${STOREFRONT}&view=setup`, shows: 'registries.d' },
    { name: 'image', address: image(STOREFRONT, newest), shows: 'Live signatures' },
    { name: 'image-withdrawn', address: image(CHECKOUT, WITHDRAWN), shows: 'No longer served' },
    { name: 'image-unsigned', address: image(CHECKOUT, `${CHECKOUT}:v1.8.2`), shows: 'No longer served' },
    { name: 'image-unknown', address: image(POSTGRES, 'none'), shows: 'Not signed' },
    { name: 'signature', address: signature(newest, 1), shows: 'Where it is read' },
    { name: 'signature-withdrawn', address: signature(WITHDRAWN, 1), shows: 'OPS-4117' },
    { name: 'signature-withdraw', address: signature(`${CHECKOUT}:v1.9.1`), shows: 'Bytes', act: press('Withdraw') },
    { name: 'keys', address: 'keys', shows: 'Platform team' },
    { name: 'key', address: `keys/${keys.security.fingerprint}`, shows: 'What depends on it' },
    { name: 'key-expiring', address: `keys/${keys.platform.fingerprint}`, shows: 'This key expires' },
    { name: 'key-retired', address: `keys/${keys.former.fingerprint}`, shows: 'This key is retired' },
    { name: 'key-revoked', address: `keys/${keys.contractor.fingerprint}`, shows: 'laptop with the key' },
    { name: 'key-revoke', address: `keys/${keys.release.fingerprint}`, shows: 'depends', act: press('Revoke') },
    { name: 'key-retire', address: `keys/${keys.platform.fingerprint}`, shows: 'depends', act: press('Retire') },
    {
      name: 'rotation',
      address: `keys/${keys.ci.fingerprint}/rotation?to=${keys.release.fingerprint}`,
      shows: 'Left to sign',
    },
    { name: 'key-scopes', address: `keys/${keys.release.fingerprint}`, shows: 'depends', act: press('Change scopes') },
    { name: 'register-key', address: 'keys/register', shows: 'Or paste it' },
    {
      name: 'register-key-preview',
      address: 'keys/register',
      shows: 'Or paste it',
      act: (page) => preview(page, stranger.armored),
    },
    { name: 'tokens', address: 'tokens', shows: 'gitlab-storefront' },
    { name: 'tokens-create', address: 'tokens', shows: 'gitlab-storefront', act: press('Create a token') },
    { name: 'tokens-secret', address: 'tokens', shows: 'gitlab-storefront', act: createToken, leave: closeUnread },
    { name: 'publishers', address: 'publishers', shows: 'acme/storefront releases' },
    {
      name: 'publishers-add',
      address: 'publishers',
      shows: 'acme/storefront releases',
      act: press('Trust a pipeline'),
    },
    { name: 'publisher-test', address: 'publishers/test', shows: 'An ID token is verified as in an exchange.' },
    {
      name: 'publisher-test-answer',
      address: 'publishers/test',
      shows: 'An ID token is verified as in an exchange.',
      act: testClaims,
    },
    { name: 'aliases', address: 'aliases', shows: '/mirror.acme.example/hub' },
    { name: 'aliases-add', address: 'aliases', shows: '/mirror.acme.example/hub', act: press('Add an alias') },
    { name: 'check', address: 'check', shows: 'Or paste it in base64' },
    { name: 'check-verdicts', address: 'check', shows: 'Or paste it in base64', act: (page) => check(page, store) },
    { name: 'verdict', address: 'verdict', shows: 'As it stands in a pod' },
    {
      name: 'verdict-answer',
      address: `verdict?image=${encodeURIComponent(newest)}`,
      shows: 'As it stands in a pod',
      act: askForVerdict,
    },
    { name: 'configuration', address: 'configuration', shows: 'lookaside.yaml' },
    {
      name: 'configuration-installer',
      address: 'configuration?kind=installer',
      shows: 'install-lookaside.sh',
      act: openWishes,
    },
    { name: 'configuration-releases', address: 'configuration?kind=signature-stores', shows: 'still missing' },
    { name: 'refusals', address: 'refusals', shows: 'KEY_UNKNOWN' },
    { name: 'audit', address: 'audit', shows: 'hash chain' },
    { name: 'audit-event', address: 'audit?action=token.created', shows: 'hash chain', act: unfold },
    { name: 'users', address: 'users', shows: 'viewer' },
    { name: 'users-add', address: 'users', shows: 'viewer', act: press('Add a user') },
    { name: 'account', address: 'account', shows: 'Change password' },
    { name: 'api', address: 'api', shows: 'POST' },
    { name: 'not-found', address: 'no/such/page', shows: 'There is no such page' },
  ];
}

/** Of a store in which nobody has done anything yet. */
export const EMPTY_PLACES: readonly Place[] = [
  { name: 'empty-overview', address: '', shows: 'Welcome to Lookaside' },
  { name: 'empty-repositories', address: 'repositories', shows: 'No signatures yet' },
  { name: 'empty-keys', address: 'keys', shows: 'No key is registered yet' },
  { name: 'empty-tokens', address: 'tokens', shows: 'No token yet' },
  { name: 'empty-publishers', address: 'publishers', shows: 'No pipeline is trusted yet' },
  { name: 'empty-aliases', address: 'aliases', shows: 'No alias yet' },
  { name: 'empty-refusals', address: 'refusals', shows: /Nothing (?:was|has been) refused/ },
];

/** Opens the page, and waits until it shows what it is about. */
export async function goToPlace(page: Page, { address, shows, act }: Place): Promise<void> {
  await page.goto(address);
  await page.getByRole('main').getByText(shows).filter({ visible: true }).first().waitFor();
  await act?.(page);
}

async function askForVerdict(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Policy, keys and manifest' }).click();
  await page.getByRole('button', { name: 'Ask' }).click();
  await section(page, 'Signatures').waitFor();
  await page.getByRole('button', { name: 'Details' }).first().click();
}

/** Of a job that somebody let run on a branch in place of a tag. */
async function testClaims(page: Page): Promise<void> {
  const { claims } = PIPELINES[0] ?? {};
  const job = { iss: 'https://token.actions.githubusercontent.com', ...claims, ref: 'refs/heads/main' };
  await page.getByLabel('ID token, or its claims').fill(JSON.stringify(job));
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByText('No publisher matches').waitFor();
}

async function preview(page: Page, armored: string): Promise<void> {
  await page.getByLabel('Or paste it').fill(armored);
  await page.getByRole('button', { name: 'Read the key' }).click();
  await page.getByText('Nothing is stored yet.').waitFor();
}

async function createToken(page: Page): Promise<void> {
  await press('Create a token')(page);
  await page.getByRole('dialog').getByLabel('Name').fill('github-inventory');
  await page.getByRole('dialog').getByLabel('upload', { exact: true }).check();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Scope 1' }).fill('quay.io/acme/inventory');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('Copy the token now.').waitFor();
}

/** The page asks back when a secret would be lost. */
async function closeUnread(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('button', { name: 'Close without copying' }).click();
}

async function check(page: Page, { keys, stranger }: FilledStore): Promise<void> {
  const reference = `${STOREFRONT}:v2.16.0`;
  const digest = digestOf(reference);
  const files = [
    { name: 'signature-1', bytes: await keys.release.sign(reference, digest) },
    { name: 'signature-2', bytes: await stranger.sign(reference, digest) },
  ];
  await dropFiles(page, 'Drop signature files here', ...files);
  await section(page, 'Verdict on signature-2').getByText('KEY_UNKNOWN').first().waitFor();
}

async function openWishes(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Wishes/ }).click();
  await page.getByLabel('Mirrors').waitFor();
}

async function unfold(page: Page): Promise<void> {
  await row(page, 'token.created').getByRole('button', { name: 'Details' }).first().click();
  await page.getByText('Hash before it').waitFor();
}
