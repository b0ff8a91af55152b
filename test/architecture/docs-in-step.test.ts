// What is written twice is compared once: the documentation lists exactly what the code has.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '../../server/config.ts';
import { ERRORS } from '../../server/domain/errors.ts';
import { FINDINGS } from '../../server/domain/finding.ts';
import { operationList } from '../../server/http/contract/operations.ts';
import { generateTypes, TYPES_FILE } from '../../web/generate-types.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function headings(file: string, pattern: RegExp): string[] {
  return [...read(file).matchAll(pattern)].map((match) => match[1] ?? '').sort();
}

test('docs/errors.md lists every code once, and no other', () => {
  assert.deepEqual(headings('docs/errors.md', /^## `([A-Z_]+)`$/gm), Object.keys(ERRORS).sort());
});

test('docs/operations.md explains every finding of fsck, and no other', () => {
  const listed = headings('docs/operations.md', /^\| (`[a-z]+\.[a-z_]+`(?: `[a-z]+\.[a-z_]+`)*) \|/gm);
  const codes = listed.flatMap((cell) => cell.split(' ').map((code) => code.slice(1, -1)));
  assert.deepEqual(codes.sort(), Object.keys(FINDINGS).sort());
});

test('docs/config.md lists every setting once, and no other', () => {
  assert.deepEqual(headings('docs/config.md', /^## `(LOOKASIDE_[A-Z_]+)`$/gm), Object.keys(SETTINGS).sort());
});

test('docs/dependencies.md gives a reason for every direct dependency, and for no other', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
  const direct = Object.keys({ ...dependencies, ...devDependencies }).sort();
  assert.deepEqual(headings('docs/dependencies.md', /^\| `([^`]+)` \|/gm), direct);
});

/** `METHOD /path` of every operation, of the health checks, and of the metrics listener. */
function routes(): string[] {
  const operations = operationList().map(([, { method, path }]) => `${method.toUpperCase()} /api/v1${path}`);
  const health = [...read('server/http/app.ts').matchAll(/\bhealth\.get\('([^']*)'/g)].map(([, path]) => `GET ${path}`);
  assert.equal(health.length, 2);
  assert.ok(read('server/http/server.ts').includes("req.url !== '/metrics'"));
  return [...operations, ...health, 'GET /metrics'].sort();
}

test('docs/api.md lists every route once, and no other but the lookaside paths', () => {
  const listed = headings('docs/api.md', /^### `([A-Z]+ \/[^`]*)`$/gm);
  assert.equal(new Set(listed).size, listed.length);
  const fixed = listed.filter((route) => !route.includes('signature-'));
  const registered = routes();
  assert.ok(registered.length > 10, 'the routes are not found');
  assert.deepEqual(fixed, registered);
});

test('every error code is thrown somewhere', () => {
  const sources = globSync('server/**/*.ts', { cwd: ROOT }).filter(
    (file) => !/errors\.ts$|error-status\.ts$/.test(file),
  );
  const text = sources.map(read).join('\n');
  for (const code of Object.keys(ERRORS)) assert.ok(text.includes(`'${code}'`), `${code} is never thrown`);
});

test('the types of the web client are those of the API', () => {
  assert.equal(readFileSync(TYPES_FILE, 'utf8'), generateTypes(), 'run: npm run build:types');
});
