// The package as `npm pack` makes it from a clean copy of this checkout, and an empty folder it is installed into.
import { cpSync, globSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../server/config.ts';
import { type Exit, must, type RunOptions, run, type Service, startService } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Made here or kept here, and not in a clean copy. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'data', 'dist', 'screenshots', join('web', 'dist')]);
/** What lies about in the folder of somebody who works there. */
const LYING_ABOUT = [
  '.env',
  'lookaside-0.0.9.tgz',
  'data/lookaside.db',
  'dist/renamed-since.js',
  'web/dist/assets/old.js',
  'migrations/notes.txt',
];
/** Half a minute on a slow line; an npm that is cut short has found no registry. */
const INSTALL_MS = 120_000;
const UNREACHABLE =
  /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/;

/** npm needs what the tester has: the registry, its certificates, the cache. */
const npm = (args: readonly string[], cwd: string) =>
  run('npm', args, { cwd, env: process.env, timeoutMs: INSTALL_MS });

export type Packed = {
  /** The copy it was packed in. */
  readonly copy: string;
  readonly tarball: string;
  /** Paths in the package, sorted. */
  readonly files: readonly string[];
};

export async function pack(t: Pick<TestContext, 'after'>): Promise<Packed> {
  const copy = tempDir(t);
  const isCopied = (path: string) => {
    const kind = lstatSync(path, { throwIfNoEntry: false });
    const isPlain = kind?.isFile() || kind?.isDirectory(); // sockets of an agent are left by the steps of README.md
    return isPlain === true && !LEFT_OUT.has(relative(ROOT, path)) && !path.endsWith('.tgz');
  };
  cpSync(ROOT, copy, { recursive: true, filter: isCopied });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const file of LYING_ABOUT) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), 'not for others');
  }
  const target = tempDir(t);
  await must(npm(['pack', '--pack-destination', target], copy));
  const [tarball = ''] = globSync(join(target, '*.tgz'));
  const { stdout } = await must(run('tar', ['-tzf', tarball]));
  const files = stdout.trim().split('\n');
  return { copy, tarball, files: files.map((file) => file.replace(/^package\//, '')).sort() };
}

export type Installed = {
  readonly folder: string;
  /** `lookaside …` as installed, on Node.js without its type stripper. */
  lookaside(args: readonly string[], options?: RunOptions): Promise<Exit>;
  /** `lookaside serve`, and where it serves. */
  serve(t: Pick<TestContext, 'after'>, env: Environment): Promise<Service & { readonly url: string }>;
};

/** The Node.js of these tests and nothing else of the checkout; it reads no TypeScript at all. */
export const PLAIN: Environment = {
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  NODE_OPTIONS: '--no-experimental-strip-types',
};

/** Or why there is nothing to install from. */
export async function install(t: Pick<TestContext, 'after'>, tarball: string): Promise<Installed | string> {
  const folder = tempDir(t);
  // The cache first: `npm ci` has filled it with most of what is asked for.
  const options = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0'];
  const { code, stderr } = await npm(['install', ...options, tarball], folder);
  if (code === null) return `npm was not done within ${INSTALL_MS / 1000} s`;
  const [unreachable] = (code !== 0 && UNREACHABLE.exec(stderr)) || [];
  if (unreachable !== undefined) return `npm cannot reach its registry: ${unreachable}`;
  if (code !== 0) throw new Error(stderr);

  const command = join(folder, 'node_modules/.bin/lookaside');
  return {
    folder,
    lookaside: (args, { env = {}, ...options } = {}) => run(command, args, { ...options, env: { ...PLAIN, ...env } }),
    async serve(t, env) {
      const settings = { LOOKASIDE_PORT: '0', LOOKASIDE_METRICS_PORT: '0', LOOKASIDE_WORKERS: '2', ...env };
      const service = startService(t, command, ['serve'], { ...PLAIN, ...settings });
      const { input } = await service.line(/"event":"server.started"/);
      return { ...service, url: (JSON.parse(input) as { url: string }).url };
    },
  };
}
