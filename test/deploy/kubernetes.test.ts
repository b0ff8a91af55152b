// The manifests fit together, and hold what the store needs of a cluster. Their members are held against Kubernetes in
// kubernetes-types.test.ts.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { loadConfig } from '../../server/config.ts';
import { tempDir } from '../support/temp-dir.ts';
import { KUBERNETES, ROOT, read, resource, type Tree, yaml } from './manifests.ts';

const store = resource('StatefulSet');
const pod = store.spec.template;
const backup = resource('CronJob', 'lookaside-backup').spec.jobTemplate.spec.template;
const PODS: Record<string, Tree> = { store: pod, backup };
const [container] = pod.spec.containers;

const selects = (selector: object, labels: Tree) =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

test('a selector', async (t) => {
  const { labels } = pod.metadata;
  await t.test('of the store finds its pod, and not that of the backup', () => {
    const selectors = [
      store.spec.selector.matchLabels,
      resource('Service').spec.selector,
      resource('Service', 'lookaside-metrics').spec.selector,
      resource('PodDisruptionBudget').spec.selector.matchLabels,
      resource('NetworkPolicy').spec.podSelector.matchLabels,
      ...backup.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution.map(
        (term: Tree) => term.labelSelector.matchLabels,
      ),
    ];
    for (const selector of selectors)
      assert.deepEqual([selects(selector, labels), selects(selector, backup.metadata.labels)], [true, false]);
  });
  await t.test('of the monitor finds the Service of the metrics alone', () => {
    const { selector, endpoints } = resource('ServiceMonitor').spec;
    const found = KUBERNETES.filter(
      ({ kind, body }) => kind === 'Service' && selects(selector.matchLabels, body.metadata.labels),
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      ['lookaside-metrics'],
    );
    assert.equal(endpoints[0].port, found[0]?.body.spec.ports[0].name);
  });
});

test('a port', async (t) => {
  const named: Record<string, number> = Object.fromEntries(
    container.ports.map(({ name, containerPort }: Tree) => [name, containerPort]),
  );
  await t.test('of the pod is one that the server listens on by default', () => {
    const { port, metricsPort } = loadConfig({});
    assert.deepEqual(named, { http: port, metrics: metricsPort });
  });
  await t.test('of everything else is named as in the pod', () => {
    const policy = resource('NetworkPolicy').spec.ingress.flatMap(({ ports }: Tree) =>
      ports.map(({ port }: Tree) => port),
    );
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => container[name].httpGet.port);
    const targets = ['lookaside', 'lookaside-metrics'].map(
      (name) => resource('Service', name).spec.ports[0].targetPort,
    );
    for (const port of [...policy, ...probes, ...targets]) assert.ok(port in named, port);
    const [path] = resource('Ingress').spec.rules[0].http.paths;
    assert.equal(path.backend.service.port.name, resource('Service').spec.ports[0].name);
    assert.equal(resource('Route').spec.port.targetPort, 'http');
  });
});

test('a pod', async (t) => {
  for (const [name, { spec }] of Object.entries(PODS)) {
    const [only] = spec.containers;
    await t.test(`of the ${name} mounts the volumes it has, and where the image expects them`, () => {
      const volumes = new Set(spec.volumes.map((volume: Tree) => volume.name));
      if (name === 'store') for (const { metadata } of store.spec.volumeClaimTemplates) volumes.add(metadata.name);
      assert.deepEqual(new Set(only.volumeMounts.map((mount: Tree) => mount.name)), volumes);
      assert.ok(only.volumeMounts.some(({ mountPath }: Tree) => mountPath === '/data'));
      assert.match(read('Dockerfile'), /LOOKASIDE_DATA_DIR=\/data\n/);
    });
    await t.test(`of the ${name} is confined as the namespace demands`, () => {
      assert.equal(resource('Namespace').metadata.labels['pod-security.kubernetes.io/enforce'], 'restricted');
      const { runAsNonRoot, runAsUser, seccompProfile } = spec.securityContext;
      assert.deepEqual([runAsNonRoot, seccompProfile.type], [true, 'RuntimeDefault']);
      assert.match(read('Dockerfile'), new RegExp(`^USER ${runAsUser}:0$`, 'm'));
      assert.deepEqual(only.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      assert.equal(spec.automountServiceAccountToken, false);
    });
    await t.test(`of the ${name} is not given settings by a Service of the same name`, () => {
      assert.equal(spec.enableServiceLinks, false);
      assert.throws(() => loadConfig({ LOOKASIDE_SERVICE_HOST: '10.0.0.1' }), { code: 'CONFIG_INVALID' });
    });
  }
  await t.test('of the store stays in its Service while it can only read', () => {
    assert.equal(container.readinessProbe.httpGet.path, '/livez');
  });
  await t.test('of the store is the only one on its volume, which outlives it', () => {
    assert.equal(store.spec.replicas, 1);
    assert.equal(store.spec.persistentVolumeClaimRetentionPolicy.whenDeleted, 'Retain');
    const claims = backup.spec.volumes.map((volume: Tree) => volume.persistentVolumeClaim?.claimName);
    assert.ok(claims.includes(`${store.spec.volumeClaimTemplates[0].metadata.name}-${store.metadata.name}-0`));
  });
});

test('every setting of the ConfigMap is one that the program takes', () => {
  const generators = ['base', 'example'].map(
    (name) => yaml(`deploy/kubernetes/${name}/kustomization.yaml`).configMapGenerator[0],
  );
  const pairs = generators.flatMap(({ literals }) => literals.map((pair: string) => pair.split(/=(.*)/s).slice(0, 2)));
  loadConfig(Object.fromEntries(pairs));
  for (const { spec } of Object.values(PODS))
    assert.equal(spec.containers[0].envFrom[0].configMapRef.name, 'lookaside');
});

/** No Debian package has a kubectl that knows components, so these are skipped where it is not. */
const kubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0 ? {} : { skip: 'not installed: kubectl' };

function kustomize(t: TestContext, change: (text: string) => string = (text) => text): Tree[] {
  const folder = tempDir(t);
  cpSync(join(ROOT, 'deploy/kubernetes'), folder, { recursive: true });
  writeFileSync(
    join(folder, 'example/kustomization.yaml'),
    change(read('deploy/kubernetes/example/kustomization.yaml')),
  );
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(folder, 'example')], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Tree);
}

test('kustomize', kubectl, async (t) => {
  await t.test('builds the example, with one image for all and everything in one namespace', (t) => {
    const built = kustomize(t);
    const images = JSON.stringify(built).match(/"image":"[^"]*"/g);
    assert.deepEqual(images, Array(2).fill('"image":"registry.example.com/lookaside:0.1.0"'));
    for (const { kind, metadata } of built)
      assert.equal(metadata.namespace, kind === 'Namespace' ? undefined : 'lookaside');
  });
  await t.test('builds it for OpenShift, which chooses the user', (t) => {
    const changed = (text: string) =>
      text
        .replace('  - ../ingress\n', '')
        .replace('  - ../monitoring\n', '  - ../monitoring\n  - ../openshift\n')
        .replace(/^patches:[\s\S]*/m, '');
    const built = kustomize(t, changed);
    assert.doesNotMatch(JSON.stringify(built), /runAsUser|runAsGroup|"fsGroup"/);
    assert.deepEqual(
      built.filter(({ kind }) => kind === 'Route' || kind === 'Ingress').map(({ kind }) => kind),
      ['Route'],
    );
  });
});
