// Aliases and the memory of the read path: whatever is remembered, a path is answered as it is without a memory, and as
// the address that stands in its place.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Alias, parseAliasPath, parseAliasTarget } from '../../server/domain/alias.ts';
import { DOCKER_HUB } from '../../server/domain/repository-name.ts';
import { createLookaside } from '../../server/services/lookaside.ts';
import { ACT, append, IMAGE_DIGEST, NOW, newSignature, openTestStore, storeWithKey } from '../store/scene.ts';

const REPOSITORIES = ['docker.io/library/a', 'docker.io/a/b', 'a.b/a', 'a.b/a/b', 'x:1/a.b/a'];
const AT = IMAGE_DIGEST.replace(':', '=');

const alias = (path: string, target: string): Omit<Alias, 'id'> => ({
  path: parseAliasPath(path),
  target: parseAliasTarget(target),
  createdAt: NOW,
});

async function scene(t: Parameters<typeof storeWithKey>[0]) {
  const { store, path } = await storeWithKey(t);
  const { store: other } = await openTestStore(t, 'local', path);
  for (const repository of REPOSITORIES) await store.append(append(newSignature({ repository })));
  const remembering = createLookaside(store, DOCKER_HUB, 1024 * 1024);
  const forgetful = createLookaside({ ...store, changes: () => [], aliases: () => null }, DOCKER_HUB, 0);
  const read = (path: string) => remembering.find(path)?.sha256 ?? null;
  const plainly = (path: string) => forgetful.find(path)?.sha256 ?? null;
  return { other, read, plainly };
}

test('an alias takes an address that is remembered, and gives it back', async (t) => {
  const { other, read, plainly } = await scene(t);
  const [taken, short, led] = ['/docker.io/a/b', '/a/b', '/a.b/a'].map((name) => `${name}@${AT}/signature-1`) as [
    string,
    string,
    string,
  ];
  const own = plainly(taken);
  assert.deepEqual([read(taken), read(short)], [own, own]);
  const { id } = await other.addAlias({ ...ACT, alias: alias('/docker.io/a/b', 'a.b/a'), replace: false });
  assert.deepEqual([read(taken), read(short)], [plainly(led), own]);
  await other.removeAlias({ ...ACT, id });
  assert.deepEqual([read(taken), read(led)], [own, plainly(led)]);
});

const component = fc.constantFrom('a', 'b', 'a.b', 'library', 'docker.io', 'x:1');
const names = (least: number, most: number) => fc.array(component, { minLength: least, maxLength: most });
const pathText = names(1, 3).map((parts) => `/${parts.join('/')}`);
const targetText = fc
  .tuple(fc.constantFrom('a.b', 'docker.io', 'x:1'), fc.array(fc.constantFrom('a', 'b', 'library'), { maxLength: 2 }))
  .map(([host, parts]) => [host, ...parts].join('/'));
const asked = fc
  .tuple(
    names(1, 5),
    fc.constantFrom('@', '@', '/', '%40'),
    fc.constantFrom('/', '/', '//'),
    fc.constantFrom('1', '1', '2', '01'),
  )
  .map(([parts, joint, slash, number]) => `/${parts.join(slash)}${joint}${AT}/signature-${number}`);

/** The longest alias that a path begins with, put right by hand. */
function led(path: string, aliases: readonly (readonly [string, string])[]): string | null {
  const plain = path.replace('%40', '@').replaceAll('//', '/');
  const [longest] = aliases
    .filter(([prefix]) => plain.startsWith(`${prefix}/`) || plain.startsWith(`${prefix}@`))
    .toSorted(([one], [another]) => another.length - one.length);
  if (longest === undefined) return path;
  const [prefix, target] = longest;
  if (!target.includes('/') && plain[prefix.length] === '@') return null; // a registry, and no repository
  return `/${target}${plain.slice(prefix.length)}`;
}

test('reading through aliases is reading what they stand for, remembered or not', async (t) => {
  const { other, read, plainly } = await scene(t);
  let hits = 0;
  let elsewhere = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(pathText, targetText), { selector: ([path]) => path, maxLength: 4 }),
      fc.array(asked, { minLength: 30, maxLength: 60 }),
      async (aliases, paths) => {
        const ids: number[] = [];
        for (const [path, target] of aliases)
          ids.push((await other.addAlias({ ...ACT, alias: alias(path, target), replace: false })).id);
        for (const path of [...paths, ...paths]) {
          const address = led(path, aliases);
          const expected = address === null ? null : plainly(address);
          assert.equal(read(path), expected, path);
          if (expected !== null) hits++;
          if (expected !== plainly(path)) elsewhere++;
        }
        for (const id of ids) await other.removeAlias({ ...ACT, id });
      },
    ),
    { numRuns: 150, interruptAfterTimeLimit: 20_000 },
  );
  t.diagnostic(`${hits} found, ${elsewhere} elsewhere than without aliases`);
  assert.ok(hits > 100 && elsewhere > 20);
});
