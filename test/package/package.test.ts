// The command installed alone, as a pipeline or a node without a checkout has it: the real npm packs and installs, once
// for all cases, and the real programs are run. It takes 18 seconds of a processor, a third of them to build the pages.
import assert from 'node:assert/strict';
import { cpSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gpgHome } from '../support/gpg.ts';
import { claim, randomDigest, stage } from '../support/gpg-claims.ts';
import { CLI, must, run } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { type Installed, install, type Packed, PLAIN, pack } from './scene.ts';

/** It has 1.8 MB: 0.3 of code, and the pages with their fonts, most of which are there three times, compressed as well. */
const MOST_BYTES = 2_500_000;
const REGISTRY = 'registry.example.com';

const version = (file: string) => (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;

test('the package', async (t) => {
  const packed = await pack(t);
  await t.test('holds what an installed command needs, and nothing else', () => holdsWhatIsNeeded(packed));
  await t.test('is small', () => assert.ok(statSync(packed.tarball).size <= MOST_BYTES));

  const installed = await install(t, packed.tarball);
  if (typeof installed === 'string') {
    assert.notEqual(process.env.CI, 'true', installed);
    return t.test('runs where it is installed', { skip: installed }, () => {});
  }
  await t.test('is installed with what runs alone, and needs no script of any package', () => {
    const names = new Set(globSync('node_modules/{*,@*/*}', { cwd: installed.folder }));
    const { devDependencies } = JSON.parse(readFileSync(join(packed.copy, 'package.json'), 'utf8'));
    for (const name of Object.keys(devDependencies)) assert.ok(!names.has(join('node_modules', name)), name);
    assert.doesNotMatch(readFileSync(join(installed.folder, 'package-lock.json'), 'utf8'), /hasInstallScript/);
  });
  await t.test('says who it is and what it can do', () => introducesItself(installed, packed));
  await t.test('ends with a reason and a next step', () => explainsItself(installed));
  await t.test('serves, verifies and publishes', needs('gpg'), (t) => serves(t, installed));
});

test('what npm installs from a repository, uncompiled, says what to install', async (t) => {
  const launch = join(tempDir(t), 'node_modules/lookaside/server/launch.js');
  cpSync(CLI[1] ?? '', launch);
  const { code, stderr } = await run(process.execPath, [launch, '--version']);
  assert.equal(code, 2);
  assert.match(stderr, /^lookaside: [^\n]+ install the file that `npm pack` makes in a checkout\n$/);
});

function holdsWhatIsNeeded({ copy, files }: Packed): void {
  const compiled = globSync('server/**/*.ts', { cwd: copy }).map((file) =>
    file.replace(/^server/, 'dist').replace(/ts$/, 'js'),
  );
  const migrations = globSync('migrations/*.sql', { cwd: copy });
  const pages = files.filter((file) => file.startsWith('web/'));
  const fixed = ['LICENSE', 'README.md', 'package.json', 'server/launch.js'];
  assert.ok(compiled.length > 250 && migrations.length >= 7);
  assert.deepEqual(files, [...fixed, ...compiled, ...migrations, ...pages].sort());

  // What index.html names is there, whatever the build calls it, with nothing for developers and nothing old beside it.
  const index = readFileSync(join(copy, 'web/dist/index.html'), 'utf8');
  const named = [...index.matchAll(/(?:src|href)="\/ui\/([^"]+)"/g)].map(([, name]) => `web/dist/${name}`);
  assert.ok(named.length > 1);
  for (const file of ['web/dist/index.html', ...named]) assert.ok(pages.includes(file), file);
  for (const file of pages) assert.match(file, /^web\/dist\/[^.].*\.(?:html|js|css|svg|woff2)(?:\.gz|\.br)?$/);
  assert.ok(!pages.includes('web/dist/assets/old.js'));
}

async function introducesItself({ lookaside, folder }: Installed, { copy }: Packed): Promise<void> {
  const [node = '', launch = ''] = CLI;
  const unbuilt = await run(node, [launch, '--version'], { env: PLAIN });
  assert.match(unbuilt.stderr, /ERR_UNKNOWN_FILE_EXTENSION/, 'this Node.js reads TypeScript after all');

  const expected = version(join(copy, 'package.json'));
  assert.equal(version(join(folder, 'node_modules/lookaside/package.json')), expected);
  const { stdout, stderr } = await must(lookaside(['--version']));
  assert.deepEqual([stdout, stderr], [`${expected}\n`, '']);
  const help = await must(lookaside(['--help']));
  assert.match(help.stdout, /^Usage: lookaside /);
  assert.match(help.stdout, /^ {2}push /m);
}

async function explainsItself({ lookaside }: Installed): Promise<void> {
  const env = { LOOKASIDE_TOKEN: `lks_${'x'.repeat(50)}` };
  const { code, stderr } = await lookaside(['push', '/nonexistent', '--server', 'http://127.0.0.1:1'], { env });
  assert.equal(code, 2);
  assert.match(stderr, /^lookaside: .+ \([A-Z_]+\)\n$/);
}

async function serves(t: TestContext, { lookaside, serve }: Installed): Promise<void> {
  const home = gpgHome(t);
  const key = await home.generate('release');
  const digest = randomDigest();
  const signature = await home.sign(key, claim(`${REGISTRY}/acme/app:v1`, digest));
  const staging = tempDir(t);
  stage(staging, 'acme/app', digest, [signature]);

  const env = { LOOKASIDE_DATA_DIR: tempDir(t) };
  const local = async (args: readonly string[], input: string | Uint8Array = '') =>
    (await must(lookaside(args, { env, input }))).stdout;
  await local(['key', 'add', '-', '--scope', REGISTRY], key.publicKey);
  const token = await local(['token', 'create', '--name', 'ci', '--allow', 'upload,read']);
  const server = await serve(t, env);

  const pushed = await must(
    lookaside(['push', staging, '--server', server.url, '--registry', REGISTRY], {
      env: { LOOKASIDE_TOKEN: token.trim() },
    }),
  );
  assert.match(pushed.stderr + pushed.stdout, /1 stored/);
  const read = await fetch(`${server.url}/${REGISTRY}/acme/app@${digest.replace(':', '=')}/signature-1`);
  assert.deepEqual([read.status, Buffer.from(await read.arrayBuffer())], [200, Buffer.from(signature)]);

  // Each is another thread or another folder of the package: the reader, the pages, the description, the check of all.
  const listed = await fetch(`${server.url}/api/v1/signatures`, {
    headers: { authorization: `Bearer ${token.trim()}` },
  });
  assert.equal(((await listed.json()) as { items: unknown[] }).items.length, 1);
  const page = await (await fetch(`${server.url}/ui/`)).text();
  const [, script] = /<script[^>]* src="([^"]+)"/.exec(page) ?? [];
  assert.ok(script);
  assert.equal((await fetch(new URL(script, server.url))).status, 200);
  assert.equal((await fetch(`${server.url}/api/v1/openapi.json`)).status, 200);
  assert.match((await must(lookaside(['fsck'], { env }))).stderr, /1 signature/);

  assert.deepEqual(await server.end('SIGTERM'), { code: 0, signal: null });
}
