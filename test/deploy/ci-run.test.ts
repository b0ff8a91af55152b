// The templates in deploy/ci at work: their own shell, with the real skopeo, buildah and gpg, against a registry and a store,
// as a trusted pipeline without a token; and nodes that refuse everything that is not signed.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { githubRunner } from '../support/github-runner.ts';
import { type Exit, must, runTool } from '../support/processes.ts';
import { SCENE_TOOLS } from '../support/registry-scene.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { type CiScene, ciScene, filledIn } from './ci-scene.ts';
import { ACTION, stepOf, TASKS } from './ci-templates.ts';
import type { Tree } from './manifests.ts';

const REFUSED = /A signature was required, but no signature exists/;

/** Done and nothing secret in the log of the job, which is read by many. */
async function done(step: Promise<Exit>): Promise<Exit> {
  const exit = await must(step);
  assert.doesNotMatch(exit.stdout + exit.stderr, /eyJ|lks_|PRIVATE/);
  return exit;
}

async function pushed(scene: CiScene, name: string): Promise<{ tagged: string; pinned: string }> {
  const tagged = scene.image(`${name}:v1`);
  await scene.publish(tagged, { key: null });
  assert.match((await scene.puller().podmanPull(tagged)).stderr, REFUSED);
  return { tagged, pinned: `${tagged}@${scene.layout.imageDigest}` };
}

async function github(t: TestContext, scene: CiScene): Promise<void> {
  const { tagged, pinned } = await pushed(scene, 'github');
  const runner = await githubRunner(t, () => scene.idToken());
  const { shell, script } = stepOf('GitHub, Sign and push');
  const { env } = ACTION.runs.steps.find(({ name }: Tree) => name === 'Sign and push');
  const sign = (given: Record<string, string>) => {
    const defaults = Object.entries<Tree>(ACTION.inputs).map(([name, input]) => [name, input.default ?? '']);
    const inputs = { ...Object.fromEntries(defaults), image: pinned, server: scene.server.url, ...given };
    const values = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, String(value)]));
    const filled = Object.entries<string>(env).map(([name, value]) => [name, filledIn(value, values)]);
    return scene.step(shell, script, { ...runner.env, ...Object.fromEntries(filled) });
  };
  await t.test('with a key of its secrets', async () => {
    const { stdout } = await done(sign({ key: scene.privateKey }));
    assert.equal(stdout, '1 stored, 0 already there, 0 refused\n');
    await must(scene.puller().podmanPull(tagged));
  });
  await t.test('and says what is wrong where a secret is empty, as in a fork', async () => {
    const { code, stderr } = await sign({ 'sign-by': scene.key.fingerprint });
    assert.equal(code, 1);
    assert.match(stderr, /\(SIGNING_KEY_UNAVAILABLE\)/);
  });
  await t.test('and puts no input into its shell', async () => {
    const mark = join(tempDir(t), 'mark');
    const evil = `x'"; touch ${mark}; $(touch ${mark}) \`touch ${mark}\``;
    const inputs = { image: evil, 'sign-by': evil, publisher: evil, passphrase: evil, key: evil };
    assert.notEqual((await sign(inputs)).code, 0);
    assert.equal(existsSync(mark), false);
  });
}

async function gitlab(scene: CiScene): Promise<void> {
  const { tagged, pinned } = await pushed(scene, 'gitlab');
  const { shell, script } = stepOf('GitLab');
  const job = (env: Environment) =>
    scene.step(shell, script, { IMAGE: pinned, LOOKASIDE_ID_TOKEN: scene.idToken(), GITLAB_CI: 'true', ...env });
  const { code, stderr } = await job({});
  assert.notEqual(code, 0);
  assert.match(stderr, /SIGNING_KEY: is not set: protected variables/);
  const { stdout } = await done(job({ SIGNING_KEY: scene.file(scene.privateKey) }));
  assert.equal(stdout, '1 stored, 0 already there, 0 refused\n');
  await must(scene.puller().podmanPull(tagged));
}

async function jenkins(scene: CiScene): Promise<void> {
  const { tagged, pinned } = await pushed(scene, 'jenkins');
  const { shell, script } = stepOf('Jenkins');
  const files = { SIGNING_KEY: scene.file(scene.privateKey), SIGNING_PASSPHRASE: scene.file('\n') };
  await done(scene.step(shell, script, { IMAGE: pinned, LOOKASIDE_TOKEN: scene.token, ...files }));
  await must(scene.puller().podmanPull(tagged));
}

