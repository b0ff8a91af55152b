// The shell script for a node: it is run, twice and over what is there, and what it wrote is given to real clients.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { parseMirror, parsePlace, type Wishes } from '../../server/domain/client-config.ts';
import { parseScope } from '../../server/domain/scope.ts';
import { configuredNode, fileOf, generatorOf, insecure } from '../support/configured-node.ts';
import { must, run, runTool } from '../support/processes.ts';
import { createScene, SCENE_TOOLS } from '../support/registry-scene.ts';
import { fixture, LOCAL, testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';

const CONTAINERS = 'etc/containers';

test('the generated installer', needs(...SCENE_TOOLS, 'shellcheck'), async (t) => {
  const scene = await createScene(t, { LOOKASIDE_READ_ACCESS: 'token' });
  const { host } = scene.registry;
  const reference = scene.image('app:v1');
  const unsigned = scene.image('unsigned:v1');
  await scene.publish(reference);
  await scene.publish(unsigned, { key: null });
  await must(scene.upload());
  const readToken = await scene.server.createToken(['read']);
  const generate = generatorOf(scene.server);

  const scriptOf = async (wishes: Wishes = {}) => {
    const path = join(tempDir(t), 'install.sh');
    writeFileSync(path, fileOf(await generate('installer', { readToken, ...wishes }), 'install-lookaside.sh'));
    return path;
  };
  const install = (script: string, root: string) => run('sh', [script], { env: { LOOKASIDE_ROOT: root } });
  const listed = (root: string) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(root, name)).isFile())
      .sort();
  const nodeOf = (root: string) =>
    configuredNode(t, {
      registriesD: readFileSync(join(root, CONTAINERS, 'registries.d/lookaside.yaml'), 'utf8'),
      policy: readFileSync(join(root, CONTAINERS, 'policy.json'), 'utf8').replaceAll('/etc/pki', `${root}/etc/pki`),
      conf: insecure(host),
    });

  for (const keys of ['data', 'path', 'paths'] as const)
    await t.test(`is a plain shell script that sets a node up, with ${keys}`, async () => {
      const script = await scriptOf({ keys });
      await must(
        runTool('shellcheck', ['--shell=sh', '--enable=all', '--severity=style', '--exclude=SC2250,SC2292', script]),
      );
      const root = tempDir(t);
      await must(install(script, root));
      const node = nodeOf(root);
      await must(node.skopeoPull(reference));
      await must(node.podmanPull(reference));
      const { code, stderr } = await node.skopeoPull(unsigned);
      assert.equal(code, 1);
      assert.match(stderr, /signature was required/);
    });

  await t.test('changes nothing when it is run again', async () => {
    const [script, root] = [await scriptOf({ keys: 'path' }), tempDir(t)];
    await must(install(script, root));
    const before = listed(root);
    const { stdout } = await must(install(script, root));
    assert.deepEqual(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0]),
      before.map(() => 'unchanged'),
    );
    assert.deepEqual(listed(root), before);
  });

  await t.test('keeps what it replaces, and the token to root', async () => {
    const [script, root] = [await scriptOf(), tempDir(t)];
    mkdirSync(join(root, CONTAINERS), { recursive: true });
    writeFileSync(join(root, CONTAINERS, 'policy.json'), 'the former one');
    await must(install(script, root));
    const [kept = ''] = listed(root).filter((name) => name.includes('before-lookaside'));
    assert.match(kept, /policy\.json\.before-lookaside-\d{8}T\d{6}Z$/);
    assert.equal(readFileSync(join(root, kept), 'utf8'), 'the former one');
    const mode = (name: string) => statSync(join(root, CONTAINERS, name)).mode & 0o777;
    assert.equal(mode('registries.d/lookaside.yaml'), 0o600);
    assert.equal(mode('policy.json'), 0o644);
  });

  await t.test('touches nothing where another file says something about the registry', async () => {
    const script = await scriptOf();
    for (const key of [`${host}:`, `"${host}":`, `'${host}' :`]) {
      const root = tempDir(t);
      mkdirSync(join(root, CONTAINERS, 'registries.d'), { recursive: true });
      writeFileSync(join(root, CONTAINERS, 'registries.d/other.yaml'), `docker:\n  ${key}\n    lookaside: file:///x\n`);
      const { code, stderr } = await install(script, root);
      assert.equal(code, 1, key);
      assert.match(stderr, /nothing was changed: .*other\.yaml says something about/);
      assert.deepEqual(listed(root), [`${CONTAINERS}/registries.d/other.yaml`]);
    }
  });

  await t.test('leaves a place for the token where none was given', async () => {
    const { files, notes } = await generate('registries.d');
    assert.match(files[0]?.content ?? '', /http:\/\/lookaside:TOKEN@127/);
    assert.match(notes.join('\n'), /in whose place TOKEN stands/);
    for (const kind of ['machine-config', 'portieris'] as const)
      await assert.rejects(generate(kind), { code: 'REQUEST_INVALID', message: /needs a token/ });
  });
});

