// A machine with skopeo and podman: one that pulls under a policy, or one that signs into a staging directory. All
// state is below temporary directories; nothing of the tester's own containers configuration is read.
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { type ContainersHome, containersHome } from './policy.ts';
import { type Exit, runTool } from './processes.ts';
import { tempDir } from './temp-dir.ts';

export type Node = {
  /** For whatever else runs there. */
  readonly environment: Environment;
  readonly skopeo: (...args: readonly string[]) => Promise<Exit>;
  readonly podman: (...args: readonly string[]) => Promise<Exit>;
  /** `skopeo copy` of an image into a directory, signatures and all; `options` such as `--all`. */
  readonly skopeoPull: (reference: string, ...options: readonly string[]) => Promise<Exit & { readonly dir: string }>;
  readonly podmanPull: (reference: string, ...options: readonly string[]) => Promise<Exit>;
};

export function createNode(t: Pick<TestContext, 'after'>, home: ContainersHome, env: Environment = {}): Node {
  const dir = containersHome(t, home);
  const environment = {
    HOME: dir,
    XDG_RUNTIME_DIR: dir,
    CONTAINERS_CONF: '/dev/null',
    CONTAINERS_REGISTRIES_CONF: join(dir, '.config/containers/registries.conf'),
    ...env,
  };
  const skopeo = (...args: readonly string[]) => runTool('skopeo', args, { env: environment });
  // vfs, cgroupfs and no event log: what works as root in a container and as nobody in particular.
  const storage = ['--root', join(dir, 'storage'), '--runroot', join(dir, 'run'), '--tmpdir', join(dir, 'libpod')];
  const podman = (...args: readonly string[]) =>
    runTool(
      'podman',
      [...storage, '--storage-driver=vfs', '--cgroup-manager=cgroupfs', '--events-backend=none', ...args],
      { env: environment },
    );
  return {
    environment,
    skopeo,
    podman,
    async skopeoPull(reference, ...options) {
      const target = tempDir(t);
      // --override-arch and its like belong to skopeo itself, before the command.
      const general = options.filter((option) => option.startsWith('--override-'));
      const copy = [
        'copy',
        '--quiet',
        '--src-tls-verify=false',
        ...options.filter((option) => !general.includes(option)),
      ];
      return { ...(await skopeo(...general, ...copy, `docker://${reference}`, `dir:${target}`)), dir: target };
    },
    podmanPull: (reference, ...options) => podman('pull', '--quiet', ...options, reference),
  };
}
