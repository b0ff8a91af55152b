// What is written twice is compared once: the documentation lists exactly what the code has.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SETTINGS } from '../../server/config.ts';
import { ERRORS } from '../../server/domain/errors.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function headings(file: string, pattern: RegExp): string[] {
  return [...read(file).matchAll(pattern)].map((match) => match[1] ?? '').sort();
}

test('docs/errors.md lists every code once, and no other', () => {
  assert.deepEqual(headings('docs/errors.md', /^## `([A-Z_]+)`$/gm), Object.keys(ERRORS).sort());
});

test('docs/config.md lists every setting once, and no other', () => {
  assert.deepEqual(headings('docs/config.md', /^## `(LOOKASIDE_[A-Z_]+)`$/gm), Object.keys(SETTINGS).sort());
});

test('docs/dependencies.md gives a reason for every direct dependency, and for no other', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, object>;
  const direct = Object.keys({ ...dependencies, ...devDependencies }).sort();
  assert.deepEqual(headings('docs/dependencies.md', /^\| `([^`]+)` \|/gm), direct);
});

/** `METHOD /path` as registered in the routers of http/, below the place they are mounted at. */
function routes(): string[] {
  const found: string[] = [];
  for (const file of globSync('server/http/*.ts', { cwd: ROOT })) {
    const mount = { router: '/api/v1', app: '', health: '' };
    for (const [, on = '', method = '', path = ''] of read(file).matchAll(
      /\b(router|app|health)\s*\.(get|post|put|patch|delete)\(\s*'(\/[^']*)'/g,
    ))
      found.push(`${method.toUpperCase()} ${mount[on as keyof typeof mount]}${path}`);
  }
  // On a listener of its own, which needs no router for one address.
  if (read('server/http/server.ts').includes("req.url !== '/metrics'")) found.push('GET /metrics');
  return [...new Set(found)].sort();
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