test('generated configuration names a token only where reading needs one', async (t) => {
  const settings = { LOOKASIDE_READ_ACCESS: 'token', LOOKASIDE_PUBLIC_SCOPES: 'quay.io,docker.io/library' };
  const server = await testServer(t, settings);
  await server.registerKeys('rsa2048');
  const generate = generatorOf(server);
  const places = (...names: string[]) => names.map(parsePlace);
  const { files, notes } = await generate('registries.d', {
    registries: places('quay.io', 'docker.io', 'docker.io/library'),
    mirrors: [parseMirror('mirror.io=quay.io/acme')],
  });
  assert.deepEqual(
    [...(files[0]?.content ?? '').matchAll(/^ {2}(\S+):\n.*?(TOKEN@|\/\/127)/gm)].map(
      ([, name, where]) => `${name} ${where}`,
    ),
    ['docker.io TOKEN@', 'docker.io/library //127', 'mirror.io //127', 'quay.io //127'],
  );
  assert.equal(files[0]?.mode, 0o600);
  assert.match(notes.join(), /TOKEN/);
  const open = await generate('machine-config', { registries: places('quay.io') });
  assert.equal(open.files[0]?.mode, 0o644);
});

test('generated configuration of public scopes needs no token, though their registry does', async (t) => {
  const settings = {
    LOOKASIDE_READ_ACCESS: 'token',
    LOOKASIDE_PUBLIC_SCOPES: 'quay.io/acme,docker.io/library,ghcr.io',
  };
  const server = await testServer(t, settings);
  const keyFile = fixture('keys/rsa2048.asc');
  const generate = generatorOf(server);
  const sectionsOf = async (...scopes: readonly string[]) => {
    await server.local.keys.register(keyFile, { scopes: scopes.map(parseScope) }, LOCAL);
    const { files, notes } = await generate('registries.d');
    const { docker } = parse(files[0]?.content ?? '') as { docker: Record<string, { lookaside: string }> };
    const isOpen = notes.length === 0 && files[0]?.mode === 0o644;
    assert.equal(isOpen, !JSON.stringify(docker).includes('TOKEN@'));
    return [isOpen, ...Object.keys(docker)];
  };
  const sections: readonly [what: string, scopes: readonly string[], isOpen: boolean, places: readonly string[]][] = [
    [
      'a place for each',
      ['quay.io/acme', 'docker.io/library/nginx'],
      true,
      ['docker.io/library/nginx', 'quay.io/acme'],
    ],
    ['none for what another one covers', ['quay.io/acme', 'quay.io/acme/app'], true, ['quay.io/acme']],
    ['the registry, where all of it is public', ['ghcr.io/acme'], true, ['ghcr.io']],
    ['the registry, where one of them is not', ['quay.io/acme', 'quay.io/other'], false, ['quay.io']],
    ['the registry, where a wildcard covers it', ['reg.io/a', '*.io', 'quay.io/acme'], false, ['quay.io', 'reg.io']],
  ];
  for (const [what, scopes, isOpen, places] of sections)
    await t.test(`has ${what}`, async () => assert.deepEqual(await sectionsOf(...scopes), [isOpen, ...places]));

  await t.test('is made for the scopes that were asked for alone', async () => {
    await server.local.keys.register(keyFile, { scopes: [parseScope('quay.io')] }, LOCAL);
    for (const kind of ['installer', 'machine-config', 'portieris'] as const) {
      const { files, notes } = await generate(kind, { scopes: [parseScope('quay.io/acme')] });
      assert.doesNotMatch(notes.join(), /token/);
      assert.doesNotMatch(files[0]?.content ?? '', /TOKEN/);
      if (kind !== 'installer') await assert.rejects(generate(kind), /needs a token/);
    }
  });
});
