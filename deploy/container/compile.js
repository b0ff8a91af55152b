// Fills the compile cache (server/launch.js) of an image while it is built, since a container with a read-only root
// cannot. The cache is told apart by user and V8 flags, so this runs as the user and with the flags of the server.
import { glob } from 'node:fs/promises';
import module from 'node:module';
import { pathToFileURL } from 'node:url';

module.enableCompileCache('node_modules/.cache/lookaside');
for await (const file of glob('server/**/*.ts')) {
  // Entry points of threads refuse to run in this one, or do nothing; they are compiled all the same.
  await import(pathToFileURL(file).href).catch(() => {});
}
module.flushCompileCache();
process.exit(0);
