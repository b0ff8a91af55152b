// All parts of a deployment on one machine: a registry, our server, a machine that signs into a staging directory and
// uploads it with our command line, and as many machines that pull as a test asks for.
import type { TestContext } from 'node:test';
import type { Environment } from '../../server/config.ts';
import { type GpgHome, gpgHome, type PublicKey } from './gpg.ts';
import { type Layout, ociLayout } from './images.ts';
import type { Policy, RegistriesSection } from './policy.ts';
import { createNode, type Node } from './policy-node.ts';
import { type Exit, must, runCli } from './processes.ts';
import { dockerRegistry, type Registry } from './registry.ts';
import { type TestServer, testServer } from './server.ts';
import { tempDir } from './temp-dir.ts';
import type { Tool } from './tools.ts';

export const SCENE_TOOLS: readonly Tool[] = ['gpg', 'skopeo', 'podman', 'docker-registry'];

export type Scene = {
  readonly registry: Registry;
  readonly server: TestServer;
  readonly gpg: GpgHome;
  /** Registered with the server, as is whatever else `registerKeys` is given. */
  readonly key: PublicKey;
  readonly layout: Layout;
  readonly staging: string;
  readonly signer: Node;
  /** What registries.d of a pulling machine names: the store, one base for each registry. */
  readonly base: string;
  /** `<registry>/acme/<name>` */
  image(name: string): string;
  /** Pushes the image with skopeo, signed by the scene's key unless told otherwise. */
  publish(reference: string, options?: PublishOptions): Promise<void>;
  /** `lookaside push` of the staging directory, as a process. */
  upload(...options: readonly string[]): Promise<Exit>;
  /** A machine whose registries.d points at the server, and whose policy demands the key. */
  puller(policy?: Policy, section?: RegistriesSection): Node;
};

export type PublishOptions = {
  /** null: unsigned. */
  readonly key?: PublicKey | null;
  /** The index with all its instances. */
  readonly all?: boolean;
  readonly identity?: string;
};

export async function createScene(t: Pick<TestContext, 'after'>, settings: Environment = {}): Promise<Scene> {
  const gpg = gpgHome(t);
  const [registry, server, key] = await Promise.all([
    dockerRegistry(t),
    testServer(t, settings),
    gpg.generate('release'),
  ]);
  await server.registerKeys(key.publicKey);
  const token = await server.createToken(['upload']);
  const staging = tempDir(t);
  const signing = { registries: { [registry.host]: { 'lookaside-staging': `file://${staging}` } } };
  const signer = createNode(t, signing, gpg.env);
  const layout = ociLayout(t);
  const base = `${server.url}/${registry.host}`;

  return {
    registry,
    server,
    gpg,
    key,
    layout,
    staging,
    signer,
    base,
    image: (name) => `${registry.host}/acme/${name}`,

    async publish(reference, { key: by = key, all = false, identity } = {}) {
      const options = [
        ...(by ? ['--sign-by', by.fingerprint] : []),
        ...(all ? ['--all'] : []),
        ...(identity ? ['--sign-identity', identity] : []),
      ];
      const copy = ['copy', '--quiet', ...options];
      await must(signer.skopeo(...copy, all ? layout.index : layout.image, `docker://${reference}`));
    },

    upload: (...options) =>
      runCli(['push', staging, '--registry', registry.host, ...options], {
        env: { LOOKASIDE_SERVER: server.url, LOOKASIDE_TOKEN: token },
      }),

    puller: (policy = { key: key.publicKey }, section = { lookaside: base }) =>
      createNode(t, { registries: { [registry.host]: section }, policy }),
  };
}
