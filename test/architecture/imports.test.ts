// Folders are the architecture: imports point one way, and each outside library has one door.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Room → the rooms it may import. A file directly in server/ is a room of its own. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  ops: ['domain'],
  openpgp: ['domain'],
  store: ['domain', 'ops'],
  services: ['domain', 'ops', 'openpgp', 'store'],
  http: ['domain', 'ops', 'services'],
  config: ['domain', 'ops'],
  'compose-reads': ['domain', 'store', 'services', 'http'],
  'read-worker': ['domain', 'ops', 'store', 'http', 'compose-reads'],
  compose: ['compose-reads', 'domain', 'ops', 'openpgp', 'store', 'services', 'http', 'config', 'read-worker'],
  cli: ['domain', 'ops', 'services', 'config', 'compose'],
  main: ['cli', 'config'],
  launch: ['main'],
};

/** Library → the one room that may import it. */
const DOORS: Record<string, string> = {
  openpgp: 'openpgp',
  '@node-rs/argon2': 'services',
  'better-sqlite3': 'store',
  express: 'http',
  multer: 'http',
  helmet: 'http',
  piscina: 'services',
  'lru-cache': 'services',
  jose: 'services',
  pino: 'ops',
  'prom-client': 'ops',
  commander: 'cli',
  'cli-progress': 'cli',
};

const roomOf = (file: string) => (file.split('/')[1] ?? '').replace(/\.[jt]s$/, '');

type Edge = { readonly file: string; readonly room: string; readonly target: string };

function edges(): Edge[] {
  const found: Edge[] = [];
  for (const file of globSync('server/**/*.{ts,js}', { cwd: ROOT })) {
    const source = readFileSync(join(ROOT, file), 'utf8');
    const imports = /(?:\bfrom\s+|\bimport\s+|\bimport\(\s*|new URL\(\s*)'([^']+\.[jt]s|[^'./][^']*)'/g;
    for (const [, specifier = ''] of source.matchAll(imports)) {
      const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier;
      found.push({ file, room: roomOf(file), target });
    }
  }
  return found;
}

const EDGES = edges();
const inner = EDGES.filter(({ target }) => /\.[jt]s$/.test(target));
const outer = EDGES.filter(({ target }) => !/\.[jt]s$/.test(target) && !target.startsWith('node:'));

test('an import', async (t) => {
  assert.ok(inner.length > 200 && outer.length > 10, 'the imports are not found');
  for (const room of new Set(EDGES.map((edge) => edge.room)))
    await t.test(`of ${room} goes only where it may`, () => {
      const allowed = MAY_IMPORT[room];
      assert.ok(allowed, `server/${room} has no line in the table`);
      for (const { file, target } of inner.filter((edge) => edge.room === room && roomOf(edge.target) !== room))
        assert.ok(target.startsWith('server/') && allowed.includes(roomOf(target)), `${file} may not import ${target}`);
    });
  await t.test('of a library is behind its door', () => {
    for (const { file, room, target } of outer) {
      const door = DOORS[target];
      if (door !== undefined) assert.equal(room, door, `${file} may not import ${target}`);
    }
  });
  await t.test('of the domain is never a library, nor the outside world', () => {
    for (const { file, room, target } of EDGES)
      if (room === 'domain') assert.ok(target.startsWith('server/domain/'), `${file} imports ${target}`);
  });
  await t.test('is never of a test', () => {
    for (const { file, target } of EDGES) assert.ok(!target.startsWith('test'), `${file} imports ${target}`);
  });
});

test('attest(), the maker of verified signatures, is imported by intake alone', () => {
  const importers = globSync('server/**/*.ts', { cwd: ROOT }).filter((file) =>
    /import \{[^}]*\battest\b[^}]*\}/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  assert.deepEqual(importers, ['server/services/intake.ts']);
});

test('SQL is written in the store alone', () => {
  for (const file of globSync('server/**/*.ts', { cwd: ROOT }))
    if (roomOf(file) !== 'store')
      assert.doesNotMatch(
        readFileSync(join(ROOT, file), 'utf8'),
        /\b(?:SELECT\s[\s\S]{1,200}\sFROM\s|INSERT INTO\s|DELETE FROM\s|PRAGMA\s)/,
        file,
      );
});
