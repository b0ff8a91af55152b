// Somebody publishes a package with our name in the registry of npm, or a repository, and a workflow that means the file of
// `npm pack` names that instead.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stepOf } from '../deploy/ci-templates.ts';
import { run } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const OURS = [
  './lookaside-0.1.0.tgz',
  '../x.tgz',
  '/tmp/x',
  'lookaside-0.1.0.tgz',
  'https://packages.example.com/x.tgz?a=b',
];
const OTHERS = [
  'lookaside',
  'lookaside@0.1.0',
  'acme/lookaside',
  'acme/x.tgz',
  'github:acme/x',
  'http://x/y.tgz',
  '@a/b',
  '-g x',
  'npm:x@y.tgz',
];

test('the GitHub action installs what a workflow names', async (t) => {
  const { shell, script } = stepOf('GitHub, Install lookaside');
  const [bash = '', ...options] = shell;
  async function install(name: string) {
    const dir = tempDir(t);
    writeFileSync(join(dir, 'npm'), `#!/bin/sh\nprintf '%s' "$*" > ${dir}/asked\n`, { mode: 0o755 });
    const env = { PACKAGE: name, PATH: `${dir}:${process.env.PATH}`, RUNNER_TEMP: dir, GITHUB_PATH: join(dir, 'path') };
    const exit = await run(bash, [...options, '-c', script], { env });
    return { ...exit, asked: existsSync(join(dir, 'asked')) ? readFileSync(join(dir, 'asked'), 'utf8') : null };
  }
  for (const name of OURS)
    await t.test(`a file or a URL: ${name}`, async () => {
      const { code, asked } = await install(name);
      assert.equal(code, 0);
      assert.match(asked ?? '', /--ignore-scripts/);
      assert.ok(asked?.endsWith(` -- ${name}`), asked ?? 'npm was not asked');
    });
  for (const name of OTHERS)
    await t.test(`and nothing of that name that is anybody's: ${name}`, async () => {
      const { code, asked, stderr } = await install(name);
      assert.deepEqual([code, asked], [2, null]);
      assert.match(stderr, /is neither a file that 'npm pack' has made, as in .* nor an https URL of one/);
    });
});
