import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pagesOf } from '../../server/services/pages.ts';

const PAGES = [['a', 'b'], [], ['c'], []];

/** A list in pages, and which of them were asked for. */
function list() {
  const asked: (number | null)[] = [];
  const pages = pagesOf(async (after: number | null) => {
    asked.push(after);
    const page = after ?? 0;
    return { items: PAGES[page] ?? [], next: page + 1 < PAGES.length ? page + 1 : null };
  });
  return { asked, pages };
}

test('a list in pages', async (t) => {
  await t.test('goes on behind a page that is empty, to the last one', async () => {
    const { asked, pages } = list();
    const items: string[] = [];
    for await (const page of pages) items.push(...page);
    assert.deepEqual(items, ['a', 'b', 'c']);
    assert.deepEqual(asked, [null, 1, 2, 3]);
  });
  await t.test('is asked for no page that nobody wants', async () => {
    const { asked, pages } = list();
    for await (const page of pages) if (page.length === 0) break;
    assert.deepEqual(asked, [null, 1]);
  });
});
