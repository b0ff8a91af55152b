// Small files with one reason to change, and a lock file that any registry can serve.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const SERVER = globSync('server/**/*.{ts,js}', { cwd: ROOT });
/** Made by a program. */
const GENERATED = 'web/src/api/schema.ts';
const SOURCES = [...SERVER, ...globSync('{test,bench,web/src}/**/*.{ts,tsx}', { cwd: ROOT })].filter(
  (file) => file !== GENERATED,
);

test('a source file', async (t) => {
  assert.ok(SERVER.length > 50);
  await t.test('has up to 300 lines', () => {
    for (const file of SOURCES) assert.ok(read(file).split('\n').length - 1 <= 300, file);
  });
  await t.test('has 100 lines or fewer, half of the time', () => {
    const lines = SERVER.map((file) => read(file).split('\n').length).sort((a, b) => a - b);
    assert.ok((lines[lines.length >> 1] ?? 0) <= 100);
  });
  await t.test('of the server opens with a comment that says what it is', () => {
    for (const file of SERVER) assert.match(read(file).replace(/^#!.*\n/, ''), /^\/\/ \S/, file);
  });
  await t.test('is named by a noun, not by a drawer', () => {
    for (const file of SERVER) {
      assert.match(basename(file), /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.[jt]s$/, file);
      assert.doesNotMatch(basename(file), /^(?:utils?|helpers?|common|misc|manager|data|info)\./, file);
    }
  });
  await t.test('leaves no note of what is still to be done', () => {
    const notes = new RegExp(['TO', 'DO|FIX', 'ME|XX', 'X'].join(''));
    for (const file of SOURCES) assert.doesNotMatch(read(file), notes, file);
  });
});

test('the lock file', async (t) => {
  await t.test('names no registry', () => assert.doesNotMatch(read('package-lock.json'), /"resolved"/));
});
