// docs/protocol.md is what users and comments in the code rely on: its tables are facts, held equal to the code.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { type LookasidePath, readLookasidePath } from '../../server/domain/slot.ts';
import { CORPUS, type Vector } from './corpus.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DOC = readFileSync(`${ROOT}docs/protocol.md`, 'utf8');

/** Rows of the table with this header, cell by cell. */
function table(header: string): string[][] {
  const [, after = ''] = DOC.split(`\n${header}\n`);
  const rows = after.split('\n').slice(1);
  const end = rows.findIndex((row) => !row.startsWith('|'));
  return rows.slice(0, end).map((row) => row.slice(2, -2).split(' | '));
}

function inWords(parsed: LookasidePath | null): string {
  if (parsed === null) return '404';
  const { slot, kind } = parsed;
  if (kind === 'slot') return `\`${slot.repository}\`, ${slot.number}`;
  if (slot.prefix === '') return `by digest: the whole store, ${slot.number}`;
  const itself = slot.repository === null ? '' : `\`${slot.repository}\` and `;
  return `by digest: ${itself}all below \`${slot.prefix}\`, ${slot.number}`;
}

test('the examples of paths', async (t) => {
  const examples = table('| path | is |');
  assert.ok(examples.length > 30);
  for (const [path = '', is = ''] of examples)
    await t.test(`${path} is ${is}`, () => {
      const real = path.replaceAll('`', '').replaceAll('<hex>', 'ab'.repeat(32)).replaceAll('<HEX>', 'AB'.repeat(32));
      assert.equal(inWords(readLookasidePath(real, DOCKER_HUB)), is);
    });
});

test('the table of differences lists exactly those of the corpus', () => {
  const found = Map.groupBy(
    CORPUS.filter((vector) => vector.difference !== undefined),
    (vector) => vector.difference ?? '',
  );
  const listed = table('| why | signatures | skopeo | this server |');
  assert.deepEqual(listed, [...found].map(differenceRow));
});

function differenceRow([why, vectors]: [string, Vector[]]): string[] {
  const each = (read: (vector: Vector) => string) => [...new Set(vectors.map(read))].join(', ');
  return [why, each(({ name }) => name), each(({ skopeo }) => skopeo), each(({ expect }) => expect)];
}

test('every section that a comment cites is there', () => {
  const sections = new Set([...DOC.matchAll(/^#{2,3} ([0-9]+(?:\.[0-9]+)?)\.? /gm)].map((match) => match[1]));
  for (const file of globSync('server/**/*.ts', { cwd: ROOT }))
    for (const [comment] of readFileSync(ROOT + file, 'utf8').matchAll(/protocol\.md §[§0-9., ]+/g))
      for (const [, cited = ''] of comment.matchAll(/§([0-9]+(?:\.[0-9]+)?)/g))
        assert.ok(sections.has(cited), `${file} cites §${cited}`);
});
