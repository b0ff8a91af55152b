// What Portieris makes of its policy and Secrets for one image: a policy of one requirement, and a registries.d of one
// store (docs/protocol.md). The files can be given to any client.
import assert from 'node:assert/strict';
import { must, runTool } from '../support/processes.ts';
import { type Manifest, ofKind } from './manifest-shapes.ts';

const text = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');

export async function asPortieris(manifests: readonly Manifest[], reference: string) {
  const { requirements, storeURL = '', storeSecret } = entryFor(manifests, reference);
  const [requirement] = requirements;
  assert.ok(requirement?.type === 'signedBy');
  const { keySecret, ...rest } = requirement;
  const { key } = secretOf(manifests, keySecret);
  // The first block of armor and no other.
  const { stdoutBytes } = await must(runTool('gpg', ['--batch', '--dearmor'], { input: text(key ?? '') }));
  const { username = '', password = '' } = storeSecret ? secretOf(manifests, storeSecret) : {};
  const sigstore = storeSecret ? storeURL.replace('://', `://${text(username)}:${text(password)}@`) : storeURL;
  const signedBy = { ...rest, keyType: 'GPGKeys', keyData: stdoutBytes.toString('base64') };
  return {
    registriesD: JSON.stringify({ 'default-docker': { sigstore } }),
    policy: JSON.stringify({ default: [{ type: 'reject' }], transports: { docker: { '': [signedBy] } } }),
  };
}

/** The most specific one. */
export function entryFor(manifests: readonly Manifest[], reference: string) {
  const policies = [...ofKind(manifests, 'ImagePolicy'), ...ofKind(manifests, 'ClusterImagePolicy')];
  const repository = reference.replace(/:[^:/]+$/, '');
  const fits = ({ name }: { name: string }) =>
    name.endsWith('/*') ? repository.startsWith(name.slice(0, -1)) : repository === name;
  const found = policies.flatMap(({ spec }) => spec.repositories).filter(fits);
  const [entry] = found.sort((one, other) => other.name.length - one.name.length);
  assert.ok(entry, `no entry for ${reference}`);
  return entry.policy.simple;
}

function secretOf(manifests: readonly Manifest[], name: string): Readonly<Record<string, string>> {
  const found = ofKind(manifests, 'Secret').find(({ metadata }) => metadata.name === name);
  assert.ok(found, `no Secret ${name}`);
  return found.data;
}
