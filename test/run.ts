// `npm test`: makes sure the real tools and the built pages are there, then runs every test with node's runner.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from './browser/build-pages.ts';
import { findTool, SERVICES, TOOLS, type Tool, UNPACKED } from './support/tools.ts';

/** Of one test; `npm run test:faults` has hundreds of rounds in one. */
const TIMEOUT_MS = process.env.FAULTS === 'long' ? 3_600_000 : 300_000;
/** Files at a time: by default one less than there are processors, and tests spend half of their time waiting. */
const AT_ONCE = availableParallelism() + 1;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

function installMissingTools(): void {
  const missing = (Object.keys(TOOLS) as Tool[]).filter((tool) => findTool(tool) === null);
  const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (missing.length === 0 || !mayInstall) return;
  const packages = [...new Set<string>(missing.map((tool) => TOOLS[tool]))];
  process.stderr.write(`installing for the tests: ${packages.join(' ')}\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  apt(['update', '-qq'], environment);
  const installed = packages.filter((name) => !SERVICES.has(name));
  if (installed.length > 0) apt(['install', '-y', '-qq', '--no-install-recommends', ...installed], environment);
  for (const name of packages.filter((name) => SERVICES.has(name))) unpack(name, environment);
}

function unpack(name: string, environment: NodeJS.ProcessEnv): void {
  const folder = join(UNPACKED, name);
  mkdirSync(folder, { recursive: true });
  apt(['download', '-qq', name], environment, folder);
  for (const file of globSync('*.deb', { cwd: folder })) spawnSync('dpkg-deb', ['-x', join(folder, file), UNPACKED]);
  rmSync(folder, { recursive: true });
}

function apt(args: readonly string[], env: NodeJS.ProcessEnv, cwd = ROOT): void {
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, cwd, encoding: 'utf8' });
  if (status !== 0) process.stderr.write(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

function runTests(patterns: readonly string[]): number {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();
  if (files.length === 0) {
    process.stderr.write(`no test matches ${patterns.join(' ')}\n`);
    return 1;
  }
  if (files.some((file) => file.startsWith('test/browser/'))) buildPages();
  const args = ['--test', `--test-timeout=${TIMEOUT_MS}`, `--test-concurrency=${AT_ONCE}`, ...files];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

installMissingTools();
process.exitCode = runTests(process.argv.length > 2 ? process.argv.slice(2) : ['test/**/*.test.ts']);
