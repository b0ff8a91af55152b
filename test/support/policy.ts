// What an admin puts on a machine that pulls or signs: registries.d and policy.json, in a home directory of its own,
// where skopeo and podman look for both by themselves.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { tempDir } from './temp-dir.ts';

/** One section of registries.d; a base of each kind, under its present or its old name. */
export type RegistriesSection = Partial<
  Record<'lookaside' | 'lookaside-staging' | 'sigstore' | 'sigstore-staging', string>
>;

export type Identity =
  | { readonly type: 'matchExact' | 'matchRepoDigestOrExact' | 'matchRepository' }
  | { readonly type: 'exactReference'; readonly dockerReference: string }
  | { readonly type: 'exactRepository'; readonly dockerRepository: string }
  | { readonly type: 'remapIdentity'; readonly prefix: string; readonly signedPrefix: string };

export type Policy = {
  /** The only key a signature may be of; without one everything is accepted. */
  readonly key?: Uint8Array;
  readonly identity?: Identity;
};

export type ContainersHome = {
  /** Registry, namespace or repository → its section. */
  readonly registries: Readonly<Record<string, RegistriesSection>>;
  /** For all that no section is for, as Portieris writes it. */
  readonly everywhere?: RegistriesSection;
  /** Registry → its mirror, with or without a namespace, which is asked first. */
  readonly mirrors?: Readonly<Record<string, string>>;
  readonly policy?: Policy;
};

/** The new home's path. */
export function containersHome(
  t: Pick<TestContext, 'after'>,
  { registries, everywhere, mirrors = {}, policy = {} }: ContainersHome,
): string {
  const home = tempDir(t);
  const dir = join(home, '.config/containers');
  mkdirSync(join(dir, 'registries.d'), { recursive: true });
  writeFileSync(
    join(dir, 'registries.d/test.yaml'),
    JSON.stringify({ 'default-docker': everywhere, docker: registries }),
  ); // JSON is YAML
  // docker-registry speaks plain HTTP here, and not every command has --tls-verify.
  const hosts = [...Object.keys(registries), ...Object.keys(mirrors)].map((scope) => scope.split('/', 1)[0] as string);
  const insecure = [...new Set(hosts)].map((host) => {
    const own = `[[registry]]\nlocation = "${host}"\ninsecure = true\n`;
    return host in mirrors ? `${own}[[registry.mirror]]\nlocation = "${mirrors[host]}"\ninsecure = true\n` : own;
  });
  writeFileSync(join(dir, 'registries.conf'), insecure.join(''));
  writeFileSync(join(dir, 'policy.json'), JSON.stringify(policyJson(dir, policy)));
  return home;
}

function policyJson(dir: string, { key, identity }: Policy): object {
  if (!key) return { default: [{ type: 'insecureAcceptAnything' }] };
  const keyPath = join(dir, 'policy-key.gpg');
  writeFileSync(keyPath, key);
  const signedBy = { type: 'signedBy', keyType: 'GPGKeys', keyPath, ...(identity ? { signedIdentity: identity } : {}) };
  return { default: [{ type: 'reject' }], transports: { docker: { '': [signedBy] } } };
}
