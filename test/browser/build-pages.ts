// The pages as `npm run build` makes them, made anew when their sources have changed since.
import { spawnSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = 'web/dist/index.html';
/** Whatever can change what is built. */
const SOURCES = ['web/src/**/*', 'web/*.{ts,js,html}', 'package-lock.json'];

function changedAt(path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Throws with the build's own words when it fails. */
export function buildPages(): void {
  const newest = Math.max(...globSync(SOURCES, { cwd: ROOT }).map(changedAt));
  if (changedAt(BUILT) > newest) return;
  process.stderr.write('building the admin pages for the tests\n');
  const args = ['node_modules/vite/bin/vite.js', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the admin pages cannot be built:\n${stdout}${stderr}`);
}
