// The image: what its recipe says twice is held equal. deploy/README.md says where it was built and run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './manifests.ts';

/** What kernels before 5.1 read of one, such as those of RHEL 8. */
const MOST_OF_A_FIRST_LINE = 127;
const dockerfile = read('Dockerfile');
const packages = JSON.parse(read('package-lock.json')).packages;

test('the image', async (t) => {
  await t.test('has the Node.js that the tests run on', () => {
    const [, version] = /^ARG NODE_IMAGE=docker\.io\/library\/node:([0-9.]+)-[a-z]+-slim$/m.exec(dockerfile) ?? [];
    assert.equal(version, packages['node_modules/node'].version);
    for (const [, base] of dockerfile.matchAll(/^FROM (\S+)/gm)) assert.equal(base, '$' + '{NODE_IMAGE}');
  });
  await t.test('is labelled as the package is', () => {
    const label = (name: string) => new RegExp(`image\\.${name}="([^"]*)"`).exec(dockerfile)?.[1];
    const { name, version, description, license } = JSON.parse(read('package.json'));
    assert.deepEqual(['title', 'version', 'description', 'licenses'].map(label), [name, version, description, license]);
  });
  await t.test('gets nothing that .dockerignore keeps out, which is all but what it needs', () => {
    const [first, ...lines] = read('.dockerignore').trim().split('\n');
    assert.equal(first, '*');
    const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    for (const file of copied)
      assert.ok(
        kept.some((path) => file === path || file.startsWith(`${path}/`)),
        file,
      );
    for (const path of kept)
      assert.ok(
        copied.some((file) => file === path || file.startsWith(`${path}/`)),
        path,
      );
  });
});

test('what is given back to the system is that of the units', () => {
  const settings = (file: string) => read(file).match(/\bMALLOC_\w+_=\d+/g);
  assert.equal(settings('Dockerfile')?.length, 2);
  assert.deepEqual(settings('Dockerfile'), settings('deploy/systemd/lookaside.service'));
});

test('what bounds the memory of Node.js stands where the kernel and npm read it', () => {
  const started = /^#!\/usr\/bin\/env -S (MALLOC_ARENA_MAX=\d node --.*)$/m.exec(read('server/launch.js'))?.[1];
  const [setting, ...command] = started?.split(' ') ?? [];
  // In place of the shell, which would not pass on the signal that ends npm.
  const start = [setting, 'exec', ...command, 'server/launch.js', 'serve'].join(' ');
  assert.equal(JSON.parse(read('package.json')).scripts.start, start);
  assert.ok(read('server/launch.js').indexOf('\n') <= MOST_OF_A_FIRST_LINE);
  for (const file of ['Dockerfile', 'docker-compose.yml', 'deploy/systemd/lookaside.service'])
    assert.doesNotMatch(read(file), /semi-space|ARENA/, `${file} starts server/launch.js, which has it`);
});
