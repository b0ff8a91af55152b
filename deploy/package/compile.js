// npm's `prepack`: server/ compiled into dist/, for the package that `npm pack` makes. Node strips no types below
// node_modules, so an installed package has to be JavaScript. dist/ stands where server/ stands, so that whatever the code
// finds relative to itself (package.json, migrations/, web/dist/) is found from there as well. JavaScript itself, because
// without the development dependencies the system's own Node.js runs it, which may be too old for TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');

/** Entry points of threads are named by URL, which the compiler does not follow as it follows imports. */
const THREAD = /(?<=new URL\('\.\/[\w-]+\.)ts(?=', import\.meta\.url\))/g;
/** What would look for a source at run time: each is a package that fails in somebody's hands. */
const LEFT_BEHIND = /(?<=['"`])\.(?:[^'"`\s]*\.)?ts(?=['"`])/;

function compile() {
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) throw new Error('packing needs the development dependencies; run `npm ci` first');
  rmSync(DIST, { recursive: true, force: true }); // a module that was renamed would be packed under its old name as well
  const stdio = ['ignore', 2, 2]; // what npm says on standard output is the name of the package
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'deploy/package'], { cwd: ROOT, stdio });
  if (status !== 0) throw new Error('server/ cannot be compiled; the compiler has said why');
}

function nameThreads(file) {
  const path = join(DIST, file);
  const compiled = readFileSync(path, 'utf8');
  const code = compiled.replaceAll(THREAD, 'js');
  const [left] = LEFT_BEHIND.exec(code) ?? [];
  if (left !== undefined) throw new Error(`dist/${file} names a source, which the package has not: ${left}`);
  if (code !== compiled) writeFileSync(path, code);
}

try {
  compile();
  for (const file of readdirSync(DIST, { recursive: true })) if (file.endsWith('.js')) nameThreads(file);
} catch (error) {
  process.stderr.write(`lookaside: ${error.message}\n`);
  process.exitCode = 1;
}
