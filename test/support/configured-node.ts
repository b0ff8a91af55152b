// A machine that was given generated files, as an admin would copy them, and nothing else.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ConfigKind, Wishes } from '../../server/domain/client-config.ts';
import type { Generated } from '../../server/services/client-config/client-config.ts';
import { createNode, type Node } from './policy-node.ts';
import { LOCAL, type TestServer } from './server.ts';
import { tempDir } from './temp-dir.ts';

type Texts = {
  readonly registriesD: string;
  readonly policy: string;
  /** registries.conf; registries of tests speak plain HTTP. */
  readonly conf: string;
};

export function configuredNode(t: Pick<TestContext, 'after'>, { registriesD, policy, conf }: Texts): Node {
  const home = tempDir(t);
  const dir = join(home, '.config/containers');
  mkdirSync(join(dir, 'registries.d'), { recursive: true });
  writeFileSync(join(dir, 'registries.d/lookaside.yaml'), registriesD);
  writeFileSync(join(dir, 'policy.json'), policy);
  writeFileSync(join(dir, 'registries.conf'), conf);
  return createNode(t, { registries: {} }, { HOME: home, CONTAINERS_REGISTRIES_CONF: join(dir, 'registries.conf') });
}

export function insecure(host: string): string {
  return `[[registry]]\nlocation = "${host}"\ninsecure = true\n`;
}

export type Generate = (kind: ConfigKind, wishes?: Wishes) => Promise<Generated>;

/** With the address of the server, as settings would give it. */
export function generatorOf({ url, local }: Pick<TestServer, 'url' | 'local'>): Generate {
  return (kind, wishes = {}) => local.clientConfig.generate(kind, takesUrl(kind) ? { url, ...wishes } : wishes, LOCAL);
}

const takesUrl = (kind: ConfigKind) => !['policy', 'keyring', 'signature-configmaps', 'crio-namespaces'].includes(kind);

/** The text of the file that is called so. */
export function fileOf({ files }: Generated, name: string): string {
  const found = files.find(({ path }) => basename(path) === name);
  if (!found) throw new Error(`no ${name} among ${files.map(({ path }) => path)}`);
  return found.content;
}
