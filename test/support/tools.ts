// The real programs tests run. `npm test` installs what is missing when it may; without them a test is skipped with
// the reason, and under CI=true a missing tool is a failure.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Program → Debian package. */
export const TOOLS = {
  gpg: 'gnupg',
  gpgv: 'gpgv',
  skopeo: 'skopeo',
  podman: 'podman',
  buildah: 'buildah',
  'docker-registry': 'docker-registry',
  curl: 'curl',
  jq: 'jq',
  openssl: 'openssl',
  python3: 'python3',
  chromium: 'chromium',
  strace: 'strace',
  shellcheck: 'shellcheck',
  faketime: 'faketime',
  nginx: 'nginx',
  caddy: 'caddy',
  promtool: 'prometheus',
  'systemd-socket-activate': 'systemd',
  'systemd-analyze': 'systemd',
  'docker-compose': 'docker-compose',
} as const;

/** Packages that make a service of their program, started now and with the machine: they are unpacked, not installed. */
export const SERVICES: ReadonlySet<string> = new Set(['nginx', 'caddy', 'prometheus']);
export const UNPACKED = fileURLToPath(new URL('../../node_modules/.cache/lookaside-tools/', import.meta.url));

export type Tool = keyof typeof TOOLS;

export function findTool(tool: Tool): string | null {
  const unpacked = ['usr/bin', 'usr/sbin'].map((folder) => join(UNPACKED, folder));
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', ...unpacked];
  for (const folder of folders) {
    try {
      accessSync(join(folder, tool), constants.X_OK);
      return join(folder, tool);
    } catch {}
  }
  return null;
}

/** For `test(name, needs('gpg', 'skopeo'), …)`: runs, is skipped with the reason, or fails where CI demands it. */
export function needs(...tools: readonly Tool[]): { skip?: string } {
  const missing = tools.filter((tool) => findTool(tool) === null);
  if (missing.length === 0) return {};
  const reason = `not installed: ${missing.map((tool) => `${tool} (Debian package ${TOOLS[tool]})`).join(', ')}`;
  if (process.env.CI === 'true') throw new Error(`CI needs every tool; ${reason}`);
  return { skip: reason };
}
