// What people do on more than one page.
import type { Locator, Page } from 'playwright-core';

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}

/** On the sign-in page that is open. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function chooseInUserMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: 'User menu' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/**
 * Presses the button of the dialog that is open, and waits until it is done: what lies behind a dialog is hidden from
 * roles, so a row that "is gone" meanwhile says nothing.
 */
export async function confirm(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** From the side navigation. */
export async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
}

/** A section of a page, by its heading. */
export function section(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** The value beside a term. */
export function fact(within: Page | Locator, term: string): Locator {
  const page = 'goto' in within ? within : within.page();
  const named = page.getByRole('term').filter({ hasText: new RegExp(`^${term}$`) });
  return within.locator('.pf-v6-c-description-list__group').filter({ has: named }).getByRole('definition');
}

/** What is written there, whatever stands between the words. */
export async function textOf(place: Locator): Promise<string> {
  return (await place.innerText()).replace(/\s+/g, ' ').trim();
}

/** The row that has this text somewhere. */
export function row(within: Page | Locator, text: string | RegExp): Locator {
  return within.getByRole('row').filter({ hasText: text });
}

export type DroppedFile = { readonly name: string; readonly bytes: Uint8Array | string };

/** Drags files from the desktop and lets go of them over the place with this name. */
export async function dropFiles(page: Page, place: string, ...files: readonly DroppedFile[]): Promise<void> {
  const contents = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  const dataTransfer = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of ${JSON.stringify(contents)})
      transfer.items.add(new File([Uint8Array.fromBase64(base64)], name));
    return transfer;
  })()`);
  const target = page.getByRole('group', { name: place });
  for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer });
}

/** What the button has put there; the visit needs the permission. */
export async function copied(page: Page, button: Locator): Promise<string> {
  await button.click();
  await page.getByText('Copied', { exact: true }).first().waitFor({ state: 'attached' });
  return (await page.evaluate('navigator.clipboard.readText()')) as string;
}

/** For `context.grantPermissions`. */
export const CLIPBOARD: readonly string[] = ['clipboard-read', 'clipboard-write'];
