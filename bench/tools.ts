// The programs beside which we are measured. As root on Debian what is missing is installed; elsewhere the bench says
// what to install and ends, since a table without the peers would answer no question.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program → Debian package. */
const TOOLS = {
  nginx: 'nginx-light',
  apache2: 'apache2',
  wrk: 'wrk',
  gpgv: 'gpgv',
  openssl: 'openssl',
  taskset: 'util-linux',
} as const;

type Tool = keyof typeof TOOLS;

function isInstalled(tool: Tool): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const missing = (): Tool[] => (Object.keys(TOOLS) as Tool[]).filter((tool) => !isInstalled(tool));

export function requireTools(): void {
  process.env.PATH = `${process.env.PATH}${delimiter}/usr/sbin`;
  const packages = [...new Set(missing().map((tool) => TOOLS[tool]))];
  if (packages.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    process.stderr.write(`installing ${packages.join(' ')}\n`);
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  }
  const still = missing();
  if (still.length > 0)
    throw new Error(`not installed: ${still.map((tool) => `${tool} (Debian package ${TOOLS[tool]})`).join(', ')}`);
}

function apt(...args: readonly string[]): void {
  // Debian starts a server as it is installed; it would take port 80 and a share of the cores that are measured.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed: ${stderr}`);
}
