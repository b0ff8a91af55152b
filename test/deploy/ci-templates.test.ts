// What every template in deploy/ci must be: complete, shell that shells and shellcheck read, and nothing put into shell but
// through the environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { must, run, runTool } from '../support/processes.ts';
import { needs } from '../support/tools.ts';
import { ACTION, GITLAB, JENKINS, STEPS, TASKS } from './ci-templates.ts';
import { read, type Tree } from './manifests.ts';

test('the shell of a template', needs('shellcheck'), async (t) => {
  assert.equal(STEPS.length, 8);
  for (const { name, shell, script } of STEPS)
    await t.test(`of ${name} is shell, and takes nothing but from its environment`, async () => {
      const [program = ''] = shell;
      assert.match(script, /\S/);
      assert.doesNotMatch(script, /\$\{\{|\$\((?:params|workspaces|results|inputs)\b|\$\[\[|set -x/);
      await must(run(program, ['-n'], { input: script }));
      await must(runTool('shellcheck', [`--shell=${program}`, '--exclude=SC1091', '-'], { input: script }));
    });
});

test('the GitHub action', async (t) => {
  await t.test('has what an action must have', () => {
    for (const text of [ACTION.name, ACTION.description]) assert.match(text, /\S/);
    assert.equal(ACTION.runs.using, 'composite');
    for (const step of ACTION.runs.steps) assert.equal(step.shell, 'bash', 'of each `run` of a composite action');
    for (const [name, input] of Object.entries<Tree>(ACTION.inputs)) {
      assert.match(input.description, /\S/, name);
      assert.ok(input.required === true || input.default === '', `${name} is required or has a default`);
    }
  });
  await t.test('uses no other action', () => {
    for (const step of ACTION.runs.steps) assert.equal(step.uses, undefined);
  });
  await t.test('uses each of its inputs, and no others', () => {
    const text = JSON.stringify(ACTION.runs.steps);
    const used = new Set([...text.matchAll(/inputs\.([\w-]+)/g)].map(([, name]) => name));
    assert.deepEqual([...used].sort(), Object.keys(ACTION.inputs).sort());
  });
});

test('the GitLab template is a hidden job with an ID token for the store', () => {
  assert.deepEqual(GITLAB.id_tokens, { LOOKASIDE_ID_TOKEN: { aud: '$LOOKASIDE_SERVER' } });
  for (const line of GITLAB.script) assert.equal(typeof line, 'string');
});

test('the Jenkinsfile leaves its secrets to the shell', () => {
  assert.doesNotMatch(JENKINS, /sh "|"""/, 'Groovy would put values into the script');
});

test('a Tekton task', async (t) => {
  for (const { apiVersion, kind, metadata, spec } of TASKS)
    await t.test(metadata.name, async (t) => {
      assert.deepEqual([apiVersion, kind], ['tekton.dev/v1', 'Task']);
      const text = JSON.stringify(spec.steps) + JSON.stringify(spec.volumes);
      await t.test('uses each of its parameters, and no others', () => {
        const used = new Set([...text.matchAll(/\$\(params\.([\w-]+)\)/g)].map(([, name]) => name));
        assert.deepEqual([...used].sort(), spec.params.map(({ name }: Tree) => name).sort());
      });
      await t.test('mounts volumes that it has, where its environment says they are', () => {
        const volumes = new Set(spec.volumes.map(({ name }: Tree) => name));
        for (const { env, volumeMounts } of spec.steps)
          for (const { name, mountPath } of volumeMounts) {
            assert.ok(volumes.has(name), name);
            assert.ok(
              env.some(({ value }: Tree) => value === mountPath || value.startsWith(`${mountPath}/`)),
              mountPath,
            );
          }
      });
      await t.test('gives the key to one step, which is not the one that builds', () => {
        const holders = spec.steps.filter(({ volumeMounts }: Tree) =>
          volumeMounts.some(({ name }: Tree) => name === 'signing-key'),
        );
        assert.deepEqual(
          holders.map(({ name }: Tree) => /sign/.test(name)),
          [true],
        );
      });
      await t.test('asks for an ID token for the store', () => {
        const volume = spec.volumes.find(({ name }: Tree) => name === 'id-token');
        const [{ serviceAccountToken }] = volume.projected.sources;
        assert.equal(serviceAccountToken.audience, '$(params.server)');
      });
    });
});

test('the image that signs is of the Node.js that the store has', () => {
  const base = (file: string) => /^ARG NODE_IMAGE=(\S+)$/m.exec(read(file))?.[1];
  assert.equal(base('deploy/ci/Containerfile'), base('Dockerfile'));
});
