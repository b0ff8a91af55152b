#!/usr/bin/env -S MALLOC_ARENA_MAX=2 node --max-semi-space-size=4 --max-old-space-size=512 --v8-pool-size=1
// Plain JavaScript on purpose: an older Node cannot even read main.ts, and better-sqlite3 would crash it without a
// word. So the version is checked here, before anything else is loaded. The flags above bound the young generation,
// which by default grows with the machine, to 128 MiB; the old one, which may otherwise become four times what is in
// use before it is collected; and the helper threads with memory pools of their own. After some 100,000 pulls at
// 100,000 signatures that is 190 MiB, and does not grow; without the second flag it was 250 and more. The variable is
// for memory outside of JavaScript (pages of SQLite, buffers): by default the C library of Debian makes up to 8 arenas a
// processor, each of which keeps what its threads once needed, and a server with a dozen threads grew for an hour.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const major = Number(process.versions.node.split('.', 1)[0]);
if (major < 24) {
  process.stderr.write(
    `lookaside: Node.js 24 or newer is needed, this is ${process.versions.node}; ` +
      'in a checkout use `npm start` or `npx lookaside …`, which bring their own\n',
  );
  process.exit(2);
}

// Compiled code is kept beside the dependencies, which only the installing user can write: with it no thread needs the
// type stripper, which saves 17 MiB a thread and half of the start. Where the folder cannot be written nothing is kept.
const cache = fileURLToPath(new URL('../node_modules/.cache/lookaside', import.meta.url));
module.enableCompileCache(cache);
process.env.NODE_COMPILE_CACHE ??= cache;

// A checkout runs its sources, whatever an earlier `npm pack` has left in dist/; the package has nothing but dist/. What
// npm installs from a repository by itself has neither, since it does not compile then.
const entry = ['./main.ts', '../dist/main.js'].find((file) => existsSync(new URL(file, import.meta.url)));
if (entry === undefined) {
  process.stderr.write(
    'lookaside: this was installed without being compiled; install the file that `npm pack` makes in a checkout\n',
  );
  process.exit(2);
}
const { main } = await import(entry);
await main(process.argv);