/** The steps of a task one after the other, each with its own environment; what a pod mounts is in `mounts`. */
async function runTask(scene: CiScene, task: Tree, given: Record<string, string>, mounts: Environment) {
  const results = scene.file('');
  const values: Record<string, string> = { 'results.digest.path': results, 'workspaces.registry-credentials.path': '' };
  for (const { name, default: fallback } of task.spec.params)
    values[`params.${name}`] = given[name] ?? fallback ?? 'not used here';
  for (const { name, env } of task.spec.steps) {
    const own = env.map((each: Tree) => [each.name, mounts[each.name] ?? filledIn(each.value, values)]);
    const { shell, script } = stepOf(`${task.metadata.name}, ${name}`);
    await done(scene.step(shell, `cd ${given.source ?? '.'}\n${script}`, Object.fromEntries(own)));
  }
  return readFileSync(results, 'utf8').trim();
}

const task = (name: string) => TASKS.find(({ metadata }) => metadata.name === name);

function secret(t: TestContext, scene: CiScene): string {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'key'), scene.privateKey);
  return dir;
}

async function copied(t: TestContext, scene: CiScene): Promise<void> {
  const [from, to] = [scene.image('internal:v1'), scene.image('released:v1')];
  await must(scene.signer.skopeo('copy', '--quiet', '--all', scene.layout.index, `docker://${from}`));
  const mounts = {
    STAGING: tempDir(t),
    SIGNING: secret(t, scene),
    LOOKASIDE_SERVER: scene.server.url,
    LOOKASIDE_ID_TOKEN_FILE: scene.file(scene.idToken()),
  };
  const params = { from, to, 'sign-by': scene.key.fingerprint };
  const digest = await runTask(scene, task('lookaside-copy-sign-push'), params, mounts);
  assert.equal(digest, scene.layout.indexDigest);
  const node = scene.puller();
  for (const arch of ['amd64', 'arm64']) await must(node.podmanPull(to, '--arch', arch));
  await must(node.skopeoPull(to, '--all'));
  assert.match((await node.podmanPull(from)).stderr, REFUSED);
}

async function built(t: TestContext, scene: CiScene): Promise<void> {
  const image = scene.image('built:v1');
  const source = tempDir(t);
  mkdirSync(join(source, 'app'));
  writeFileSync(join(source, 'app/hello'), 'hello');
  writeFileSync(join(source, 'Dockerfile'), 'FROM scratch\nCOPY app /\n');
  const mounts = {
    STORAGE: tempDir(t),
    SIGNING: secret(t, scene),
    LOOKASIDE_SERVER: scene.server.url,
    LOOKASIDE_ID_TOKEN_FILE: scene.file(scene.idToken()),
  };
  const digest = await runTask(scene, task('lookaside-build-sign-push'), { image, source }, mounts);
  const node = scene.puller();
  await must(node.podmanPull(image));
  await must(node.podmanPull(`${scene.image('built')}@${digest}`));

  await t.test('and buildah signs by itself while it pushes', async () => {
    const again = scene.image('signed-by-buildah:v1');
    const storage = ['--root', join(mounts.STORAGE, 'storage'), '--storage-driver', 'vfs'];
    const push = ['push', '--quiet', '--sign-by', scene.key.fingerprint, image, `docker://${again}`];
    await must(runTool('buildah', [...storage, ...push], { env: scene.signer.environment }));
    await must(scene.upload());
    await must(node.podmanPull(again));
  });
}

test('a template', needs(...SCENE_TOOLS, 'openssl', 'buildah'), async (t) => {
  const scene = await ciScene(t);
  await t.test('for GitHub signs what a job has pushed', (t) => github(t, scene));
  await t.test('for GitLab signs what a pipeline has pushed', () => gitlab(scene));
  await t.test('for Jenkins signs with a token', () => jenkins(scene));
  await t.test('for Tekton copies, and signs on the way', (t) => copied(t, scene));
  await t.test('for Tekton builds, and signs what it has built', (t) => built(t, scene));
});
