// The units of systemd and of Podman: systemd reads them without a complaint and finds them confined, and what they name
// is there. deploy/README.md says where they were run.
import assert from 'node:assert/strict';
import { existsSync, globSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../server/config.ts';
import { must, run, runTool } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { ROOT, read } from './manifests.ts';

const UNITS = globSync('deploy/systemd/*', { cwd: ROOT }).sort();
/** What `systemd-analyze security` may say at most; a service without any confinement has 9.6. */
const MOST_EXPOSED = 1.5;

const values = (file: string, key: string) =>
  [...read(file).matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

test('a unit of systemd', needs('systemd-analyze'), async (t) => {
  for (const file of UNITS)
    await t.test(`${basename(file)} has nothing that systemd complains of`, async (t) => {
      const folder = tempDir(t);
      // It looks whether programs are there, and they are here.
      for (const unit of UNITS)
        writeFileSync(join(folder, basename(unit)), read(unit).replaceAll('/opt/lookaside/', ROOT));
      const { code, stdout, stderr } = await runTool('systemd-analyze', ['verify', join(folder, basename(file))]);
      assert.deepEqual([code, stdout, stderr], [0, '', '']);
    });
  for (const file of UNITS.filter((name) => name.endsWith('.service')))
    await t.test(`${basename(file)} is confined`, async () => {
      const args = ['security', '--offline=true', '--no-pager', join(ROOT, file)];
      const { stdout } = await must(runTool('systemd-analyze', args));
      const [, exposure] = /exposure level for \S+: ([0-9.]+)/.exec(stdout) ?? [];
      assert.ok(Number(exposure) <= MOST_EXPOSED, exposure);
    });
});

test('the backup of systemd is made by the user of the store, in the directory of the store', () => {
  const [store, backup] = ['deploy/systemd/lookaside.service', 'deploy/systemd/lookaside-backup.service'] as const;
  for (const key of ['User', 'DynamicUser', 'EnvironmentFile'])
    assert.deepEqual(values(backup, key), values(store, key), key);
  assert.deepEqual(values(backup, 'Environment'), values(store, 'Environment').slice(0, 1));
});

test('the quadlet', async (t) => {
  const file = 'deploy/podman/lookaside.container';
  await t.test('names volumes that are there, and where the image expects them', () => {
    const mounts = values(file, 'Volume').map((volume) => volume.split(':'));
    for (const [volume = ''] of mounts) assert.ok(existsSync(join(ROOT, 'deploy/podman', volume)), volume);
    assert.deepEqual(
      mounts.map(([, path]) => path),
      ['/data', '/backup'],
    );
  });
  await t.test('publishes the ports that the server listens on, to this machine', () => {
    const { port, metricsPort } = loadConfig({});
    const ports = [port, metricsPort].map((each) => `127.0.0.1:${each}:${each}`);
    assert.deepEqual(values(file, 'PublishPort'), ports);
  });
  await t.test('has settings that the program takes', () => {
    const settings = values(file, '#?Environment').map((pair) => pair.split(/=(.*)/s).slice(0, 2));
    assert.equal(settings.length, 2);
    loadConfig(Object.fromEntries(settings));
  });
  await t.test('asks for health as the image does', () => {
    const [, command = ''] = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(read('Dockerfile')) ?? [];
    assert.deepEqual(values(file, 'HealthCmd'), [JSON.parse(command).join(' ')]);
  });
  const generator = ['/usr/libexec/podman/quadlet', '/usr/lib/podman/quadlet'].find((path) => existsSync(path));
  // Debian 12 has a Podman without it.
  const skip = generator ? {} : { skip: 'not installed: the generator of Podman 5' };
  await t.test('becomes a service that runs it', skip, async () => {
    const env = { QUADLET_UNIT_DIRS: join(ROOT, 'deploy/podman') };
    const { stdout } = await must(run(generator ?? '', ['-dryrun'], { env }));
    assert.match(
      stdout,
      /^ExecStart=\S*podman run .*--read-only .*-v lookaside:\/data .*--health-cmd "lookaside health"/m,
    );
  });
});
