// What a start loads before it is asked for anything. Libraries that few need, and that weigh, come with whoever needs them:
// openpgp.js and jose are 30 MiB in a process, and a third of the time that a command takes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('../../server/', import.meta.url));

/** All that is imported along with a file, libraries by name, and for each whom it came with. */
function loadedWith(entry: string): ReadonlyMap<string, string> {
  const found = new Map([[join(SERVER, entry), 'the start']]);
  for (const [file] of found) {
    if (!file.startsWith('/')) continue;
    const imports = /^(?:import|export)\s(?!type\b)[^;]*?\bfrom '([^']+)'|^import '([^']+)'/gm;
    for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(imports)) {
      const specifier = from ?? alone ?? '';
      const target = specifier.startsWith('.') ? join(dirname(file), specifier) : specifier;
      if (!found.has(target)) found.set(target, file);
    }
  }
  return found;
}

function assertWithout(entry: string, libraries: readonly string[]): void {
  const loaded = loadedWith(entry);
  for (const library of libraries) assert.ok(!loaded.has(library), `${library} comes with ${loaded.get(library)}`);
}

test('no more is loaded than is needed', async (t) => {
  await t.test('by any command', () => {
    assert.ok(loadedWith('main.ts').has('commander'), 'imports are found');
    assertWithout('main.ts', ['openpgp', 'jose', 'express', 'better-sqlite3', 'piscina', '@node-rs/argon2']);
  });
  await t.test('by a command on the database', () => {
    assert.ok(loadedWith('compose/local.ts').has('better-sqlite3'), 'imports are found');
    assertWithout('compose/local.ts', ['openpgp', 'jose', 'express', 'piscina']);
  });
  await t.test('by the main thread of a server, which has workers for openpgp.js', () => {
    assert.ok(loadedWith('compose.ts').has('express'), 'imports are found');
    assertWithout('compose.ts', ['openpgp', 'jose']);
  });
  await t.test('by a thread that answers reads', () => {
    assert.ok(loadedWith('read-worker.ts').has('better-sqlite3'), 'imports are found');
    assertWithout('read-worker.ts', ['openpgp', 'jose', 'express', 'zod', 'piscina', 'commander']);
  });
});
