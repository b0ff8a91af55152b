// `npm test`: makes sure the real tools and the built pages are there, then runs every test with node's runner.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildPages } from './browser/build-pages.ts';
import { findTool, TOOLS, type Tool } from './support/tools.ts';

/** Of one test; `npm run test:faults` has hundreds of rounds in one. */
const TIMEOUT_MS = process.env.FAULTS === 'long' ? 3_600_000 : 300_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));

function installMissingTools(): void {
  const missing = (Object.keys(TOOLS) as Tool[]).filter((tool) => findTool(tool) === null);
  const mayInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (missing.length === 0 || !mayInstall) return;
  const packages = [...new Set(missing.map((tool) => TOOLS[tool]))];
  process.stderr.write(`installing for the tests: ${packages.join(' ')}\n`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  apt(['update', '-qq'], environment);
  apt(['install', '-y', '-qq', '--no-install-recommends', ...packages], environment);
}

function apt(args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
  if (status !== 0) process.stderr.write(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

function runTests(patterns: readonly string[]): number {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort();
  if (files.length === 0) {
    process.stderr.write(`no test matches ${patterns.join(' ')}\n`);
    return 1;
  }
  if (files.some((file) => file.startsWith('test/browser/'))) buildPages();
  const args = ['--test', `--test-timeout=${TIMEOUT_MS}`, ...files];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}

installMissingTools();
process.exitCode = runTests(process.argv.length > 2 ? process.argv.slice(2) : ['test/**/*.test.ts']);
