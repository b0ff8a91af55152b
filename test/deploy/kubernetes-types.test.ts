// The manifests have the members of Kubernetes and no others: the compiler holds each against its type, where a member
// that is misspelt or at the wrong depth is an excess property. `kubectl apply` would drop some of them with a warning.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tempDir } from '../support/temp-dir.ts';
import { KUBERNETES, ROOT, type Tree } from './manifests.ts';

/** Kind → module of its type. Kinds of operators have none; other tests look into them. */
const TYPES: Record<string, string> = {
  Namespace: 'core/v1',
  Service: 'core/v1',
  PersistentVolumeClaim: 'core/v1',
  StatefulSet: 'apps/v1',
  CronJob: 'batch/v1',
  Ingress: 'networking/v1',
  NetworkPolicy: 'networking/v1',
  PodDisruptionBudget: 'policy/v1',
};
const OF_OPERATORS = ['ServiceMonitor', 'PrometheusRule', 'Route'];

/** What the compiler says of them, a line each. */
function complaints(t: TestContext, bodies: readonly Tree[]): string[] {
  const folder = tempDir(t);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/kubernetes-types'), join(folder, 'node_modules/kubernetes-types'));
  const lines = bodies.map((body, index) => {
    const type = `import('kubernetes-types/${TYPES[body.kind]}').${body.kind}`;
    return `export const of${index}: ${type} = ${JSON.stringify(body)};`;
  });
  writeFileSync(join(folder, 'manifests.ts'), `${lines.join('\n')}\n`);
  const compilerOptions = { module: 'preserve', moduleResolution: 'bundler', strict: true, noEmit: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['manifests.ts'] }));
  const { status, stdout, stderr } = spawnSync(
    join(ROOT, 'node_modules/.bin/tsc'),
    ['-p', folder, '--pretty', 'false'],
    {
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  assert.ok(status === 0 || stdout.includes('error TS'), stderr);
  return stdout.split('\n').filter((line) => line.includes('error TS'));
}

test('every manifest', async (t) => {
  const known = KUBERNETES.filter(({ kind }) => TYPES[kind]);
  await t.test('is of a kind that is looked at', () => {
    const others = new Set(KUBERNETES.map(({ kind }) => kind).filter((kind) => !TYPES[kind]));
    assert.deepEqual([...others].sort(), [...OF_OPERATORS].sort());
  });
  await t.test('says the version of the API that its type is from', () => {
    for (const { file, kind, body } of known) {
      const module = body.apiVersion === 'v1' ? 'core/v1' : body.apiVersion.replace('.k8s.io/', '/');
      assert.equal(module, TYPES[kind], file);
    }
  });
  await t.test('has members of Kubernetes and no others', (t) => {
    assert.deepEqual(
      complaints(
        t,
        known.map(({ body }) => body),
      ),
      [],
    );
  });
  await t.test('would be refused with a member misspelt deep inside', (t) => {
    const spoilt = structuredClone(known.find(({ kind }) => kind === 'StatefulSet')?.body);
    const [container] = spoilt.spec.template.spec.containers;
    container.readynessProbe = container.readinessProbe;
    assert.match(complaints(t, [spoilt]).join('\n'), /readynessProbe/);
  });
});
