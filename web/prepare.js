// npm's `prepare`: builds the admin pages after `npm ci` in a checkout. JavaScript, because without the development
// dependencies the system's own Node.js runs it, which may be too old for TypeScript.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));
const config = fileURLToPath(new URL('vite.config.ts', import.meta.url));

if (existsSync(vite)) {
  const arguments_ = [vite, 'build', '--config', config, '--logLevel', 'warn'];
  process.exitCode = spawnSync(process.execPath, arguments_, { stdio: 'inherit' }).status ?? 1;
} else {
  process.stderr.write('lookaside: without the development dependencies the admin pages are not built\n');
}
