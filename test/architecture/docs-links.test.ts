// Documents lead where they say: every relative link and picture is a file of the project, every anchor a heading of it.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOCUMENTS = globSync(['*.md', '{bench,deploy,docs,server,test,web}/**/*.md'], {
  cwd: ROOT,
  exclude: ['**/node_modules/**'],
});

/** As the sites that show documents make anchors of headings. */
function anchorsOf(markdown: string): Set<string> {
  const headings = withoutCode(markdown).matchAll(/^#{1,6} +(.+?) *$/gm);
  return new Set(
    [...headings].map(([, text = '']) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '');
}

function linksOf(markdown: string): string[] {
  const links = withoutCode(markdown)
    .replace(/`[^`\n]*`/g, '')
    .matchAll(/\]\(([^()\s]+)\)/g);
  return [...links].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

test('a link in a document', async (t) => {
  const all = DOCUMENTS.flatMap((document) =>
    linksOf(readFileSync(join(ROOT, document), 'utf8')).map((target) => ({ document, target })),
  );
  assert.ok(all.length > 50, 'the links are not found');
  for (const { document, target } of all)
    await t.test(`of ${document} to ${target} leads there`, () => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(ROOT, document) : resolve(ROOT, dirname(document), path);
      assert.ok(!relative(ROOT, file).startsWith('..'), 'it leads out of the project');
      assert.ok(existsSync(file), 'there is no such file');
      if (anchor !== undefined)
        assert.ok(anchorsOf(readFileSync(file, 'utf8')).has(anchor), 'there is no such heading');
    });
});
